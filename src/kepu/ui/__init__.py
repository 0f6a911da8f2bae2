"""One look for every page: tokens, parts, icons and charts."""
