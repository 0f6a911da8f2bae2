"""Names say what a thing is; mechanisms that hide who calls whom are not used."""

import ast
import re

from tests.source import fixed_name, functions, modules, name, room, tree

VAGUE_MODULES = {
    *("utils", "util", "helpers", "helper", "common", "managers", "manager", "mixins", "mixin", "misc"),
    *("services", "service", "signals", "handlers", "base", "data", "info", "constants", "types"),
}
VAGUE_CLASS = re.compile(
    r"(Manager|Mixin|Service|Handler|Helper|Util|Utils|Base|Info|Data|Processor|Factory)$"
)
ASK_THE_CLOCK = {"pages", "tasks", "sessions", "admin", "wagtail_hooks"}
ASK_THE_CLOCK_ROOMS = {"config", "api", "intake", "console"}


def test_no_module_has_a_vague_name():
    vague = [
        name(path)
        for path in modules(tests=True)
        if VAGUE_MODULES & {part.removesuffix(".py") for part in path.relative_to(path.parents[2]).parts}
    ]
    assert vague == []


def test_no_class_has_a_vague_name():
    vague = [
        f"{name(path)}: {node.name}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and VAGUE_CLASS.search(node.name)
    ]
    assert vague == []


def test_rooms_do_not_send_signals():
    """The one we listen to is Wagtail's: it tells nobody of its log in another way (decision 0021)."""
    found = [
        f"{name(path)}: {line.strip()}"
        for path in modules()
        if not path.as_posix().endswith("kepu/console/hooks/audit.py")
        for line in path.read_text("utf-8").splitlines()
        if re.search(
            r"django\.(dispatch|db\.models\.signals|core\.signals)|\b(pre|post)_(save|delete)\b", line
        )
    ]
    assert found == []


def test_what_others_may_call_says_what_comes_back():
    silent = []
    for path in modules():
        if tree(path).body and ast.get_docstring(tree(path)) is None:
            silent.append(name(path))
        for node in tree(path).body:
            silent += [f"{name(path)}: {found}" for found in _without_docstring(node)]
    assert silent == []


def _without_docstring(node: ast.stmt) -> list[str]:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name[0] == "_":
        return []
    found = [] if ast.get_docstring(node) else [node.name]
    if isinstance(node, ast.ClassDef):
        methods = (part for part in node.body if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef))
        named = [part for part in methods if part.name[0] != "_" and not _is_override(part)]
        found += [f"{node.name}.{part.name}" for part in named if not ast.get_docstring(part)]
    return found


def _is_override(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Django's and Wagtail's own methods, whose meaning their documentation gives."""
    return node.name in {
        "authenticate",
        "get_context",
        "save",
        "clean",
        "ready",
        "check",
        "serve",
        "get_template",
    }


def test_time_is_passed_in():
    asked = [
        f"{name(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "today", "utcnow", "time"}
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"clock", "datetime", "date", "timezone", "time"}
        and not _may_ask_the_clock(path, node)
    ]
    assert asked == []


def _may_ask_the_clock(path, node: ast.Call) -> bool:
    if name(path) == "src/kepu/kit/clock.py":
        return True
    if node.func.value.id != "clock":
        return False
    return fixed_name(path) in ASK_THE_CLOCK or room(path) in ASK_THE_CLOCK_ROOMS


def test_rules_draw_no_chance():
    drawn = [
        f"{name(path)}:{node.lineno}"
        for path in modules()
        if fixed_name(path) == "rules"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"uuid1", "uuid4", "urandom", "token_hex"}
    ]
    assert drawn == []


def test_nothing_is_imported_inside_a_function():
    hidden = [
        f"{name(path)}:{inner.lineno}"
        for path in modules()
        for node in functions(path)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []
