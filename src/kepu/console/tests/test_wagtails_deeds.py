"""What an editor changes in Wagtail's own pages is in the audit as it was and as it is."""

import re

import pytest
from django.test import Client
from wagtail.images.models import Image

from kepu.audit import reads as audit
from kepu.audit.rules import Deed, Search
from kepu.console.tests.conftest import enter
from kepu.content import models
from kepu.content.tests.test_pictures import drawn, typed
from kepu.content.tests.test_reviewing import sent
from kepu.content.tests.written import article
from kepu.people.models import Account
from kepu.people.rules import Role
from kepu.people.tests import land

pytestmark = pytest.mark.django_db
ANNOUNCEMENTS = "/admin/snippets/content/announcement/"


@pytest.fixture
def editor(client: Client, settings, tmp_path) -> int:
    settings.MEDIA_ROOT = tmp_path
    land.settle()
    article("地震来了")
    return enter(client, 90, Role.EDITOR, "")


def last(count: int) -> list[Deed]:
    """The last deeds, the newest last."""
    return [record.deed for record in audit.records(("",), Search(), None, count)][::-1]


def test_an_announcement_is_kept_with_its_author_text_and_what_it_was(client, editor):
    first = {
        "text": "周六有讲座",
        "link": "/a/1/",
        "shown_from": "2026-01-01 08:00",
        "shown_until": "2026-02-01 08:00",
    }
    client.post(f"{ANNOUNCEMENTS}add/", first)
    row = models.Announcement.objects.get()
    client.post(f"{ANNOUNCEMENTS}edit/{row.pk}/", first | {"text": "周日有讲座"})
    client.post(f"/admin/bulk/content/announcement/delete/?id={row.pk}")
    assert not models.Announcement.objects.exists()
    made, changed, gone = last(3)
    assert [deed.act for deed in (made, changed, gone)] == [
        "wagtail.create",
        "wagtail.edit",
        "wagtail.delete",
    ]
    assert {deed.account for deed in (made, changed, gone)} == {editor}
    assert (made.before, made.after) == ({}, first)
    assert (changed.before, changed.after) == ({"text": "周六有讲座"}, {"text": "周日有讲座"})
    assert (gone.before["text"], gone.after) == ("周日有讲座", {})
    assert gone.subject == f"通知 {row.pk} 周日有讲座"


def test_a_topic_renamed_is_kept_and_one_saved_as_it_was_is_not(client, editor):
    topic = models.Topic.objects.order_by("pk").first()
    was = {"name": topic.name, "slug": topic.slug, "position": str(topic.position)}
    count = len(last(100))
    for change in ({}, {"name": "新名"}):
        client.post(f"/admin/snippets/content/topic/edit/{topic.pk}/", was | change)
    assert len(last(100)) == count + 1
    (deed,) = last(1)
    assert (deed.before, deed.after) == ({"name": was["name"]}, {"name": "新名"})


def test_a_picture_is_kept_with_number_title_and_fingerprint_of_its_file(client, editor):
    client.post(
        "/admin/images/multiple/add/",
        {"title": "图一", "files[]": drawn()},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    picture = Image.objects.get()
    client.post(f"/admin/images/{picture.pk}/", typed(title="图二"))
    client.post(f"/admin/bulk/wagtailimages/image/delete/?id={picture.pk}")
    made, changed, gone = last(3)
    assert [deed.act for deed in (made, changed, gone)] == [
        "wagtail.create",
        "wagtail.edit",
        "wagtail.delete",
    ]
    assert re.fullmatch("[0-9a-f]{40}", made.after["file_hash"])
    assert (changed.before["title"], changed.after["title"]) == ("图一", "图二")
    assert gone.subject == f"图片 {picture.pk} 图二"
    assert gone.before["file_hash"] == made.after["file_hash"]


def test_an_article_is_kept_with_the_numbers_of_its_versions(client, editor):
    page = sent(Account.objects.get(pk=editor), "山洪")
    page.current_workflow_state.cancel(user=page.owner)
    first = page.get_latest_revision()
    page.title = "山洪来了"
    second = page.save_revision(user=page.owner, log_action=True)
    (deed,) = last(1)
    assert (deed.act, deed.before) == ("wagtail.edit", {"revision": first.pk})
    assert deed.after["revision"] == second.pk


def test_what_no_request_of_the_back_office_does_is_nobodys_act(editor):
    count = len(last(100))
    models.Topic.objects.create(name="载入的", slug="loaded")
    assert len(last(100)) == count
