"""The project's own files, for the tests that read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "kepu"
NOT_OURS = {".git", ".venv", "var", "__pycache__", "node_modules", "dist", "build"}


def name(path: Path) -> str:
    """A file as a reader of the repository names it."""
    return path.relative_to(ROOT).as_posix()


def files(*suffixes: str) -> Iterator[Path]:
    """Every file of the repository with one of these suffixes, sorted; nothing built or installed."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        built = any(part in NOT_OURS or part.endswith("_cache") for part in parts)
        if path.is_file() and path.suffix in suffixes and not built:
            yield path


def modules(*, tests: bool = False) -> Iterator[Path]:
    """The package's Python files, migrations left out; tests too when asked for."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).parts
        if "migrations" not in parts and (tests or "tests" not in parts):
            yield path


@cache
def tree(path: Path) -> ast.Module:
    """A Python file, parsed."""
    return ast.parse(path.read_text("utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method in a file, nested ones too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def room(path: Path) -> str:
    """The room a module of the package belongs to ("" for the package's own two files)."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


def fixed_name(path: Path) -> str:
    """What kind of file a module is inside its room: rules, reads, pages, …"""
    parts = path.relative_to(PACKAGE).parts
    return parts[1].removesuffix(".py") if len(parts) > 1 else parts[0]
