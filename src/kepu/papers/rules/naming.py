"""Persons in documents about units: there are none."""

import unicodedata
from collections.abc import Iterable

from kepu.documents.rules.paper import Paper, runs_of
from kepu.papers.rules.values import WITHOUT_PERSONS, Kind

NAME_LETTERS_MIN = 2


def said_in(paper: Paper) -> str:
    """Everything a paper says, for looking words up in it."""
    return "\n".join(_parts(paper))


def persons_in(kind: Kind, paper: Paper, names: Iterable[str], units: Iterable[str]) -> tuple[str, ...]:
    """The names that a document about units says, sorted; always none of the other kinds.

    `units` are the units' own names: a person who is called like a part of one is not meant by it. Blanks,
    line ends and signs that nobody sees do not hide a name.
    """
    if kind not in WITHOUT_PERSONS:
        return ()
    text = "\n".join(_close(part) for part in _parts(paper))
    for unit in sorted(map(_close, units), key=len, reverse=True):
        text = text.replace(unit, "\n")
    known = {name: _close(name) for name in names}
    return tuple(
        sorted(name for name, said in known.items() if len(said) >= NAME_LETTERS_MIN and said in text)
    )


def _parts(paper: Paper) -> tuple[str, ...]:
    """What stands by itself: a name is looked for inside one, not across two."""
    head = (paper.title, paper.addressee, paper.signature, paper.note, paper.copies)
    return (*head, *(run.text for run in runs_of(paper)))


def _close(text: str) -> str:
    """Letters in their common form, without blanks, controls and signs of no width between them."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(each for each in plain if not each.isspace() and unicodedata.category(each)[0] != "C")
