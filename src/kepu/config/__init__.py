"""Settings, addresses, entry points: the only room that knows every other."""
