"""A city that lives through a campaign: seeded people whose acts take the real way into the ledger."""
