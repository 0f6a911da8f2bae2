"""The articles the project itself wrote: one TOML file each in `articles/`, read and checked here."""

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

from kepu.content.rules import Quiz, Reference

AUTHOR = "科普编辑组"
SOURCE = "原创"
DESIGNATED_WEEKS = 12
ANNOUNCEMENT = "天冷烤火要开窗，别让一氧化碳进家门。"
ANNOUNCED = "carbon-monoxide"
TOPICS = (
    ("health", "健康生活"),
    ("farming", "种田养殖"),
    ("disaster", "防灾避险"),
    ("food", "食品安全"),
    ("digital", "数字生活"),
    ("nature", "自然环境"),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """An article as written: `text` in the plain marks of `markup.html_of`."""

    slug: str
    topic: str
    title: str
    summary: str
    cover: str
    text: str
    references: tuple[Reference, ...]
    quizzes: tuple[Quiz, ...]


def samples() -> list[Sample]:
    """The project's own articles, in the order of their file names (`01-blood-pressure.toml`...)."""
    folder = resources.files("kepu.content") / "articles"
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name
    )
    return [_sample(file.name, tomllib.loads(file.read_text("utf-8"))) for file in files]


def _sample(file_name: str, stated: dict[str, Any]) -> Sample:
    slug = file_name.removesuffix(".toml").partition("-")[2]
    return Sample(
        slug=slug,
        topic=stated["topic"],
        title=stated["title"],
        summary=stated["summary"],
        cover=slug,
        text=stated["body"],
        references=tuple(
            Reference(one["title"], one["publisher"], one.get("year", ""), one.get("url", ""))
            for one in stated["references"]
        ),
        quizzes=tuple(
            Quiz(
                one["question"],
                tuple(one["options"]),
                "ABCD".index(one["right"]),
                one["explanation"],
            )
            for one in stated["quizzes"]
        ),
    )
