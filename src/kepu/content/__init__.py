"""Articles: popular science that communicators share (Wagtail pages, read as plain values)."""
