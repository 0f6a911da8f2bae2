"""Anybody can complain from every page; floods are slowed down; nothing typed is lost."""

import pytest

from kepu.people.models import Complaint

pytestmark = pytest.mark.django_db


def test_a_complaint_gets_a_number(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        response = client.post(
            "/complaints/", {"words": "数字不对", "contact": "13800001234", "path": "/a/3/"}
        )
    kept = Complaint.objects.get()
    assert (kept.words, kept.contact, kept.path, kept.account_id) == (
        "数字不对",
        "13800001234",
        "/a/3/",
        None,
    )
    assert f"编号 {kept.pk}" in client.get(response.url).content.decode()


def test_it_knows_the_page_one_came_from(client, django_assert_num_queries):
    with django_assert_num_queries(1):  # one for the tabs: which parts are switched off
        client.get("/complaints/")
    html = client.get("/complaints/", headers={"Referer": "http://testserver/a/7/?x=<b>"}).content.decode()
    assert 'value="/a/7/"' in html


def test_a_signed_in_sender_is_known(site, wang):
    wang.post("/complaints/", {"words": "数字不对"})
    assert Complaint.objects.get().account_id == site.wang


def test_what_was_typed_is_kept_when_something_is_missing(client):
    response = client.post("/complaints/", {"words": " ", "contact": "<script>13800001234"})
    assert response.status_code == 422
    html = response.content.decode()
    assert "请填写这一项。" in html
    assert "&lt;script&gt;13800001234" in html
    assert Complaint.objects.count() == 0


def test_too_long_is_refused(client):
    assert client.post("/complaints/", {"words": "长" * 1001}).status_code == 422


def test_a_network_sends_five_an_hour(client, noon):
    for place in range(5):
        assert client.post("/complaints/", {"words": f"第{place}条"}).status_code == 302
    response = client.post("/complaints/", {"words": "第六条"})
    assert response.status_code == 429
    assert "第六条" in response.content.decode()
    assert client.post("/complaints/", {"words": "邻居"}, REMOTE_ADDR="10.9.8.7").status_code == 302
    noon[0] = noon[0].replace(hour=noon[0].hour + 1, minute=1)
    assert client.post("/complaints/", {"words": "一小时后"}).status_code == 302


def test_the_network_itself_is_not_kept(client):
    client.post("/complaints/", {"words": "x"}, REMOTE_ADDR="203.0.113.77")
    assert "203.0.113" not in str(Complaint.objects.values().get())


def test_an_error_in_an_article_is_reported_with_its_path(site, reader, django_assert_max_num_queries):
    address = f"/a/{site.article}/report/"
    with django_assert_max_num_queries(2):  # one for the tabs: which parts are switched off
        html = reader.get(address).content.decode()
    assert f'action="{address}"' in html
    with django_assert_max_num_queries(3):
        response = reader.post(address, {"words": "第三段的数字不对"})
    kept = Complaint.objects.get()
    assert (kept.words, kept.path, kept.contact) == ("第三段的数字不对", f"/a/{site.article}/", "")
    assert response.url == f"/a/{site.article}/"
    assert f"编号 {kept.pk}" in reader.get(response.url).content.decode()


def test_a_report_keeps_what_was_typed(site, reader):
    address = f"/a/{site.article}/report/"
    response = reader.post(address, {"words": "", "contact": "王秀英"})
    assert response.status_code == 422
    assert "王秀英" in response.content.decode()
    for place in range(5):
        reader.post(address, {"words": f"第{place}处"})
    response = reader.post(address, {"words": "第六处"})
    assert response.status_code == 429
    assert "第六处" in response.content.decode()
    assert reader.get("/a/999999/report/").status_code == reader.post("/a/0/report/").status_code == 404
