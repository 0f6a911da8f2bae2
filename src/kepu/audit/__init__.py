"""留痕: what members of staff did, when, from where, and what it changed. Written, never changed."""
