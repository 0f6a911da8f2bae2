"""Nothing grows past what a person holds in mind."""

from tests.source import files, functions, modules, name

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
PARAMETERS_MAX = 6


def test_a_file_stays_under_its_ceiling():
    counted = {
        name(path): path.read_text("utf-8").count("\n")
        for path in files(".py", ".js", ".css", ".html", ".toml")
        if "migrations" not in path.parts and "vendor" not in path.parts
    }
    assert {path: lines for path, lines in counted.items() if lines > FILE_LINES_MAX} == {}


def test_a_function_fits_a_screen():
    long = {
        f"{name(path)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in modules(tests=True)
        for node in functions(path)
        if node.end_lineno - node.lineno + 1 > FUNCTION_LINES_MAX
    }
    assert long == {}


def test_a_function_takes_six_parameters_at_most():
    wide = {}
    for path in modules():
        for node in functions(path):
            every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            taken = [argument.arg for argument in every if argument.arg not in {"self", "cls"}]
            if len(taken) > PARAMETERS_MAX and not _is_click_command(node):
                wide[f"{name(path)}:{node.lineno} {node.name}"] = taken
    assert wide == {}


def _is_click_command(node) -> bool:
    """A command's parameters are its options; people see them one a line in --help."""
    return any("click" in ast_text for ast_text in map(_dotted, node.decorator_list))


def _dotted(node) -> str:
    while not hasattr(node, "id"):
        node = getattr(node, "func", None) or getattr(node, "value", None)
        if node is None:
            return ""
    return node.id
