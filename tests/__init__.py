"""Claims about the whole: the source itself, and the site as people meet it."""
