"""The public HTTP API under /v1: its names are a contract with every client."""
