"""社团: groups of communicators, their posts, comments and likes."""
