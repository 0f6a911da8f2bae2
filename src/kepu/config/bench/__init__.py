"""Measures the write path against its floor and its plain peer, in one run on one machine."""
