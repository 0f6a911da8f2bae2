"""Reviewers see the pictures that readers will see, and what they saw stays as it is."""

import io
import re
import time
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from PIL import Image as Drawing
from wagtail.images.models import Image

from kepu.content import models, reads
from kepu.content.reads import reviewing as reviews
from kepu.content.rules import Picture
from kepu.content.tests.test_reads import uploaded
from kepu.content.tests.test_reviewing import browser, decide, person
from kepu.content.tests.written import article
from kepu.content.used_pictures import used_pictures
from kepu.content.writes.reviewing import withdraw_article
from kepu.kit import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def writer():
    return person("编辑甲", "Editors", is_superuser=True)


@pytest.fixture
def editor(settings, writer) -> Client:
    return browser(settings, writer)


def with_picture(picture: Image, *, live: bool, **fields: object) -> models.ArticlePage:
    body = [
        {"type": "text", "value": "<p>看图</p>"},
        {"type": "picture", "value": {"image": picture.pk, "alt": "一张图", "caption": "图一"}},
    ]
    return article("带图的文章", live=live, body=body, **fields)


def sent_with_picture(writer, picture: Image, **fields: object) -> models.ArticlePage:
    page = with_picture(picture, live=False, owner=writer, first_published_at=None, **fields)
    page.save_revision(user=writer)
    page.get_workflow().start(page, writer)
    return page


def test_a_reviewer_sees_what_readers_will_see(writer):
    cover = uploaded("封面")
    page = sent_with_picture(writer, uploaded(), cover=cover)
    three = [person(f"审{step}", f"Reviewers {step}") for step in (1, 2, 3)]
    seen = []
    for account in three:
        (row,) = reviews.waiting(account.pk, 0, 5).rows
        seen.append(reviews.review(row.state, account.pk).shown)
        assert decide(page, account) is None
    read = reads.article(page.pk)
    assert [type(block) for block in read.body][-1] is Picture
    assert [shown.body for shown in seen] == [read.body] * 3
    assert {shown.cover_url for shown in seen} == {read.cover_url}
    assert "/media/" in read.cover_url


def test_sizes_that_a_failure_took_back_are_made_again(writer):
    picture = uploaded()
    with suppress(ZeroDivisionError), transaction.atomic():
        sent_with_picture(writer, picture)
        raise ZeroDivisionError
    page = with_picture(picture, live=True)
    assert [type(block) for block in reads.article(page.pk).body][-1] is Picture


def test_a_preview_shows_the_pictures_of_a_draft(editor, writer):
    page = with_picture(uploaded(), live=False, owner=writer)
    page.save_revision(user=writer)
    shown = editor.get(f"/admin/pages/{page.pk}/view_draft/").content.decode()
    assert re.search(r'src="/media/images/[^"]+960x1280[^"]*"', shown)


def test_which_pictures_are_in_use(writer, django_assert_num_queries):
    free, shown, cover, waiting, draft = (uploaded(name) for name in ("空", "文", "封", "审", "稿"))
    live = with_picture(shown, live=True, cover=cover)
    sent_with_picture(writer, waiting)
    with_picture(draft, live=False).save_revision(user=writer)
    every = [each.pk for each in (free, shown, cover, waiting, draft)]
    assert used_pictures(every) == {shown.pk, cover.pk, waiting.pk}
    withdraw_article(live.pk, "数字有误", writer.pk, clock.now())
    assert used_pictures(every) == {waiting.pk}


def typed(**changes: object) -> dict[str, object]:
    focus = {f"focal_point_{each}": "" for each in ("x", "y", "width", "height")}
    return {"title": "换了", "description": "别的", "collection": "1", "tags": "", **focus, **changes}


def drawn() -> SimpleUploadedFile:
    file = io.BytesIO()
    Drawing.new("RGB", (800, 500), (250, 0, 0)).save(file, "PNG")
    return SimpleUploadedFile("red.png", file.getvalue(), "image/png")


def png(width: int, height: int, padding: int = 0) -> SimpleUploadedFile:
    """A picture of few bytes and many points, and as many bytes behind it as asked for."""
    file = io.BytesIO()
    Drawing.new("1", (width, height)).save(file, "PNG")
    return SimpleUploadedFile("big.png", file.getvalue() + b"0" * padding, "image/png")


TOO_MUCH = [(png(11_300, 11_300), "像素"), (png(10, 10, 10 * 1024 * 1024), "文件大小上限为 10.0")]


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("path", ["/admin/images/add/", "/admin/images/multiple/add/", "chooser"])
@pytest.mark.parametrize(("file", "word"), TOO_MUCH, ids=["points", "bytes"])
def test_a_picture_too_large_to_work_on_is_refused_in_words(editor, path, file, word):
    began, fields = time.process_time(), {"title": "大图", "description": "大", "collection": "1", "tags": ""}
    file.seek(0)
    if path == "chooser":
        path = "/admin/images/chooser/create/"
        fields = {f"image-chooser-upload-{name}": value for name, value in fields.items()}
        sent = fields | {"image-chooser-upload-file": file}
    elif "multiple" in path:
        sent = {"title": "大图", "files[]": file}
    else:
        sent = fields | {"file": file}
    is_script = path != "/admin/images/add/"
    answer = editor.post(path, sent, headers={"X-Requested-With": "XMLHttpRequest"} if is_script else {})
    said = str(answer.json()) if is_script else answer.content.decode()
    assert word in said
    assert "This file" not in said
    assert not Image.objects.exists()
    assert time.process_time() - began < 3


CUT = {"focal_point_x": "9", "focal_point_y": "9", "focal_point_width": "5", "focal_point_height": "5"}


@pytest.mark.parametrize("is_live", [True, False], ids=["published", "under review"])
def test_a_picture_in_use_takes_no_other_file_and_is_not_deleted(editor, writer, is_live):
    picture = uploaded()
    if is_live:
        with_picture(picture, live=True)
    else:
        sent_with_picture(writer, picture)
    path, before = f"/admin/images/{picture.pk}/", Image.objects.get(pk=picture.pk)
    for change in ({"file": drawn()}, CUT):
        answer = editor.post(path, typed(**change))
        assert "这张图片用在已发布或正在审核的文章里" in answer.content.decode()
    for gone in (
        f"{path}delete/",
        f"/admin/bulk/wagtailimages/image/delete/?id={picture.pk}",
        f"/admin/images/multiple/{picture.pk}/delete/",
    ):
        editor.post(gone, headers={"X-Requested-With": "XMLHttpRequest"} if "multiple" in gone else {})
    after = Image.objects.get(pk=picture.pk)
    assert (after.file.name, after.file_hash, after.title) == (before.file.name, before.file_hash, "照片")
    assert after.focal_point_x is None
    refused = editor.post(f"{path}delete/", follow=True).content.decode()
    assert "权限" in refused
    assert "delete/" not in editor.get(path).content.decode(), "no button for what is refused"


def test_words_of_a_picture_in_use_and_a_picture_that_is_not_may_change(editor):
    picture, free = uploaded(), uploaded("空")
    with_picture(picture, live=True)
    assert editor.post(f"/admin/images/{picture.pk}/", typed()).status_code == 302
    assert Image.objects.get(pk=picture.pk).title == "换了"
    assert editor.post(f"/admin/images/{free.pk}/", typed(file=drawn())).status_code == 302
    assert Image.objects.get(pk=free.pk).width == 800
    assert editor.post(f"/admin/bulk/wagtailimages/image/delete/?id={free.pk}").status_code == 302
    assert not Image.objects.filter(pk=free.pk).exists()
