"""Django's own app is called `messages` too, so this one's tables carry another label."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """Ways out of the site."""

    name = "kepu.messages"
    label = "kepu_messages"
