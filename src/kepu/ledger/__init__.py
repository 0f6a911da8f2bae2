"""The append-only ledger: who did what, what it earned and why, chained and durable."""
