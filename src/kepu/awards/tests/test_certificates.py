"""Certificates: one for each winner, numbered without gaps, checked in public, in one file for a hundred."""

import base64
import gzip
import json
import re
import subprocess
import time
from datetime import timedelta

import pypdfium2
import pytest
from django.core.cache import cache

from kepu.awards import models, writes
from kepu.awards.reads import certificates as reads
from kepu.awards.rules import NoStep
from kepu.awards.rules.certificates import Design, NoCertificate, RevokedFor, is_code, mark_of
from kepu.awards.tests.final import AT, COUNTY, ROUND, SLUG, awarded, enrolled, make_final
from kepu.awards.tests.test_credentials import check
from kepu.awards.writes import certificates as issuing
from kepu.campaigns import reads as campaigns
from kepu.documents.tests.measuring import set_alone
from kepu.documents.typesetting import TypesettingBusyError
from kepu.people.models import Communicator
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db
HERE = (COUNTY,)


def given():
    """The certificates of the round, by number."""
    return reads.certificates(SLUG, ROUND, HERE, 0, 100).rows


def test_every_winner_whose_tier_has_one_gets_one_in_the_order_of_the_list():
    persons, given_now = awarded(12)
    assert (given_now.certificates, given_now.lines) == (12, 12)  # the city's tier has neither
    found = given()
    assert [each.person for each in found] == persons
    assert [each.serial for each in found] == [
        f"华容县科学技术协会证字〔2021〕{number:04d}号" for number in range(1, 13)
    ]
    first = found[0]
    assert (first.name, first.title, first.place, first.rank) == ("王一明", "华容县优秀科普员", "华容县", 1)
    assert first.organ_name == "华容县科学技术协会"
    assert first.design is Design.RED
    assert len({each.code for each in found}) == 12
    assert all(is_code(each.code) for each in found)
    assert len({(each.status_list, each.status_index) for each in found}) == 12


def test_a_round_is_awarded_once_and_not_before_it_is_final():
    enrolled(2)
    assert writes.issue_certificates(SLUG, ROUND, 0, AT) is NoStep.NOT_NOW
    make_final()
    assert isinstance(writes.issue_certificates(SLUG, ROUND, 0, AT), writes.Awarded)
    assert writes.issue_certificates(SLUG, ROUND, 0, AT) is NoStep.NOT_NOW
    assert models.Certificate.objects.count() == models.PayoutLine.objects.count() == 2


def test_awarding_costs_the_same_for_two_and_for_twelve(django_assert_max_num_queries):
    enrolled(12)
    make_final()
    with django_assert_max_num_queries(45):
        writes.issue_certificates(SLUG, ROUND, 0, AT)


def test_numbers_go_on_without_a_gap_and_begin_anew_each_year():
    awarded(3)
    organ = models.CertificateOrgan.objects.get()
    assert issuing.declare_organ(organ.name, " 华科 协证 ", {"华容县优秀科普员": Design.BLUE}) is None
    first = given()[0]
    Communicator.objects.filter(account=first.person).update(name="汪一明")
    number = issuing.give_anew(first.number, "姓写错了", 7, AT)
    second = given()[1]
    Communicator.objects.filter(account=second.person).update(name="汪二明")
    later = issuing.give_anew(second.number, "姓写错了", 7, AT + timedelta(days=60))
    assert reads.certificate(number, HERE).serial == "华科协证〔2021〕0004号"
    assert reads.certificate(later, HERE).serial == "华科协证〔2022〕0001号"
    numbers = models.Certificate.objects.filter(year=2021).values_list("number", flat=True)
    assert sorted(numbers) == [1, 2, 3, 4]


