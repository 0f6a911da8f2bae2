"""积分: what time does to points: they expire, and they make levels and badges."""
