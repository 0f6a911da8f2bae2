"""The pages of this room."""

from kepu.awards.pages.rounds import object_page, round_page, why_page

__all__ = ["object_page", "round_page", "why_page"]
