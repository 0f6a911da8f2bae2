"""Keeping a site: whole backups, restoring them, looking whether all is well."""
