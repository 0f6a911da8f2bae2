"""What the site told me, on its page: newest first, seen once shown, each line a way to what to do next."""

import re

from kepu.people import reads, writes
from kepu.people.models import Notice
from kepu.people.rules import NoticeKind


def told(person, now, count=1):
    for number in range(count):
        writes.notify(person, NoticeKind.RETURNED, {"reason": f"第{number}条"}, "/me/certification/", now)


def test_an_empty_page_says_when_something_will_stand_there(site, wang, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):  # one for the tabs: which parts are switched off
        assert "还没有消息" in wang.get("/me/messages/").content.decode()


def test_each_line_says_what_happened_what_to_do_and_leads_there(
    site, wang, noon, django_assert_max_num_queries
):
    told(site.wang, noon[0])
    with django_assert_max_num_queries(4):  # one for the tabs: which parts are switched off
        html = wang.get("/me/messages/").content.decode()
    assert "认证申请被退回：第0条" in html
    assert "重新提交" in html
    assert 'class="item" href="/me/certification/"' in html
    assert "6月21日 12:00" in html


def test_opening_the_page_reads_what_it_showed_and_no_more(site, wang, noon):
    told(site.wang, noon[0], 25)
    assert wang.head("/me/messages/").status_code == 200
    assert reads.unread(site.wang) == 25, "a look at the headers is not a look"
    html = wang.get("/me/messages/").content.decode()
    assert html.count('badge bad">新') == 20
    assert reads.unread(site.wang) == 5
    assert html.index("第24条") < html.index("第5条")
    more = re.search(r'hx-get="([^"]+)"', html).group(1)
    rest = wang.get(more, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in rest
    assert re.findall(r"第(\d+)条", rest) == ["4", "3", "2", "1", "0"]
    assert reads.unread(site.wang) == 0
    assert 'badge bad">新' not in wang.get("/me/messages/").content.decode()


def test_one_sees_only_ones_own(site, wang, li, reader, noon):
    told(site.li, noon[0])
    assert "第0条" not in wang.get("/me/messages/").content.decode()
    assert reads.unread(site.li) == 1
    assert reader.get("/me/messages/").url.startswith("/sign-in/?next=/me/messages/")
    assert wang.post("/me/messages/").status_code == 405


def test_words_of_others_are_shown_as_words(site, wang, noon):
    writes.notify(site.wang, NoticeKind.ANNOUNCED, {"text": "<script>alert(1)</script>"}, "/", noon[0])
    assert "<script>alert" not in wang.get("/me/messages/").content.decode()
    assert Notice.objects.count() == 1
