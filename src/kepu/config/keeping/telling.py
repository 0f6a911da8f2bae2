"""How the operator is told: trouble in plain words, and how far long work has come."""

import errno
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
import psycopg

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

_PLAIN = {
    errno.ENOSPC: "磁盘满了。请腾出空间再试",
    errno.EACCES: "没有权限。请用运行网站的那个用户来做",
    errno.EROFS: "这个磁盘是只读的",
    errno.ENOENT: "没有这个文件或文件夹",
}


class Trouble(click.ClickException):
    """What could not be done, why, and what to do: shown as it is, with exit status 1."""


@contextmanager
def told_plainly() -> Iterator[None]:
    """What the disk or the database refuses is `Trouble`."""
    try:
        yield
    except OSError as error:
        said = _PLAIN.get(error.errno or 0, error.strerror or str(error))
        raise Trouble(f"{said}：{error.filename}" if error.filename else said) from error
    except (sqlite3.Error, psycopg.Error) as error:
        raise Trouble(f"数据库：{str(error).strip()}") from error


def progress(label: str, length: int) -> "ProgressBar[int]":
    """A bar on a terminal; nothing where nobody looks (a timer's log)."""
    return click.progressbar(
        length=max(length, 1), label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
    )
