"""On which line of a TOML file each of its values stands; `tomllib` does not say."""

import re
from dataclasses import dataclass, field

Path = tuple[str | int, ...]


def lines_of(text: str) -> dict[Path, int]:
    """The line (from 1) of every table, key and array element of `text`, by its path from the root.

    `text` must be valid TOML (`tomllib` has read it). Elements of arrays are numbered from 0, so
    ("rounds", 1, "title") is where `title` of the second [[rounds]] stands. The root is not listed.
    """
    reader = _Reader(text)
    above: Path = ()
    while reader.skip_blank():
        if reader.text[reader.at] == "[":
            above = reader.header()
        else:
            reader.pair(above)
    return reader.lines


def line_of(lines: dict[Path, int], path: Path) -> int:
    """The line of a path, or of the nearest thing around it that has one; 1 for the root."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*'""")
_STRING = re.compile(r'''"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?'{3,5}|"(?:[^"\\]|\\.)*"|'[^']*\'''', re.DOTALL)
_BARE = re.compile(r"[^,\]}#\n]*")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


@dataclass(slots=True)
class _Reader:
    text: str
    at: int = 0
    line: int = 1
    lines: dict[Path, int] = field(default_factory=dict)
    counts: dict[Path, int] = field(default_factory=dict)

    def take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        assert found is not None, f"not TOML at line {self.line}"
        self.at = found.end()
        self.line += found.group().count("\n")
        return found.group()

    def skip_blank(self) -> bool:
        self.take(_BLANK)
        return self.at < len(self.text)

    def step(self, characters: str) -> bool:
        here = self.text.startswith(characters, self.at)
        self.at += len(characters) if here else 0
        return here

    def keys(self) -> list[str]:
        out = []
        while True:
            self.take(_SPACE)
            out.append(_plain(self.take(_KEY)))
            self.take(_SPACE)
            if not self.step("."):
                return out

    def header(self) -> Path:
        many = self.step("[[") or not self.step("[")
        path: Path = ()
        *outer, last = self.keys()
        for key in outer:
            path = self.inside((*path, key))
        path = (*path, last)
        self.lines.setdefault(path, self.line)
        if many:
            self.counts[path] = self.counts.get(path, 0) + 1
            path = self.inside(path)
            self.lines[path] = self.line
        assert self.step("]]" if many else "]")
        return path

    def inside(self, path: Path) -> Path:
        self.lines.setdefault(path, self.line)
        return (*path, self.counts[path] - 1) if path in self.counts else path

    def pair(self, above: Path) -> None:
        path = above
        for key in self.keys():
            path = (*path, key)
            self.lines.setdefault(path, self.line)
        assert self.step("=")
        self.value(path)

    def value(self, path: Path) -> None:
        self.take(_SPACE)
        if self.step("["):
            index = 0
            while self.skip_blank() and not self.step("]"):
                self.lines[*path, index] = self.line
                self.value((*path, index))
                self.skip_blank()
                self.step(",")
                index += 1
        elif self.step("{"):
            while self.skip_blank() and not self.step("}"):
                self.pair(path)
                self.skip_blank()
                self.step(",")
        elif self.text[self.at] in "\"'":
            self.take(_STRING)
        else:
            self.take(_BARE)


def _plain(key: str) -> str:
    if key[0] == "'":
        return key[1:-1]
    return _ESCAPE.sub(_unescaped, key[1:-1]) if key[0] == '"' else key


def _unescaped(found: re.Match[str]) -> str:
    short, long, letter = found.groups()
    code = short or long
    return chr(int(code, 16)) if code else _ESCAPED.get(letter, letter)
