"""Addresses of the pages of clubs."""

from django.urls import URLPattern, path

from kepu.clubs.pages import clubs, members, pictures, posts

urlpatterns: list[URLPattern] = [
    path("clubs/", clubs.clubs_page, name="clubs"),
    path("clubs/new/", clubs.new_page, name="new_club"),
    path("clubs/mine/", posts.mine_page, name="my_club_posts"),
    path("clubs/board/", members.board_page, name="clubs_board"),
    path("clubs/<int:club>/", clubs.club_page, name="club"),
    path("clubs/<int:club>/picture.jpg", pictures.club_picture_page, name="club_picture"),
    path("clubs/<int:club>/join/", clubs.join_page, name="join_club"),
    path("clubs/<int:club>/post/", posts.write_page, name="write_club_post"),
    path("clubs/<int:club>/waiting/", posts.waiting_page, name="club_waiting"),
    path("clubs/<int:club>/members/", members.members_page, name="club_members"),
    path("clubs/<int:club>/members/change/", members.member_page, name="club_member"),
    path("clubs/<int:club>/tasks/", members.tasks_page, name="club_tasks"),
    path("clubs/<int:club>/settings/", clubs.settings_page, name="club_settings"),
    path("clubs/<int:club>/end/", clubs.end_page, name="end_club"),
    path("clubs/posts/<int:post>/", posts.post_page, name="club_post"),
    path("clubs/posts/<int:post>/like/", posts.like_page, name="like_club_post"),
    path("clubs/posts/<int:post>/change/", posts.change_page, name="change_club_post"),
    path("clubs/posts/<int:post>/report/", posts.report_page, name="report_club_post"),
    path("clubs/comments/<int:comment>/", posts.comment_page, name="club_comment"),
    path("clubs/pictures/<int:picture>.jpg", pictures.picture_page, name="club_post_picture"),
    path(
        "clubs/pictures/<int:picture>-<slug:size>.jpg", pictures.picture_page, name="club_post_picture_small"
    ),
]
