"""The `kepu` command: one file a verb, each with an example in its help.

A verb's file is loaded when it is called, after Django is ready, so `kepu --help` stays quick.
"""

import importlib
import os

import click

VERBS = (
    "init",
    "serve",
    "work",
    "sample",
    "simulate",
    "sheet",
    "notice",
    "round",
    "columns",
    "import",
    "reverse",
    "verify",
    "archive",
    "backup",
    "restore",
    "doctor",
    "staff",
    "bench",
    "manage",
)
# They work where Django cannot start (no site yet, or one that is damaged), or start without waiting for it.
WITHOUT_DJANGO = {"backup", "restore", "doctor", "sample", "serve"}


class Verbs(click.Group):
    """Loads `kepu.config.command.<verb>` and takes its `command`."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Every verb, in the order people need them."""
        return list(VERBS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """The verb called `name`, with Django set up where it needs that; it writes for its owner alone."""
        if name not in VERBS:
            return None
        os.umask(0o077)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kepu.config.settings")
        if name not in WITHOUT_DJANGO:
            importlib.import_module("django").setup()
        command: click.Command = importlib.import_module(f"kepu.config.command.{name}").command
        return command


@click.command(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Run a science-communication campaign: every count and award traceable to evidence."""
