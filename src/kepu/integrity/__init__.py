"""Signals of acts that look arranged, found by following the ledger, and their review."""
