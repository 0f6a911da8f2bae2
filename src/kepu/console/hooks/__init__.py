"""Menus and addresses of the back office, one file an area; `wagtail_hooks` brings them in."""

from django.http import HttpRequest
from django.urls import register_converter
from django.urls.converters import IntConverter
from wagtail.admin.menu import MenuItem

from kepu.console.scope import is_able
from kepu.people.rules import Ability


class IdConverter(IntConverter):
    """A row's number, no longer than the database takes: a longer one is no address of ours."""

    regex = "[0-9]{1,15}"


register_converter(IdConverter, "id")


class AbleItem(MenuItem):
    """A line of the menu for those who have an ability somewhere."""

    def __init__(self, ability: Ability, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.ability = ability

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the person's scopes give the ability anywhere. One query a request."""
        return is_able(request, self.ability)
