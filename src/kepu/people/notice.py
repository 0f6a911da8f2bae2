"""The privacy notice (个人信息处理规则): its text is content, kept in privacy.toml beside this file."""

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its paragraphs; {handler} and {contact} stand for the site's own."""

    heading: str
    paragraphs: tuple[str, ...]


_STORED = tomllib.loads(Path(__file__).with_name("privacy.toml").read_text("utf-8"))
EDITION: str = _STORED["edition"]
SECTIONS = tuple(Section(part["heading"], tuple(part["paragraphs"])) for part in _STORED["sections"])


def sections(handler: str, contact: str) -> list[Section]:
    """The notice with the site's own handler and contact filled in."""

    def filled(text: str) -> str:
        return text.replace("{handler}", handler).replace("{contact}", contact)

    return [Section(part.heading, tuple(map(filled, part.paragraphs))) for part in SECTIONS]
