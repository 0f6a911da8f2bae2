"""Accounts, sign-in, certification, units, associations and staff scopes."""
