"""Parts of pages and the geometry under them."""

import re
from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from kepu.kit import clock
from kepu.ui import charts

counts = st.integers(0, 10**9)


def shown(source: str, **values: object) -> str:
    return Template("{% load ui %}" + source).render(Context(values))


@given(counts, counts)
def test_a_share_is_a_percentage(value, total):
    assert 0 <= charts.percent(value, total) <= 100


@given(st.lists(counts, max_size=60))
def test_columns_stay_in_their_box(values):
    for column in charts.columns(values):
        assert 0 <= column.x <= column.x + column.width <= 100.01
        assert 0 <= column.y <= column.y + column.height <= 40.01


@given(st.lists(counts, min_size=2, max_size=60))
def test_a_line_has_a_point_a_value(values):
    points = charts.line(values).split(" ")
    assert len(points) == len(values)
    assert all(0 <= float(point.split(",")[1]) <= 40 for point in points)


@pytest.mark.parametrize(
    ("path", "label", "current"),
    [
        ("/", "首页", "page"),
        ("/a/12/", "首页", "true"),
        ("/discover/", "发现", "page"),
        ("/boards/", "排行", "page"),
        ("/rounds/chaqi-2021/annual/", "排行", "true"),
        ("/me/points/", "我的", "true"),
        ("/sign-in/", "我的", "true"),
        ("/privacy/", None, None),
    ],
)
def test_the_current_tab(path, label, current):
    html = shown("{% tabs %}", request=RequestFactory().get(path))
    marked = [line for line in html.splitlines() if "aria-current" in line]
    assert len(marked) == (label is not None)
    if label:
        assert f'aria-current="{current}"' in marked[0]
        assert label in marked[0]


@pytest.mark.parametrize(
    ("source", "value", "text"),
    [
        ("{{ v|number }}", 1234567, '<span class="number">1,234,567</span>'),
        ("{{ v|number }}", None, "—"),
        ("{{ v|signed }}", -3, '<span class="number">−3</span>'),
        ("{{ v|signed }}", 12, '<span class="number">+12</span>'),
        ("{{ v|signed }}", 0, '<span class="number">0</span>'),
        ("{{ v|short }}", 9999, "9999"),
        ("{{ v|short }}", 12345, "1.2万"),
        ("{{ v|short }}", 10000, "1万"),
        ("{{ v|short }}", 320000000, "3.2亿"),
        ("{{ v|moment }}", datetime(2021, 6, 20, 17, 5, tzinfo=UTC), "6月21日 01:05"),
        ("{{ v|moment }}", datetime(2020, 12, 31, 15, 59, tzinfo=UTC), "2020年12月31日 23:59"),
        ("{{ v|moment }}", datetime(2020, 12, 31, 16, 0, tzinfo=UTC), "1月1日 00:00"),
        ("{{ v|moment }}", None, ""),
        ("{{ v|short_day }}", datetime(2021, 6, 20, 17, 5, tzinfo=UTC), "6月21日"),
        ("{{ v|short_day }}", datetime(2020, 12, 31, 15, 59, tzinfo=UTC), "2020年12月31日"),
        ("{{ v|short_day }}", datetime(2020, 12, 31, 16, 0, tzinfo=UTC), "1月1日"),
        ("{{ v|short_day }}", date(2020, 3, 5), "2020年3月5日"),
        ("{{ v|short_day }}", date(2022, 1, 1), "2022年1月1日"),
        ("{{ v|full_day }}", date(2021, 11, 30), "2021年11月30日"),
        ("{{ v|calendar_day }}", 20210621, "2021年6月21日"),
    ],
)
def test_numbers_and_days_as_people_write_them(source, value, text, monkeypatch):
    """A day of this year, which is 2021 in Shanghai already here, goes without the year."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2020, 12, 31, 16, 0, tzinfo=UTC))
    assert shown(source, v=value) == text


class Reply(forms.Form):
    words = forms.CharField(label="意见", help_text="一句话就行")
    kind = forms.ChoiceField(label="类型", choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="同意")


def test_a_field_keeps_what_was_typed_and_says_what_is_wrong():
    html = shown(
        "{% field form.words %}{% field form.kind %}{% field form.agreed %}", form=Reply({"words": "<b>"})
    )
    assert 'value="&lt;b&gt;"' in html
    assert html.count("请填写这一项。") == 2
    assert 'aria-describedby="id_words_helptext"' in html
    assert 'aria-invalid="true"' in html


def test_progress_says_its_numbers_in_words_and_draws_without_style():
    html = shown("{% progress 31200 39600 '传播量' %}{% ring 5 0 '任务' %}")
    assert "31,200" in html
    assert "39,600" in html
    assert 'width="78.8"' in html
    assert "style" not in html


def test_a_chart_has_its_table():
    html = shown("{% bar_chart rows '分享' %}", rows=[("周一", 3), ("周二", 0)])
    assert html.count('width="36.00"') == 2
    assert '<th scope="row">周二</th>' in html


@pytest.mark.parametrize(
    ("off", "labels"),
    [
        ((), ["首页", "发现", "排行", "社团", "我的"]),
        (("boards",), ["首页", "发现", "社团", "我的"]),
        (("clubs", "mall", "check_in"), ["首页", "发现", "排行", "我的"]),
    ],
)
def test_no_tab_leads_to_what_is_off(off, labels):
    request = RequestFactory().get("/")
    request.switched_off = frozenset(off)
    assert re.findall(r"<span>([^<]+)</span>", shown("{% tabs %}", request=request)) == labels
    assert re.findall(r"<span>([^<]+)</span>", shown("{% tabs sure=True %}", request=request)) == [
        "首页",
        "发现",
        "我的",
    ]


def test_a_way_to_what_is_off_leads_elsewhere():
    request = RequestFactory().get("/")
    request.switched_off = frozenset({"mall", "boards"})
    for address, there in (
        ("/boards/?campaign=a", "/"),
        ("/mall/7/", "/"),
        ("/mall/orders/", "/mall/orders/"),
        ("/clubs/", "/clubs/"),
        ("../", "../"),
    ):
        assert shown('{% way to "/" %}', request=request, to=address) == there