def test_a_wrong_paper_is_revoked_and_the_new_one_has_the_name_of_the_register():
    [person], _ = awarded(1)
    [old] = given()
    assert issuing.give_anew(old.number, "姓写错了", 7, AT) is NoCertificate.NOTHING_CHANGED
    Communicator.objects.filter(account=person).update(name="汪一明")
    assert issuing.give_anew(old.number, " ", 7, AT) is NoCertificate.REASON_MISSING
    assert issuing.give_anew(999, "x", 7, AT) is NoCertificate.UNKNOWN
    new = reads.certificate(issuing.give_anew(old.number, "姓写错了", 7, AT), HERE)
    assert (new.name, new.is_valid, new.code != old.code) == ("汪一明", True, True)
    assert reads.certificate(old.number, HERE).revoked_for is RevokedFor.MISTAKE
    assert issuing.give_anew(old.number, "又一次", 7, AT) is NoCertificate.REVOKED_ALREADY
    assert [each.number for each in reads.certificates_of(person)] == [new.number, old.number]


def test_a_revoked_award_takes_its_certificate_with_it():
    persons, _ = awarded(2)
    assert not isinstance(writes.revoke_award(SLUG, ROUND, (persons[1], COUNTY), 0, AT, "核实有误"), NoStep)
    first, second = given()
    assert first.is_valid
    assert (second.revoked_for, second.revoked_on) == (RevokedFor.AWARD, AT.date())
    bits = reads.status_list(second.organ, second.status_list, "https://x.cn")
    none = reads.status_list(second.organ, second.status_list + 1, "https://x.cn")
    assert (bits is not None, none) == (True, None)


def test_a_revoked_award_is_marked_on_the_public_list_and_its_reason_is_told_to_its_owner_alone(client):
    persons, _ = awarded(3)
    writes.revoke_award(SLUG, ROUND, (persons[1], COUNTY), 0, AT, "核实为他人代为转发")
    page = client.get(f"/rounds/{SLUG}/{ROUND}/?scope={COUNTY}").content.decode()
    assert page.count("已撤销") == 1
    assert "代为转发" not in page
    assert "已撤销" not in client.get(f"/rounds/{SLUG}/{ROUND}/?scope=4306").content.decode()
    town.sign_in(client, persons[1])
    assert "核实为他人代为转发" in client.get(f"/rounds/{SLUG}/{ROUND}/why/").content.decode()
    town.sign_in(client, persons[0])
    assert "代为转发" not in client.get(f"/rounds/{SLUG}/{ROUND}/why/").content.decode()


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("华科协证", "华科协证"),
        (" 华 科 ", "华科"),
        ("", None),
        ("a" * 31, None),
        ("华〔2021〕", None),
        ("\x00", None),
    ],
)
def test_a_mark_is_some_plain_signs(text, mark):
    assert mark_of(text) == mark


def test_two_organs_never_share_a_mark():
    awarded(1)
    other = models.CertificateOrgan.objects.create(name="岳阳市科学技术协会", mark="岳科协证")
    mine = models.CertificateOrgan.objects.exclude(pk=other.pk).get()
    assert issuing.declare_organ(mine.name, "岳科协证", {}) is NoCertificate.MARK_MISSING
    assert issuing.declare_organ(mine.name, "〔〕", {}) is NoCertificate.MARK_MISSING
    assert issuing.declare_organ(other.name, "岳科协证", {}) is None


def test_what_an_organ_declares_before_the_first_certificate_stands_on_it():
    enrolled(1)
    make_final()
    published = campaigns.campaign(SLUG)
    [[organ]] = reads.organs_awarding([(published.sheet, published.sheet.rounds[1])])
    assert (organ.number, organ.mark, organ.designs) == (0, "", {"华容县优秀科普员": Design.RED})
    assert issuing.declare_organ(organ.name, "华科协证", {"华容县优秀科普员": Design.BLUE}) is None
    [[declared]] = reads.organs_awarding([(published.sheet, published.sheet.rounds[1])])
    assert (declared.mark, declared.designs) == ("华科协证", {"华容县优秀科普员": Design.BLUE})
    writes.issue_certificates(SLUG, ROUND, 0, AT)
    [first] = given()
    assert (first.serial, first.design) == ("华科协证〔2021〕0001号", Design.BLUE)


