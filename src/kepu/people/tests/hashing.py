"""Argon2 as the site uses it, at a cost that tests can afford."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """The same algorithm with the least work."""

    time_cost = 1
    memory_cost = 64
    parallelism = 1
