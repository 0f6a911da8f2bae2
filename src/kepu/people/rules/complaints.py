"""How much a complaint may say, how many a network may send and how long it is kept."""

from datetime import timedelta

COMPLAINT_LENGTH_MAX = 1000
CONTACT_LENGTH_MAX = 80
COMPLAINTS_PER_NETWORK_HOUR_MAX = 5
COMPLAINT_LIFE = timedelta(days=730)
