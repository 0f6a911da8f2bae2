"""Items and pick-up points in the back office: made, changed, put on sale; a trouble stands at its field."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from kepu.console.pages import mall_items, mall_places
from kepu.console.tests import mall_desk as desk
from kepu.console.tests.mall_desk import COUNTY, OTHER_COUNTY, TOWN, page
from kepu.mall import reads, writes
from kepu.mall.models import Item, PickUpPoint
from kepu.mall.reads import items
from kepu.mall.rules import ItemKind, LimitSpan, PointDraft
from kepu.mall.tests import shop
from kepu.people.rules import Role

pytestmark = pytest.mark.django_db
MALL = "/admin/mall/"


@pytest.fixture
def officer(client, settings, tmp_path):
    settings.MEDIA_ROOT = settings.HOME = tmp_path
    shop.build(people=1)
    return desk.officer(client)


def form(**changes):
    stated = {
        "kind": "goods",
        "name": "保温杯",
        "text": "不锈钢，500 毫升。",
        "points": "２００",
        "limit": "1",
        "limit_span": "month",
        "seen_within": TOWN,
        "certified_only": "1",
        "opens_at": "2026-12-01T08:00",
        "closes_at": "2026-12-31T18:00",
        "delivers": "1",
        "supplier": "岳阳百货",
        "waits_days": "15",
    }
    return {name: value for name, value in (stated | changes).items() if value is not None}


def photo() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (900, 600), "#AA3311").save(written, "JPEG")
    return written.getvalue()


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_an_item_is_made_hidden_then_put_on_sale(officer):
    point = shop.point()
    answer = officer.post(f"{MALL}items/new/", form(pick_up_points=[str(point)]))
    made = Item.objects.get()
    assert answer.headers["Location"] == f"{MALL}items/{made.pk}/"
    row = reads.item_within(made.pk, (COUNTY,))
    assert (row.kind, row.name, row.points, row.limit) == (ItemKind.GOODS, "保温杯", 200, 1)
    assert (row.limit_span, row.division, row.seen_within) == (LimitSpan.MONTH, COUNTY, TOWN)
    assert (f"{row.opens_at:%d %H}", row.delivers, row.supplier) == ("01 00", True, "岳阳百货")
    assert row.waits_days == 15
    assert [each.number for each in row.pick_up] == [point]
    assert not row.is_on_sale
    assert "未上架" in page(officer.get(MALL))
    officer.post(f"{MALL}items/{made.pk}/sale/", {"on": "1"})
    officer.post(f"{MALL}items/{made.pk}/sale/", {"on": "1"})
    assert reads.item_within(made.pk, (COUNTY,)).is_on_sale
    officer.post(f"{MALL}items/{made.pk}/sale/", {"on": "0"})
    assert desk.acts("keep_mall_item", "set_mall_item") == [
        "keep_mall_item",
        "set_mall_item",
        "set_mall_item",
    ]
    kept = desk.last_kept()
    assert (kept.before, kept.after) == ({"on_sale": True}, {"on_sale": False})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "请写名称"),
        ({"name": "长" * 41}, "请写名称"),
        ({"points": "免费"}, "所需积分要填整数"),
        ({"points": "0"}, "所需积分要填整数"),
        ({"points": "-3"}, "所需积分要填整数"),
        ({"points": "9999999999999"}, "所需积分要填整数"),
        ({"limit": "一"}, "每人限兑要填整数"),
        ({"kind": None}, "请选择这是哪一种商品"),
        ({"seen_within": OTHER_COUNTY}, "能兑的范围要在所属区划之内"),
        ({"seen_within": "<b>"}, "能兑的范围要在所属区划之内"),
        ({"closes_at": "2026-11-01T08:00"}, "结束时间要晚于开始时间"),
        ({"opens_at": "明天"}, "请填日期和时间"),
        ({"opens_at": "9999-12-31T23:59"}, "请填日期和时间"),
        ({"delivers": None}, "请选怎么给"),
        ({"kind": "voucher"}, "兑换券和徽章在手机上看"),
        ({"supplier": "供" * 61}, "供货商名称不能超过"),
        ({"text": "字" * 1001}, "说明不能超过"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(officer, changes, words):
    answer = officer.post(f"{MALL}items/new/", form(**changes))
    said = page(answer)
    assert answer.status_code == 422
    assert said.count("mall-wrong") >= 1
    assert words in said
    assert "岳阳百货" in said or "supplier" in changes
    assert not Item.objects.exists()


def test_an_item_is_changed_and_the_audit_says_what(officer):
    item = shop.goods()
    row = reads.item_within(item, (COUNTY,))
    stated = {
        **form(name="大保温杯", points="250", text=row.text, seen_within=COUNTY, limit=""),
        "opens_at": "",
        "closes_at": "",
        "supplier": "",
        "limit_span": "ever",
        "waits_days": "30",
        "kind": "badge",
        "division": OTHER_COUNTY,
        "pick_up_points": [str(row.pick_up[0].number)],
    }
    assert officer.post(f"{MALL}items/{item}/edit/", stated).status_code == 302
    again = reads.item_within(item, (COUNTY,))
    assert (again.name, again.points, again.kind, again.division) == ("大保温杯", 250, ItemKind.GOODS, COUNTY)
    kept = desk.last_kept()
    assert kept.before == {"name": "保温杯", "points": 200}
    assert kept.after == {"name": "大保温杯", "points": 250}
    shown = page(officer.get(f"{MALL}items/{item}/edit/"))
    assert 'value="大保温杯"' in shown
    assert "checked" in shown


def test_a_pick_up_point_of_elsewhere_is_no_choice(officer):
    far = PickUpPoint.objects.create(name="远处", address="某处", hours="全天", division=OTHER_COUNTY)
    assert "远处" not in page(officer.get(f"{MALL}items/new/"))
    assert officer.post(f"{MALL}items/new/", form(pick_up_points=[str(far.pk)])).status_code == 404
    assert officer.get(f"{MALL}places/{far.pk}/").status_code == 404
    assert officer.post(f"{MALL}items/new/", form(pick_up_points=["x", "9" * 30])).status_code == 302


def test_pictures_are_added_and_removed(officer):
    item = shop.goods()
    address = f"{MALL}items/{item}/pictures/"
    files = [sent("a.jpg", photo()), sent("b.jpg", photo()), sent("坏.jpg", b"GIF89a")]
    said = page(officer.post(address, {"pictures": files}, follow=True))
    assert "坏.jpg：这不是图片" in said
    first, second = reads.item_within(item, (COUNTY,)).pictures
    assert first.small_url in page(officer.get(MALL))
    officer.post(address, {"drop": str(first.number)})
    officer.post(address, {"drop": str(first.number)})
    assert [each.number for each in reads.item_within(item, (COUNTY,)).pictures] == [second.number]
    assert "请先选择图片" in page(officer.post(address, {}, follow=True))
    assert desk.acts("change_mall_pictures") == ["change_mall_pictures"] * 3


def test_an_item_keeps_its_pick_up_points_however_many_there_are(officer, monkeypatch):
    monkeypatch.setattr(items, "POINTS_SHOWN_MAX", 2)
    monkeypatch.setattr(mall_items, "POINTS_SHOWN_MAX", 2)
    numbers = [
        writes.keep_point(0, PointDraft(f"驿站{number}", "插旗街 1 号", "工作日", TOWN))
        for number in range(4)
    ]
    item = shop.goods()
    Item.objects.get(pk=item).pick_up_points.set([numbers[3]])
    shown = page(officer.get(f"{MALL}items/{item}/edit/"))
    assert [f"驿站{number}" in shown for number in range(4)] == [True, False, False, True]
    ticked = form(kind=None, pick_up_points=[str(numbers[3])])
    found = page(officer.post(f"{MALL}items/{item}/edit/", ticked | {"find": "1", "point_words": "站2"}))
    assert [f"驿站{number}" in found for number in range(4)] == [False, False, True, True]
    assert f'value="{numbers[3]}" checked' in found
    ticked["pick_up_points"] = [str(numbers[2]), str(numbers[3])]
    assert officer.post(f"{MALL}items/{item}/edit/", ticked).status_code == 302
    assert set(Item.objects.get(pk=item).pick_up_points.values_list("pk", flat=True)) == set(numbers[2:])


def test_pick_up_points_are_paged_and_found_by_words(officer, monkeypatch):
    monkeypatch.setattr(mall_places, "PAGE_SIZE", 2)
    for number in range(3):
        writes.keep_point(0, PointDraft(f"驿站{number}", "插旗街 1 号", "工作日", TOWN))
    assert "驿站2" not in page(officer.get(f"{MALL}places/"))
    assert "驿站2" in page(officer.get(f"{MALL}places/?start=2"))
    found = page(officer.get(f"{MALL}places/?q=站2"))
    assert ("驿站2" in found, "驿站1" in found) == (True, False)
    assert "请少输几个字" in page(officer.get(f"{MALL}places/?q=没有"))


def test_a_pick_up_point_is_made_changed_and_closed(officer):
    stated = {
        "name": "科普驿站",
        "address": "插旗街 1 号",
        "hours": "工作日",
        "division": TOWN,
        "is_open": "1",
    }
    assert officer.post(f"{MALL}places/new/", stated).status_code == 302
    point = PickUpPoint.objects.get()
    assert "科普驿站" in page(officer.get(f"{MALL}places/"))
    changed = {**stated, "hours": "每天", "division": "430623101"}
    del changed["is_open"]
    assert officer.post(f"{MALL}places/{point.pk}/", changed).status_code == 302
    point.refresh_from_db()
    assert (point.hours, point.division, point.is_open) == ("每天", TOWN, False)
    assert desk.last_kept().after == {"hours": "每天", "is_open": False}
    assert officer.post(f"{MALL}places/{point.pk}/", changed).status_code == 302
    assert desk.acts("keep_mall_point") == ["keep_mall_point"] * 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "请写名称"),
        ({"address": ""}, "请写地址"),
        ({"hours": "x" * 81}, "请写开门时间"),
        ({"division": "43"}, "请选行政区划"),
        ({"division": "x"}, "请选行政区划"),
    ],
)
def test_what_is_wrong_with_a_pick_up_point_is_told(officer, changes, words):
    stated = {"name": "科普驿站", "address": "插旗街 1 号", "hours": "工作日", "division": TOWN} | changes
    answer = officer.post(f"{MALL}places/new/", stated)
    assert answer.status_code == 422
    assert words in page(answer)
    assert officer.post(f"{MALL}places/new/", stated | {"division": OTHER_COUNTY}).status_code in (404, 422)
    assert not PickUpPoint.objects.exists()


def test_items_are_found_by_name_and_supplier_and_asked_for_in_few_queries(
    officer, django_assert_max_num_queries
):
    for number in range(30):
        shop.goods(name=f"杯子{number}", supplier="岳阳百货" if number % 2 else "")
    with django_assert_max_num_queries(12):
        said = page(officer.get(MALL))
    assert said.count("mall-corner") == 25
    assert "?start=25" in said
    assert page(officer.get(f"{MALL}?start=25")).count("mall-corner") == 5
    assert page(officer.get(f"{MALL}?q=百货")).count("mall-corner") == 15
    assert "没有名称带这些字的商品" in page(officer.get(f"{MALL}?q=无此物"))
    with django_assert_max_num_queries(16):
        officer.get(f"{MALL}items/{Item.objects.first().pk}/")
    with django_assert_max_num_queries(16):
        officer.get(f"{MALL}items/{Item.objects.first().pk}/edit/")


def test_an_empty_mall_says_how_to_begin(officer):
    assert "先设一个领取点" in page(officer.get(MALL))
    assert "设在大家常去的地方" in page(officer.get(f"{MALL}places/"))
    assert "去建一个" in page(officer.get(f"{MALL}items/new/"))


def test_an_officer_of_elsewhere_finds_nothing(officer):
    item = shop.goods()
    assert desk.clerk().get(MALL).status_code == 404  # a town's clerk runs no items
    stranger = desk.clerk(9003, OTHER_COUNTY, Role.COUNTY_OFFICER)
    assert "保温杯" not in page(stranger.get(MALL))
    for address in ("", "edit/"):
        assert stranger.get(f"{MALL}items/{item}/{address}").status_code == 404
