"""Questions about clubs; each answer is frozen, each docstring says how many queries it costs."""

from kepu.clubs.reads.belongings import Row, belongings
from kepu.clubs.reads.boards import (
    club_board,
    club_tasks,
    clubs_board,
    clubs_counted_at,
    ranks_people,
    shown_campaign,
)
from kepu.clubs.reads.clubs import (
    club,
    clubs_near,
    members,
    my_clubs,
    refused_club,
    role_in,
)
from kepu.clubs.reads.pictures import club_picture_file, picture_file
from kepu.clubs.reads.posts import (
    club_posts,
    comment_post,
    comments,
    feed,
    my_posts,
    post,
    public_posts,
    waiting_posts,
)
from kepu.clubs.reads.texts import refusal_text
from kepu.clubs.reads.values import (
    Board,
    BoardRow,
    ClubCard,
    ClubHead,
    ClubPlaceRow,
    CommentRow,
    FeedPost,
    MemberRow,
    OfficeClub,
    Picture,
    TaskRow,
)

__all__ = [
    "Board",
    "BoardRow",
    "ClubCard",
    "ClubHead",
    "ClubPlaceRow",
    "CommentRow",
    "FeedPost",
    "MemberRow",
    "OfficeClub",
    "Picture",
    "Row",
    "TaskRow",
    "belongings",
    "club",
    "club_board",
    "club_picture_file",
    "club_posts",
    "club_tasks",
    "clubs_board",
    "clubs_counted_at",
    "clubs_near",
    "comment_post",
    "comments",
    "feed",
    "members",
    "my_clubs",
    "my_posts",
    "picture_file",
    "post",
    "public_posts",
    "ranks_people",
    "refusal_text",
    "refused_club",
    "role_in",
    "shown_campaign",
    "waiting_posts",
]
