"""What the documents say exists, and what exists is in the documents."""

import importlib
import re
import tomllib

import click
import pytest

from kepu.config import environment
from kepu.config.command import VERBS
from tests.source import ROOT, files, modules, name

COMMANDS = (ROOT / "docs" / "commands.md").read_text("utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
# docs/next.md is about what is not there yet.
DOCUMENTS = {name(path): path.read_text("utf-8") for path in files(".md") if path.name != "next.md"}
DECISIONS = {path: text for path, text in DOCUMENTS.items() if path.startswith("docs/decisions/")}


def commands() -> dict[str, click.Command]:
    """Every verb and what is below it, as people type it: "round evaluate" → its command."""
    found: dict[str, click.Command] = {}

    def add(typed: str, command: click.Command) -> None:
        if isinstance(command, click.Group):
            for word, below in command.commands.items():
                add(f"{typed} {word}", below)
        else:
            found[typed] = command

    for verb in VERBS:
        add(verb, importlib.import_module(f"kepu.config.command.{verb}").command)
    return found


def test_every_command_has_its_paragraph():
    assert re.findall(r"^## kepu (.+)$", COMMANDS, re.MULTILINE) == list(commands())


@pytest.mark.parametrize("typed", commands())
def test_a_command_shows_an_example_and_its_options_are_documented(typed):
    command = commands()[typed]
    assert f"kepu {typed}" in (command.help or "") + (command.epilog or ""), "no example in --help"
    paragraph = re.search(rf"^## kepu {typed}$(.*?)(?=^## |\Z)", COMMANDS, re.MULTILINE | re.DOTALL)[1]
    options = [option.opts[-1] for option in command.params if isinstance(option, click.Option)]
    assert [option for option in options if option not in paragraph] == []
    assert "```" in paragraph


def test_every_setting_stands_in_the_table_as_it_stands_in_the_source():
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", SETTINGS, re.MULTILINE)
    stated = [
        (title, otherwise.strip("`").replace("(empty)", ""), meaning) for title, otherwise, meaning in rows
    ]
    declared = [(setting.name, setting.otherwise, setting.meaning) for setting in environment.SETTINGS]
    assert stated == declared


def test_every_setting_is_used():
    source = "".join(path.read_text("utf-8") for path in modules() if path.name != "environment.py")
    asked = set(re.findall(r'environment\.(?:text|switch|number)\("(\w+)"\)', source)) | {"KEPU_HOME"}
    assert asked == {setting.name for setting in environment.SETTINGS}


def test_what_the_documents_tell_people_to_type_exists():
    targets = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
    typed = commands()
    unknown = []
    for document, text in DOCUMENTS.items():
        code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))
        unknown += [
            f"{document}: make {word}" for word in re.findall(r"\bmake ([a-z]+)", code) if word not in targets
        ]
        for words in re.findall(r"\bkepu ((?:[a-z]+(?:-[a-z]+)* ?)+)", code):
            said = f"{words.strip()} "
            if not any(said.startswith(f"{known} ") or f"{known} ".startswith(said) for known in typed):
                unknown.append(f"{document}: kepu {words}")
    assert unknown == []


def test_what_the_documents_point_at_in_the_source_exists():
    defined = set()
    for path in modules():
        defined |= set(
            re.findall(r"^\s*(?:async )?(?:def|class) (\w+)", path.read_text("utf-8"), re.MULTILINE)
        )
    lost = []
    for document, text in DOCUMENTS.items():
        paths = re.findall(r"`((?:src|tests|docs|tools)/[\w./-]+)`", text)
        lost += [f"{document}: {path}" for path in paths if not (ROOT / path).exists()]
        lost += [f"{document}: {each}()" for each in re.findall(r"`(\w+)\(\)`", text) if each not in defined]
    assert lost == []


def test_links_between_documents_lead_somewhere():
    broken = []
    for document, text in DOCUMENTS.items():
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", text):
            if "://" not in target and not (ROOT / document).parent.joinpath(target).exists():
                broken.append(f"{document} → {target}")
    assert broken == []


def test_decisions_are_numbered_and_complete():
    numbers = [int(re.search(r"/(\d{4})-", path)[1]) for path in DECISIONS if "README" not in path]
    assert numbers == list(range(1, len(numbers) + 1))
    incomplete = [
        path
        for path, text in DECISIONS.items()
        if re.findall(r"^## (.+)$", text, re.MULTILINE)
        != ["Context", "Decision", "Consequences", "What we refused"]
    ]
    assert incomplete == []


def test_no_path_of_somebodys_machine_is_left():
    private = re.compile(
        "/" + "root/|/" + "home/[a-z]+/|/" + r"Users/\w+/|(?<![\w.])/" + r"work/|\.\./" + "shared"
    )
    kinds = (".py", ".md", ".toml", ".html", ".js", ".css", ".po", ".txt", ".sh", ".json", ".svg")
    found = [
        f"{name(path)}: {hit}" for path in files(*kinds) for hit in private.findall(path.read_text("utf-8"))
    ]
    assert found == []


def test_the_version_is_said_once():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)[1]
    assert newest in {project["version"], "Unreleased"}
