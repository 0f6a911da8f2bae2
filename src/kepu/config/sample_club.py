"""A club of the sample: founded, approved by the sample's officer, with members, posts and likes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from kepu.clubs import writes as clubs
from kepu.clubs.rules import ClubDraft, Joining, PostDraft, Posting, Refused, Rule, Showing
from kepu.clubs.writes.judging import open_club
from kepu.content import reads as content

NAME = "插旗田间课堂（示例）"
TEXT = "种田养殖、防灾避险，看到好文章大家一起聊，用得上的办法记下来。"
# What was written, and what the article that goes with it is found by.
POSTS = (
    ("水稻这几天要看虫，早晚各看一次。要打药，先看标签上的安全间隔期。", "农药"),
    ("村里通知这两天有雷雨，晒谷的早点收，别在大树下躲雨。", "雷"),
    ("昨天照文章里的办法给老人量了血压，记在本子上，比凭感觉强。", "血压"),
)
MEMBERS = 8


def load_sample_club(people: Sequence[int], officer: int, division: str, now: datetime) -> None:
    """The club is there, once; nothing where the first of these people may not found one."""
    if not people:
        return
    founder, *others = people[:MEMBERS]
    rule = Rule(Posting.MEMBERS, Showing.AT_ONCE, Joining.OPEN)
    club = clubs.found_club(founder, ClubDraft(NAME, TEXT, division, rule), now)
    if isinstance(club, Refused):
        return
    refused = open_club(club, officer, now)
    assert refused is None, refused
    for person in others:
        clubs.join_club(club, person, now)
    for number, (text, about) in enumerate(POSTS):
        at = now + timedelta(seconds=number)
        draft = PostDraft(text, UUID(int=number + 1), _article(about))
        post = clubs.write_post(club, people[number % len(people)], draft, at)
        if isinstance(post, int):
            for person in others[number:]:
                clubs.like_post(post, person, at)


def _article(about: str) -> int:
    """The article that fits the word best; 0 where none does."""
    found = content.articles(query=about, size=1).rows
    return found[0].id if found else 0
