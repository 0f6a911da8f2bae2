"""The pages of clubs, for communicators and whoever looks."""