def test_only_the_divisions_that_are_asked_about_are_seen(django_assert_num_queries):
    awarded(2)
    [first, _] = given()
    for divisions in ((), ("4307",), ("430623110",)):
        assert reads.certificates(SLUG, ROUND, divisions, 0, 10).rows == []
        assert reads.certificate(first.number, divisions) is None
        assert reads.certified_rounds(divisions) == []
    with django_assert_num_queries(1):
        [counted] = reads.certified_rounds(("",))
    assert (counted.given, counted.revoked) == (2, 0)
    with django_assert_num_queries(2):
        [organ] = reads.organs_of(SLUG, ROUND, HERE)
    assert organ.designs == {"华容县优秀科普员": Design.RED}
    with django_assert_num_queries(1):
        assert reads.certificate_with(first.code) == first
    with django_assert_num_queries(0):
        assert reads.certificate_with(first.code.upper()) is None


def test_a_hundred_are_one_file_whose_codes_all_read_and_whose_pages_say_valid(client, tmp_path, monkeypatch):
    """In under 20 s, and the process that sets them never holds 300 MB."""
    persons, _ = awarded(100)
    writes.revoke_award(SLUG, ROUND, (persons[50], COUNTY), 0, AT, "核实有误")
    found, base = given(), "http://testserver"
    before = time.monotonic()
    content = reads.certificates_pdf(found, base)
    took = time.monotonic() - before
    asked = []
    monkeypatch.setattr(reads, "pdf_from_typst", lambda *values: asked.extend(values) or b"")
    reads.certificates_pdf(found, base)
    same, kilobytes = set_alone(*asked)
    print(f"100 certificates: {took:.1f} s, {kilobytes / 1024:.0f} MB, {len(content) / 1024:.0f} KB")
    assert same == content
    assert took < 20, took
    assert kilobytes < 300 * 1024, kilobytes
    assert len(content) < 20 * 1024 * 1024
    read = codes_in(content, tmp_path)
    assert len(read) == 100
    assert read == [f"{base}/certificates/{each.code}/" for each in found]
    for place, address in enumerate(read):
        cache.clear()
        page = client.get(address.removeprefix(base)).content.decode()
        assert ("这张证书有效" in page) is (place != 50)
        assert ("这张证书已撤销" in page) is (place == 50)


def codes_in(content, folder):
    """What zbarimg reads on each page of a PDF, in order."""
    document = pypdfium2.PdfDocument(content)
    read = []
    for number in range(len(document)):
        path = folder / f"{number:03d}.png"
        document[number].render(scale=1.6).to_pil().save(path)
        said = subprocess.run(
            ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(path)],
            capture_output=True,
            text=True,
            check=True,
        )
        assert re.fullmatch(r"\S+\n", said.stdout), (number, said.stdout)
        read.append(said.stdout.strip())
        path.unlink()
    return read


def test_the_check_page_says_what_the_paper_says_and_hides_the_name(client, django_assert_num_queries):
    persons, _ = awarded(2)
    first, second = given()
    with django_assert_num_queries(1):
        answer = client.get(f"/certificates/{first.code}/")
    page = answer.content.decode()
    for words in (
        "这张证书有效",
        first.serial,
        "华容县优秀科普员",
        "王*明",
        "华容县科学技术协会",
        "2021年12月10日",
    ):
        assert words in page
    assert "王一明" not in page
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in page
    writes.revoke_award(SLUG, ROUND, (persons[1], COUNTY), 0, AT, "内部原因不公开")
    page = client.get(f"/certificates/{second.code}/").content.decode()
    assert "这张证书已撤销" in page
    assert "这项奖励已撤销。" in page
    assert "内部原因不公开" not in page
    assert "有效" not in page


@pytest.mark.parametrize("code", ["0123456789abcdefghjk", "x", "0" * 200, "0123456789ABCDEFGHJK"])
def test_what_nobody_was_given_is_not_there(client, code):
    answer = client.get(f"/certificates/{code}/")
    assert answer.status_code == 404
    assert "没有这张证书" in answer.content.decode()


