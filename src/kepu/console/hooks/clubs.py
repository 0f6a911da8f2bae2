"""社团: clubs, what is posted in them, barred words."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from kepu.console.hooks import AbleItem
from kepu.console.pages import barred_words, clubs
from kepu.console.pages import clubs_judging as judging
from kepu.people.rules import Ability


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def urls() -> list[URLPattern]:
    """Addresses under /admin/; Wagtail lets only members of staff in."""
    club, post, comment = "clubs/<id:club>/", "clubs/posts/<id:post>/", "clubs/comments/<id:comment>/"
    word = "clubs/words/<id:word>/"
    return [
        path("clubs/", clubs.clubs_page, name="console_clubs"),
        path("clubs/posts/", judging.posts_page, name="console_posts"),
        path("clubs/posts/stand/", judging.posts_stand_page, name="console_posts_stand"),
        path("clubs/pictures/<id:picture>/", judging.post_picture, name="console_post_picture"),
        path(post, judging.post_page, name="console_post"),
        path(f"{post}judge/", judging.judge_post_page, name="console_post_judge"),
        path(f"{post}author/", judging.post_author_page, name="console_post_author"),
        path("clubs/comments/", judging.comments_page, name="console_comments"),
        path("clubs/comments/stand/", judging.comments_stand_page, name="console_comments_stand"),
        path(comment, judging.comment_page, name="console_comment"),
        path(f"{comment}judge/", judging.judge_comment_page, name="console_comment_judge"),
        path(f"{comment}author/", judging.comment_author_page, name="console_comment_author"),
        path("clubs/words/", barred_words.words_page, name="console_words"),
        path("clubs/words/add/", barred_words.add_page, name="console_words_add"),
        path(f"{word}change/", barred_words.change_page, name="console_word_change"),
        path(f"{word}drop/", barred_words.drop_page, name="console_word_drop"),
        path(club, clubs.club_page, name="console_club"),
        path(f"{club}picture/", clubs.club_picture, name="console_club_picture"),
        path(f"{club}open/", clubs.open_page, name="console_club_open"),
        path(f"{club}refuse/", clubs.refuse_page, name="console_club_refuse"),
        path(f"{club}close/", clubs.close_page, name="console_club_close"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def clubs_item() -> MenuItem:
    """社团."""
    return AbleItem(
        Ability.CLUBS, _("Clubs"), reverse("console_clubs"), name="clubs", icon_name="group", order=125
    )


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def posts_item() -> MenuItem:
    """社团动态与评论."""
    to = reverse("console_posts")
    return AbleItem(Ability.CLUBS, _("Posts to judge"), to, name="club-posts", icon_name="comment", order=126)


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def words_item() -> MenuItem:
    """屏蔽词."""
    to = reverse("console_words")
    return AbleItem(Ability.SITE, _("Barred words"), to, name="barred-words", icon_name="no-view", order=330)
