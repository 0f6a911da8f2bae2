"""What people and staff do in clubs: one function a deed."""

from kepu.clubs.writes.boards import count_clubs
from kepu.clubs.writes.clubs import change_club, end_club, found_club
from kepu.clubs.writes.comments import delete_comment, remove_comment, report, write_comment
from kepu.clubs.writes.crediting import catch_up, settle_like, settle_post, settle_soon
from kepu.clubs.writes.forgetting import forget
from kepu.clubs.writes.likes import like_post, unlike_post
from kepu.clubs.writes.members import (
    ban_member,
    hand_over_club,
    join_club,
    leave_club,
    let_in,
    lift_ban,
    mute_member,
    set_role,
    turn_away,
)
from kepu.clubs.writes.posts import (
    approve_post,
    ask_review,
    delete_post,
    pin_post,
    remove_post,
    write_post,
)
from kepu.clubs.writes.tasks import set_task, withdraw_task

__all__ = [
    "approve_post",
    "ask_review",
    "ban_member",
    "catch_up",
    "change_club",
    "count_clubs",
    "delete_comment",
    "delete_post",
    "end_club",
    "forget",
    "found_club",
    "hand_over_club",
    "join_club",
    "leave_club",
    "let_in",
    "lift_ban",
    "like_post",
    "mute_member",
    "pin_post",
    "remove_comment",
    "remove_post",
    "report",
    "set_role",
    "set_task",
    "settle_like",
    "settle_post",
    "settle_soon",
    "turn_away",
    "unlike_post",
    "withdraw_task",
    "write_comment",
    "write_post",
]
