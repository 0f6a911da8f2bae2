"""Articles of the day and the announcement: bounded, set by editors alone, gone when their time is over."""

from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from kepu.content import models, reads, writes
from kepu.content.rules import DESIGNATED_PER_DAY_MAX, Announcement, Days, crowded_day
from kepu.content.tests.test_back_office import DJANGOS, OURS, seen
from kepu.content.tests.written import AT, article, scoped
from kepu.kit.clock import day_of

DAY = date(2021, 6, 21)
COVERED = st.builds(
    lambda first, length: Days(DAY + timedelta(first), DAY + timedelta(first + length)),
    st.integers(0, 12),
    st.integers(0, 6),
)


def designate(page, first: int = 0, last: int | None = None) -> models.Designation:
    """The article is designated from one day after DAY to another, both included."""
    days = [DAY + timedelta(days=day) for day in (first, first if last is None else last)]
    return models.Designation.objects.create(article=page, first_day=days[0], last_day=days[1])


@given(COVERED, st.lists(COVERED, max_size=8))
def test_a_crowded_day_is_the_first_one_that_is_full(wanted, taken):
    days = [wanted.first + timedelta(n) for n in range((wanted.last - wanted.first).days + 1)]
    full = [day for day in days if sum(one.first <= day <= one.last for one in taken) >= 3]
    assert crowded_day(wanted, taken) == (full[0] if full else None)


@pytest.mark.django_db
def test_a_day_has_its_articles_and_no_other(django_assert_num_queries):
    page, long = article("地震来了"), article("山洪来了")
    designate(page)
    designate(long, -3, 3)
    designate(long, 0, 1)
    with django_assert_num_queries(1):
        assert [card.title for card in reads.designated(DAY)] == ["山洪来了", "地震来了"]
    assert [card.title for card in reads.designated(DAY + timedelta(days=3))] == ["山洪来了"]
    assert reads.designated(DAY + timedelta(days=4)) == []


@pytest.mark.django_db
def test_never_more_than_three_and_never_a_withdrawn_one():
    pages = [article(f"文章{place}") for place in range(5)]
    for page in pages:
        designate(page)
    assert len(reads.designated(DAY)) == DESIGNATED_PER_DAY_MAX == 3
    for page in pages[1:]:
        page.unpublish()
    assert [card.id for card in reads.designated(DAY)] == [pages[0].pk]


@pytest.mark.django_db
def test_a_fourth_article_of_a_day_is_refused_with_the_day():
    pages = [article(f"文章{place}") for place in range(4)]
    for page in pages[:3]:
        kept = designate(page, 2, 5)
    kept.full_clean()
    fourth = models.Designation(article=pages[3], first_day=DAY, last_day=DAY + timedelta(days=2))
    with pytest.raises(ValidationError, match="2021-06-23"):
        fourth.full_clean()
    fourth.last_day = DAY - timedelta(days=1)
    with pytest.raises(ValidationError) as refused:
        fourth.full_clean()
    assert list(refused.value.message_dict) == ["last_day"]


@pytest.mark.django_db
def test_the_announcement_is_the_one_that_began_last(django_assert_num_queries):
    def announce(text: str, start: int, end: int) -> None:
        moments = {"shown_from": AT + timedelta(hours=start), "shown_until": AT + timedelta(hours=end)}
        models.Announcement.objects.create(text=text, link="/a/1/", **moments)

    assert reads.announcement(AT) is None
    announce("旧的", -5, 5)
    announce("新的", -1, 1)
    announce("没到的", 2, 3)
    with django_assert_num_queries(1):
        assert reads.announcement(AT) == Announcement("新的", "/a/1/")
    assert reads.announcement(AT + timedelta(hours=1)).text == "旧的"
    assert reads.announcement(AT + timedelta(hours=5)) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("link", "sound"),
    [
        ("", True),
        ("/a/12/", True),
        ("https://kepu.example/a b", False),
        ("https://kepu.example/", True),
        ("https://kepu.example/a/12/?x=1", True),
        ("https://kepu.example", True),
        ("https://kepu.example.evil.example/", False),
        ("https://evil.example/", False),
        ("http://kepu.example/", False),
        ("https://kepu.example//evil.example/", False),
        ("//kepu.example/", False),
        ("/\\kepu.example/", False),
        ("/a/\\12/", False),
        ("https:\\kepu.example/", False),
        ("https://kepu.example\\@evil.example/", False),
        ("javascript:alert(1)", False),
    ],
)
def test_only_own_addresses_are_linked(settings, link, sound):
    settings.WAGTAILADMIN_BASE_URL = "https://kepu.example"
    row = models.Announcement(text="停电", link=link, shown_from=AT, shown_until=AT + timedelta(hours=1))
    assert (troubled(row) == []) is sound
    assert troubled(row) in ([], ["link"])
    assert not sound or row.link == "" or row.link.startswith("/"), "kept as a path"
    row.link, row.shown_until = "", AT
    assert troubled(row) == ["shown_until"]


