"""What people type, before it is kept: letters and line ends, no sign that nobody sees."""

import unicodedata


def typed_text(text: str) -> str:
    """The text with plain line ends, without controls, signs of no width and marks that turn its direction.

    They would be lost in one file and shown in another, hide a name, or be refused by the database (NUL).
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = (each for each in lines if each == "\n" or unicodedata.category(each) not in ("Cc", "Cf", "Cs"))
    return "".join(kept).strip()
