"""Small mechanisms every room may use; no Django here."""
