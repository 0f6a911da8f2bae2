"""Ways out of the site, each behind one small protocol."""