@pytest.mark.django_db
def test_a_link_of_old_to_another_site_is_not_shown():
    models.Announcement.objects.create(
        text="停电", link="https://evil.example/", shown_from=AT, shown_until=AT + timedelta(hours=1)
    )
    assert reads.announcement(AT) == Announcement("停电", "")


def troubled(row: models.Announcement) -> list[str]:
    """The fields that keep a row from being stored by an editor."""
    try:
        row.full_clean()
    except ValidationError as refused:
        return list(refused.message_dict)
    return []


def staff(settings, *groups: str) -> Client:
    """A browser of somebody with these of Wagtail's groups, and the right to enter the back office."""
    settings.MIDDLEWARE = [DJANGOS if name == OURS else name for name in settings.MIDDLEWARE]
    settings.KEPU_DEVELOPMENT = True  # walks in without a second factor
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    account = get_user_model().objects.create(
        phone_index="staff", display_name="职员", book=430623, is_staff=True, created_at=AT
    )
    account.groups.set(Group.objects.filter(name__in=groups))
    scoped(account, *groups)
    account.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(account)
    return client


@pytest.mark.django_db
def test_an_editor_designates_and_announces(settings):
    page, editor = article("地震来了"), staff(settings, "Editors")
    sent = {"article": page.pk, "first_day": "2021-06-21", "last_day": "2021-06-22"}
    assert editor.post("/admin/snippets/content/designation/add/", sent).status_code == 302
    assert [card.id for card in reads.designated(DAY)] == [page.pk]
    sent = {"text": "停电", "link": "", "shown_from": "2021-06-21 08:00", "shown_until": "2021-06-21 18:00"}
    assert editor.post("/admin/snippets/content/announcement/add/", sent).status_code == 302
    assert reads.announcement(AT) == Announcement("停电", "")
    words = seen(editor, "/admin/snippets/content/designation/")
    assert "今日必读" in words
    assert "地震来了" in words
    words = seen(editor, "/admin/snippets/content/announcement/add/")
    for label in ("通知内容", "通知链接", "开始显示", "显示到"):
        assert label in words
    for label in ("第一天", "最后一天", "文章"):
        assert label in seen(editor, "/admin/snippets/content/designation/add/")


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["designation", "announcement", "topic"])
def test_other_staff_do_neither(settings, kind):
    clerk = staff(settings)
    for address in (f"/admin/snippets/content/{kind}/", f"/admin/snippets/content/{kind}/add/"):
        assert clerk.get(address).status_code == 404
        assert clerk.post(address, {"name": "新", "slug": "new"}).status_code == 404
    assert not models.Topic.objects.filter(slug="new").exists()


@pytest.mark.django_db
def test_the_sample_designates_three_articles_a_day_and_announces_one():
    writes.load_sample_days(AT)
    assert reads.designated(DAY) == []
    writes.load_sample_articles(AT)
    for _ in range(2):
        writes.load_sample_days(AT)
    weeks = [reads.designated(day_of(AT) + timedelta(days=day)) for day in range(0, 84, 7)]
    assert [len(cards) for cards in weeks] == [3] * 12
    assert reads.designated(day_of(AT) + timedelta(days=84)) == []
    assert {card.id for cards in weeks for card in cards} == reads.published_ids()
    found = reads.announcement(AT)
    assert "一氧化碳" in reads.article(int(found.link.split("/")[2])).title + found.text
    for row in models.Designation.objects.all():
        row.full_clean()
