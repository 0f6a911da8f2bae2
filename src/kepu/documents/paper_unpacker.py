"""Reads one docx or PDF and ends: the child behind `reading_papers`, so that time and memory have an end.

A stream of a few kilobytes may unpack to gigabytes, and a broken file may keep a parser busy for ever.
"""

import json
import os
import resource
import sys
from dataclasses import astuple

from kepu.documents.passages import Pile
from kepu.documents.reading_docx import pile_docx
from kepu.documents.reading_pdf import pile_pdf


def main() -> None:
    """Standard input: the file; output as JSON: a trouble's value, or whether it was cut, and passages.

    Arguments: docx or pdf; most seconds of work; most bytes of address space.
    """
    os.nice(5)
    seconds, space = int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pile = Pile()
    trouble = (pile_pdf if sys.argv[1] == "pdf" else pile_docx)(sys.stdin.buffer.read(), pile)
    if trouble is not None:
        json.dump(trouble.value, sys.stdout)
    else:
        json.dump([pile.is_full, [astuple(each) for each in pile.passages]], sys.stdout)


if __name__ == "__main__":
    main()
