"""The hot path: activities and reads go straight to the ledger, without a Django view."""
