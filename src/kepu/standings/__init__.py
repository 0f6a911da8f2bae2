"""Boards, places and unit progress, rebuilt at will from the ledger they follow."""
