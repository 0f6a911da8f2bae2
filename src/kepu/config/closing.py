"""What of a year is still open, so that its entries stay in the database: told to the operator."""

from collections.abc import Collection, Iterator
from datetime import date, datetime

from kepu.awards import reads as awards
from kepu.awards.labels import STAGES
from kepu.awards.rules import Stage, reached
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Published
from kepu.clubs.models import Like, Post
from kepu.clubs.rules import Credit
from kepu.figures.models import SentFile
from kepu.figures.rules import FileState
from kepu.integrity.models import Cursor as IntegrityCursor
from kepu.integrity.models import Signal
from kepu.integrity.rules import SignalState
from kepu.kit import clock
from kepu.ledger.writes.archiving import Due
from kepu.mall.models import Order
from kepu.mall.rules import WAITING, OrderState
from kepu.points.models import Telling
from kepu.standings.models import Cursor as StandingsCursor

# Objections, reversals and refunds about a year come in the months after it.
MONTHS_AFTER = 6
_OPEN_FILES = (
    *(FileState.READING, FileState.WAITING, FileState.CHECKING, FileState.RENEWING),
    *(FileState.ENTERING, FileState.WITHDRAWING),
)
_OPEN_CREDITS = (Credit.DUE, Credit.OWED, Credit.BACK)


def still_open(year: int, stretches: Collection[Due], now: datetime) -> list[str]:
    """What has to end before the entries of these books up to a year's end may leave the database.

    A sentence each, in Chinese; none when the year is closed. Twelve queries.
    """
    end = clock.start_of(date(year + 1, 1, 1))
    books = [each.book for each in stretches]
    return [
        *_too_early(year, now),
        *_rounds(books, end, now),
        *_orders(books, end),
        *_points(year),
        *_likes(end),
        *_figures(books, end),
        *_followers(stretches),
    ]


def _too_early(year: int, now: datetime) -> Iterator[str]:
    if now < clock.start_of(date(year + 1, 1 + MONTHS_AFTER, 1)):
        yield f"{year} 年过去还不到六个月，最早 {year + 1} 年 {1 + MONTHS_AFTER} 月 1 日可以取出。"


def _rounds(books: Collection[int], end: datetime, now: datetime) -> Iterator[str]:
    """Every campaign that had begun, for entries of earlier years go with those of this one."""
    begun = [each for each in campaigns.published() if each.sheet.opens_at < end and _concerns(each, books)]
    lives = awards.lives([each.sheet.campaign for each in begun])
    waiting = awards.open_objections_of([each.sheet.campaign for each in begun])
    for each in begun:
        if each.sheet.closes_at > now:
            yield f"活动「{each.sheet.title}」还没结束。"
        for round_ in each.sheet.rounds:
            key = (each.sheet.campaign, round_.id)
            stage = lives[key].stage if key in lives else Stage.OPEN
            if not reached(stage, Stage.FINAL):
                yield f"活动「{each.sheet.title}」的「{round_.title}」还没定案（现在：{STAGES[stage]}）。"
            if waiting.get(key):
                yield f"活动「{each.sheet.title}」的「{round_.title}」还有 {waiting[key]} 件异议没有答复。"


def _concerns(published: Published, books: Collection[int]) -> bool:
    within = published.sheet.counts_within
    return any(str(book).startswith(within) or within.startswith(str(book)) for book in books)


def _orders(books: Collection[int], end: datetime) -> Iterator[str]:
    of_the_year = Order.objects.filter(reserved_at__lt=end)
    open_ones = of_the_year.filter(state__in=WAITING, division__in=[str(book) for book in books]).count()
    ended = of_the_year.filter(state__in=[OrderState.CANCELLED, OrderState.RETURNED], book__in=books)
    owed = ended.filter(seq__gt=0, refund_seq=0).count()
    if open_ones:
        yield f"还有 {open_ones} 笔兑换没有办完。"
    if owed:
        yield f"还有 {owed} 笔兑换的积分没有退回。"


def _points(year: int) -> Iterator[str]:
    waiting = Telling.objects.filter(year__lte=year, done_at=None).count()
    if waiting:
        yield f"已预告 {waiting} 人的积分（{year} 年及以前）将到期，还没处理完。"


def _likes(end: datetime) -> Iterator[str]:
    end_ms = clock.milliseconds(end)
    undecided = Signal.objects.filter(first_ms__lt=end_ms, state=SignalState.OPEN).count()
    unfinished = Signal.objects.filter(first_ms__lt=end_ms, left__gt=0).count()
    posts = Post.objects.filter(shown_at__lt=end, credit__in=_OPEN_CREDITS).count()
    likes = Like.objects.filter(liked_at__lt=end, credit__in=_OPEN_CREDITS).count()
    if undecided:
        yield f"还有 {undecided} 条互赞线索没有处理。"
    if unfinished:
        yield f"还有 {unfinished} 条互赞线索的积分没有扣完。"
    if posts or likes:
        yield f"还有 {posts} 条动态、{likes} 个赞没有记完账。"


def _figures(books: Collection[int], end: datetime) -> Iterator[str]:
    last_day = int(f"{clock.day_of(end):%Y%m%d}")
    files = SentFile.objects.filter(first_day__lt=last_day, state__in=_OPEN_FILES)
    waiting = sum(
        any(str(book).startswith(within) or within.startswith(str(book)) for book in books)
        for within in files.values_list("division", flat=True)
    )
    if waiting:
        yield f"还有 {waiting} 份导入数据没有审完。"


def _followers(stretches: Collection[Due]) -> Iterator[str]:
    followers = {"榜单": StandingsCursor, "互赞线索": IntegrityCursor}
    for name, cursor in followers.items():
        reached_ = dict(cursor._default_manager.values_list("book", "seq"))
        behind = [each.book for each in stretches if reached_.get(each.book, 0) < each.last_seq]
        if behind:
            yield f"{name}还没跟上账本（{'、'.join(map(str, behind))}）：请先运行 kepu work --once。"
