"""Kepu: a county's science-communication campaign, every count traceable to evidence."""

__version__ = "0.1.0"
