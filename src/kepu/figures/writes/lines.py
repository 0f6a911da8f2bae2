"""A file's lines are written some thousand at a time, so that whoever else writes does not wait for all."""

from collections.abc import Sequence
from itertools import islice

from django.db import transaction

from kepu.figures import reads
from kepu.figures.models import FileLine, SentFile
from kepu.figures.rules import FileState, Line

LINES_AT_ONCE = 1_000
VALUES_AT_ONCE = 500


def put_lines(file: int, lines: Sequence[Line], state: FileState) -> bool:
    """The file's lines of these rows are these, as long as the file is in this state; whether it still is.

    Never inside a transaction: one for each LINES_AT_ONCE rows. Again, or by two workers: as once. While
    it lasts some lines are old and some new, so nobody may decide on a file in this state.
    """
    rest = iter(lines)
    while some := list(islice(rest, LINES_AT_ONCE)):
        rows = [_line_row(file, line) for line in some]
        with transaction.atomic():
            held = SentFile.objects.select_for_update().filter(pk=file, state=state)
            if not held.values_list("pk"):
                return False
            FileLine.objects.filter(file=file, row__in=[line.row for line in some]).delete()
            FileLine.objects.bulk_create(rows, batch_size=VALUES_AT_ONCE)
    return True


def _line_row(file: int, line: Line) -> FileLine:
    kept = {name: getattr(line, name) for name in Line.__slots__}
    return FileLine(file_id=file, **(kept | {"verdict": line.verdict.value, "steps": reads.kept_steps(line)}))
