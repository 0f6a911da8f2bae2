"""Claims about official documents."""
