"""What somebody sees of their own entries once a closed year lies in files."""

import json
import re

import pytest
from django.http import HttpResponse

from kepu.app import belongings
from kepu.app.tests.conftest import NOON
from kepu.app.tests.test_sharing import share, token_of
from kepu.ledger import reads as ledger
from kepu.ledger.models import Entry
from kepu.ledger.reads import archived
from kepu.ledger.tests import archives


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An archive of this test's own."""
    archives.use_folder(tmp_path, monkeypatch)
    yield
    archived.forget_belief()


def plain(response: HttpResponse) -> str:
    """The words of a page."""
    return re.sub("<[^>]+>", "", response.content.decode())


def archive_everything() -> int:
    """How many entries were moved into files."""
    return sum(archives.archive(archives.up_to(head.book, head.seq)) for head in ledger.heads() if head.seq)


def test_statement_and_links_tell_of_archived_years_with_their_sums(site, wang):
    for article in (site.article, site.other):
        share(wang, article)
    entries = list(Entry.objects.filter(person=site.wang))
    before = wang.get("/me/points/").content.decode()
    assert "已归档" not in before + wang.get("/me/links/").content.decode()
    archive_everything()
    points = sum(each.points for each in entries)
    said = f"{len(entries)} 条 · 积分 +{points} · 传播量 {sum(each.volume for each in entries)}"
    for page in ("/me/points/", "/me/links/"):
        html = plain(wang.get(page))
        assert "已归档" in html
        assert said in html
        assert "还没有" not in html
    share(wang, site.article)
    assert said in plain(wang.get("/me/points/"))


def test_the_file_of_ones_own_data_has_archived_lines_too(site, wang):
    share(wang, site.article)
    before = json.loads("".join(belongings.as_json(site.wang, NOON)))
    assert before["entries"]
    archive_everything()
    assert not Entry.objects.exists()
    assert json.loads("".join(belongings.as_json(site.wang, NOON))) == before


def test_a_shared_page_stands_whatever_was_archived(site, wang, reader):
    token = token_of(share(wang, site.article))
    before = reader.get(f"/s/{token}/")
    archive_everything()
    after = reader.get(f"/s/{token}/")
    assert before.status_code == after.status_code == 200
    assert "已归档" not in after.content.decode()
    assert wang.get(f"/me/links/{token}/").status_code == 200
