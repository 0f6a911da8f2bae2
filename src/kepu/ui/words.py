"""Words of Django's own that our catalogue says more plainly than Django's Chinese does."""

from django.utils.translation import gettext_noop

PLAINER = (
    gettext_noop("This field is required."),
    gettext_noop("Enter a valid value."),
    gettext_noop("Select a valid choice. That choice is not one of the available choices."),
    gettext_noop("This password is too common."),
    gettext_noop("This password is entirely numeric."),
)
