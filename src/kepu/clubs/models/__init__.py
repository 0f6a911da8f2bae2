"""The tables of clubs. Accounts, articles and ledger entries stand here by their numbers."""

from kepu.clubs.models.boards import ClubLine, ClubTask, MemberLine
from kepu.clubs.models.clubs import Club, Membership
from kepu.clubs.models.posts import Comment, Like, PictureSending, Post, PostPicture, Report
from kepu.clubs.models.words import BarredWord

__all__ = [
    "BarredWord",
    "Club",
    "ClubLine",
    "ClubTask",
    "Comment",
    "Like",
    "MemberLine",
    "Membership",
    "PictureSending",
    "Post",
    "PostPicture",
    "Report",
]