def test_a_network_may_not_try_codes_without_end(client, monkeypatch):
    monkeypatch.setattr("kepu.awards.pages.certificates.CHECKS_PER_MINUTE_MAX", 3)
    monkeypatch.setattr("kepu.awards.pages.certificates.clock.now", lambda: AT)
    cache.clear()
    statuses = [client.get("/certificates/0123456789abcdefghjk/").status_code for _ in range(5)]
    assert statuses == [404, 404, 404, 429, 429]
    assert client.get("/certificates/x/", REMOTE_ADDR="198.51.100.7").status_code == 404
    cache.clear()


def test_my_paper_and_my_credential_are_mine_alone(client):
    persons, _ = awarded(2)
    first, _ = given()
    for what in ("paper", "credential"):
        address = f"/me/certificates/{first.code}/{what}/"
        assert client.get(address)["Location"].startswith("/sign-in/")
        town.sign_in(client, persons[1])
        assert client.get(address).status_code == 404
        client.cookies.clear()
    town.sign_in(client, persons[0])
    paper = client.get(f"/me/certificates/{first.code}/paper/")
    assert paper.content.startswith(b"%PDF-")
    assert paper["Content-Type"] == "application/pdf"
    mine = client.get("/me/certificates/").content.decode()
    assert f"/me/certificates/{first.code}/paper/" in mine
    assert "已颁奖" in mine
    assert "待发放" in mine


def test_a_busy_typesetter_says_come_back(client, monkeypatch):
    def busy(*_):
        raise TypesettingBusyError("full")

    [person], _ = awarded(1)
    monkeypatch.setattr("kepu.awards.pages.certificates.reads.certificates_pdf", busy)
    town.sign_in(client, person)
    answer = client.get(f"/me/certificates/{given()[0].code}/paper/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "请稍等几秒再试" in answer.content.decode()


def test_a_credential_is_checked_with_nothing_but_what_is_public(client, settings):
    """As a verifier does it: the credential, then the addresses that stand in it."""
    settings.KEPU_SITE_URL = "https://kepu.example.cn"
    persons, _ = awarded(3)
    for person in persons[:2]:
        code = next(each.code for each in given() if each.person == person)
        town.sign_in(client, person)
        answer = client.get(f"/me/certificates/{code}/credential/")
        assert answer["Content-Type"] == "application/vc"
        client.cookies.clear()
        held = json.loads(answer.content)
        assert "王" not in answer.content.decode()
        key = held["proof"]["verificationMethod"]
        document = json.loads(client.get(path_of(key)).content)
        [method] = [each for each in document["verificationMethod"] if each["id"] == key]
        assert held["issuer"]["id"] == document["id"]
        check(held, method["publicKeyMultibase"])
        assert revoked(client, held, method) is False
    writes.revoke_award(SLUG, ROUND, (persons[1], COUNTY), 0, AT, "核实有误")
    assert revoked(client, held, method) is True


def revoked(client, held, method):
    """Whether the status list that a credential names says so."""
    entry = held["credentialStatus"]
    answer = client.get(path_of(entry["statusListCredential"]))
    assert answer["Access-Control-Allow-Origin"] == "*"
    listed = json.loads(answer.content)
    check(listed, method["publicKeyMultibase"])
    assert (listed["id"], listed["issuer"]) == (entry["statusListCredential"], held["issuer"]["id"])
    coded = listed["credentialSubject"]["encodedList"][1:]
    bits = gzip.decompress(base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)))
    index = int(entry["statusListIndex"])
    return bool(bits[index // 8] >> (7 - index % 8) & 1)


def path_of(address):
    """The path of an address of the site, without its fragment."""
    return address.removeprefix("https://kepu.example.cn").partition("#")[0]


def test_there_is_no_issuer_and_no_list_that_never_was(client):
    assert client.get("/credentials/issuers/1/").status_code == 404
    assert client.get("/credentials/status/1/1/").status_code == 404
