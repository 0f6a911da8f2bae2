"""`kepu manage`: Django's own commands, for developers."""

import click
from django.core.management import execute_from_command_line


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def command(words: tuple[str, ...]) -> None:
    """Run one of Django's own commands, e.g.: kepu manage makemigrations people"""
    execute_from_command_line(["kepu manage", *words])
