"""The administrative tree: a division's code is its path."""
