"""Rule sheets with versions, and the pure judgement of one act."""
