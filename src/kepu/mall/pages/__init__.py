"""The pages of the mall for communicators."""
