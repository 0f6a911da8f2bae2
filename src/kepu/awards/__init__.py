"""评选: who is rewarded in a round, and why each person stands where they do."""
