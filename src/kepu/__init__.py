"""Kepu: a county's science-communication campaign, every count traceable to evidence."""
