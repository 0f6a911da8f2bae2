"""Plain rows and papers to the bytes of office files and PDF, and back. Knows no campaign and no person."""
