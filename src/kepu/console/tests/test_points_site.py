"""What holds for the whole site about points: declared by the operator alone, each change kept."""

from datetime import UTC, datetime, timedelta

import pytest

from kepu.audit.models import Kept
from kepu.console.tests.conftest import enter
from kepu.content.models import Topic
from kepu.kit import clock
from kepu.people.rules import Role
from kepu.points.models import Declared, KeptBadge, QuizResult
from kepu.points.reads import expiry_versions
from kepu.points.reads.standing import levels, topic_badges

PAGE = "/admin/points/"


@pytest.fixture
def operator(db, client):
    return enter(client, 91, Role.OPERATOR, "", "站长")


@pytest.fixture
def topics(db):
    for slug, name in (("farming", "农业"), ("health", "健康")):
        Topic.objects.get_or_create(slug=slug, defaults={"name": name})


def text(response):
    return response.content.decode()


def expiry(**changed):
    first = clock.day_of(clock.now()) + timedelta(days=31)
    return {
        "years": "2",
        "month": "12",
        "day": "31",
        "from_day": first.isoformat(),
        "why": "按年清零",
    } | changed


def test_the_page_says_what_holds(client, operator, topics, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        page = text(client.get(PAGE))
    assert "积分不过期。" in page
    assert "科普能手" in page
    assert "没有变化" not in page


def test_expiry_is_declared_with_a_reason_and_kept(client, operator):
    assert client.post(f"{PAGE}expiry/", expiry()).status_code == 302
    page = text(client.get(PAGE))
    assert "过 2 年，到 12月31日为止到期" in page
    assert "站长" in page
    assert "按年清零" in page
    assert Kept.objects.filter(act="declare_expiry").count() == 1
    assert [(each.years, each.month, each.day) for each in expiry_versions()] == [(2, 12, 31)]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"from_day": "2020-01-01"}, "30 天以后"),
        ({"from_day": "x"}, "30 天以后"),
        ({"why": " "}, "为什么"),
        ({"month": "2", "day": "30"}, "每年都有"),
        ({"years": "99"}, "最多十年"),
        ({"years": "0"}, "没有变化"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_kept(client, operator, changed, said):
    response = client.post(f"{PAGE}expiry/", expiry(**changed))
    assert response.status_code == 422
    assert said in text(response)
    assert not Declared.objects.exists()
    assert not Kept.objects.filter(act="declare_expiry").exists()


def test_levels_are_added_renamed_and_taken_away(client, operator):
    stated = {"name": ["新手", "", "老把式", "能人"], "points": ["0", "5", "1000", "200"]}
    assert client.post(f"{PAGE}levels/", stated).status_code == 302
    assert [(each.name, each.points) for each in levels()] == [("新手", 0), ("能人", 200), ("老把式", 1000)]
    response = client.post(f"{PAGE}levels/", {"name": ["新手", "能人"], "points": ["0", "很多"]})
    assert response.status_code == 422
    assert "写整数" in text(response)
    assert 'value="很多"' in text(response)


def test_who_has_a_badge_keeps_it_when_it_becomes_harder(client, operator, topics):
    stated = {"key": ["0"], "topic": ["farming"], "name": ["种田能手"], "passes": ["2"]}
    assert client.post(f"{PAGE}badges/", stated).status_code == 302
    (badge,) = topic_badges()
    at = datetime(2027, 1, 1, tzinfo=UTC)
    QuizResult.objects.bulk_create(
        QuizResult(person=person, article=article, topic="farming", passed_at=at)
        for person, article in ((7, 1), (7, 2), (8, 1))
    )
    harder = stated | {"key": [str(badge.key)], "passes": ["3"]}
    assert client.post(f"{PAGE}badges/", harder).status_code == 302
    assert [each.person for each in KeptBadge.objects.all()] == [7]
    assert (
        client.post(f"{PAGE}badges/", {"key": [], "topic": [], "name": [], "passes": []}).status_code == 302
    )
    assert topic_badges() == ()
    again = stated | {"name": ["种田高手"]}
    assert client.post(f"{PAGE}badges/", again).status_code == 302
    assert topic_badges()[0].key != badge.key
    assert client.post(f"{PAGE}badges/", stated | {"topic": ["nowhere"]}).status_code == 422


def test_nobody_else_gets_there(clerk, client):
    assert client.get(PAGE).status_code == 404
    assert client.post(f"{PAGE}expiry/", expiry()).status_code == 404
    assert not Declared.objects.exists()
