"""What is written in clubs, liked and reported."""

from django.db import models
from django.db.models import Q

from kepu.clubs.models.clubs import Club
from kepu.clubs.rules import (
    COMMENT_CHARS_MAX,
    POST_CHARS_MAX,
    REASON_CHARS_MAX,
    CommentState,
    Credit,
    PostState,
)

OPEN_CREDIT = (int(Credit.DUE), int(Credit.OWED), int(Credit.BACK))


class Post(models.Model):
    """动态. `for_members`: written while the club was for members only, so never public.

    `book`, `seq`: its CLUB_POST entry (0: none); `back_seq`: the correction in the same book that gave that
    entry back when the post was restored, the last one (0: none). `edition` grows where a post that got no
    entry is shown again and asks for one anew, under another event id.
    """

    club = models.ForeignKey(Club, models.CASCADE, related_name="posts", db_index=False)
    author = models.PositiveBigIntegerField()
    text = models.CharField(max_length=POST_CHARS_MAX, blank=True)
    article = models.PositiveBigIntegerField(default=0)
    event_id = models.UUIDField(help_text="made by the form: sent twice it is one post")
    state = models.CharField(max_length=10)
    held = models.CharField(max_length=10, blank=True)
    is_marked = models.BooleanField(
        default=False, help_text="a barred word let it pass, for the staff to see"
    )
    for_members = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, blank=True, help_text="of its folded text")
    posted_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)
    pinned_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.PositiveBigIntegerField(default=0)
    is_by_staff = models.BooleanField(default=False, help_text="judged by staff: managers change it no more")
    reason = models.CharField(max_length=REASON_CHARS_MAX, blank=True)
    review_words = models.CharField(max_length=REASON_CHARS_MAX, blank=True)
    review_asked_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.PositiveBigIntegerField(default=0)
    edition = models.PositiveSmallIntegerField(default=0)
    credit = models.PositiveSmallIntegerField(default=int(Credit.NONE))
    book = models.IntegerField(default=0)
    seq = models.BigIntegerField(default=0)
    back_seq = models.BigIntegerField(default=0)
    restored_by = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint("author", "event_id", name="post_once_an_event"),)
        indexes = (
            models.Index(fields=("club", "state", "-id"), name="posts_of_a_club"),
            models.Index(fields=("author", "-posted_at"), name="posts_of_a_person"),
            models.Index(fields=("id",), condition=Q(credit__in=OPEN_CREDIT), name="posts_to_settle"),
            models.Index(
                fields=("id",),
                condition=Q(state=PostState.HELD.value)
                | Q(is_marked=True)
                | Q(review_asked_at__isnull=False, reviewed_at=None),
                name="posts_to_judge",
            ),
        )

    def __str__(self) -> str:
        return f"#{self.pk} {self.text[:20]}"


class PostPicture(models.Model):
    """A picture of a post: painted anew from what was sent, so without where and when it was taken."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="pictures", db_index=False)
    place = models.PositiveSmallIntegerField()
    token = models.CharField(max_length=40, unique=True, help_text="name of its file, without an ending")
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint("post", "place", name="picture_place_once"),)

    def __str__(self) -> str:
        return f"{self.post_id}/{self.place}"


class PictureSending(models.Model):
    """That somebody sent pictures, whatever became of them; kept for a day, for the pace."""

    account = models.PositiveBigIntegerField()
    sent_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("account", "sent_at"), name="sendings_of_a_person"),)

    def __str__(self) -> str:
        return f"{self.account} {self.sent_at}"


class Like(models.Model):
    """赞. Taken back it stays, so that nothing is earned twice. `seq`: its LIKE, `liked_seq`: the LIKED, or
    the correction that gave it back."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="likes", db_index=False)
    account = models.PositiveBigIntegerField()
    is_on = models.BooleanField(default=True)
    liked_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    credit = models.PositiveSmallIntegerField(default=int(Credit.NONE))
    book = models.IntegerField(default=0)
    seq = models.BigIntegerField(default=0)
    liked_book = models.IntegerField(default=0)
    liked_seq = models.BigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint("post", "account", name="post_liked_once"),)
        indexes = (
            models.Index(fields=("account", "-liked_at"), name="likes_of_a_person"),
            models.Index(fields=("id",), condition=Q(credit__in=OPEN_CREDIT), name="likes_to_settle"),
        )

    def __str__(self) -> str:
        return f"{self.post_id} {self.account}"


class Comment(models.Model):
    """评论, one under another; seen by whoever sees the post."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="comments", db_index=False)
    author = models.PositiveBigIntegerField()
    text = models.CharField(max_length=COMMENT_CHARS_MAX)
    event_id = models.UUIDField()
    state = models.CharField(max_length=10, default=CommentState.SHOWN.value)
    held = models.CharField(max_length=10, blank=True)
    is_marked = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, blank=True)
    posted_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    removed_by = models.PositiveBigIntegerField(default=0)
    is_by_staff = models.BooleanField(default=False)
    reason = models.CharField(max_length=REASON_CHARS_MAX, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint("author", "event_id", name="comment_once_an_event"),)
        indexes = (
            models.Index(fields=("post", "state", "id"), name="comments_of_a_post"),
            models.Index(fields=("author", "-posted_at"), name="comments_of_a_person"),
            models.Index(
                fields=("id",),
                condition=Q(state=CommentState.HELD.value) | Q(is_marked=True),
                name="comments_to_judge",
            ),
        )

    def __str__(self) -> str:
        return f"#{self.pk} {self.text[:20]}"


class Report(models.Model):
    """举报 of a post, or of one of its comments. A judgement closes those that there are."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="reports", db_index=False)
    comment = models.PositiveBigIntegerField(default=0, help_text="0: the post itself")
    account = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=10)
    words = models.CharField(max_length=REASON_CHARS_MAX, blank=True)
    reported_at = models.DateTimeField()
    judged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint("post", "comment", "account", name="reported_once"),)
        indexes = (
            models.Index(fields=("account", "-reported_at"), name="reports_of_a_person"),
            models.Index(fields=("post", "comment"), condition=Q(judged_at=None), name="reports_open"),
        )

    def __str__(self) -> str:
        return f"{self.post_id}/{self.comment} {self.reason}"
