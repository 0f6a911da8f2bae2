"""What every part of a docx is made of: a line in a named style, its properties, elements of ours."""

import re

from docx.document import Document as DocxDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph as DocxParagraph


def write_line(document: DocxDocument, style: str, said: str = "", justification: str = "") -> DocxParagraph:
    """One more paragraph, in a named style."""
    paragraph = document.add_paragraph(clean(said), style=style)
    if justification:
        set_property(paragraph, "w:jc", {"w:val": justification})
    return paragraph


def set_property(paragraph: DocxParagraph, tag: str, values: dict[str, str]) -> None:
    """The property `tag` of a paragraph is as given."""
    properties = paragraph._p.get_or_add_pPr()
    element = properties.get_or_add_ind() if tag == "w:ind" else properties.get_or_add_jc()
    for name, value in values.items():
        element.set(qn(name), value)


def clean(said: str) -> str:
    """Without the control characters XML has no way to write."""
    return _UNWRITABLE.sub("", said)


_UNWRITABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element_of(text: str) -> BaseOxmlElement:
    """An element of ours; `{ns}` stands where the namespace is declared. Never for text of people."""
    return parse_xml(text.replace("{ns}", nsdecls("w"), 1))
