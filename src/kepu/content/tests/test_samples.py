"""The twenty articles keep to what was promised of them."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kepu.content import covers, markup
from kepu.content.rules import quiz_trouble
from kepu.content.samples import TOPICS, samples

SAMPLES = samples()
DRAWN = Path(covers.__file__).parent / "static/content/covers"
# A village reader is never promised a cure, frightened into reading, or paid for sharing.
NEVER = re.compile(r"包治|根治|特效|神药|祖传|震惊|速转|必看|不转不是|积分|奖励|补贴|话费|抽奖|红包")
each = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.slug)


def chars(text: str) -> int:
    """Characters without spaces and line breaks."""
    return len(re.sub(r"\s", "", text))


def test_there_are_twenty_and_no_two_are_alike():
    assert len(SAMPLES) == 20
    for facts in ("slug", "title", "summary", "cover", "text"):
        assert len({getattr(sample, facts) for sample in SAMPLES}) == 20, facts
    assert {sample.topic for sample in SAMPLES} == {slug for slug, _ in TOPICS}
    questions = [quiz.question for sample in SAMPLES for quiz in sample.quizzes]
    assert len(set(questions)) == len(questions)


@each
def test_its_length_suits_a_phone(sample):
    assert 400 <= chars(markup.plain_text(markup.html_of(sample.text))) <= 900
    assert 40 <= len(sample.summary) <= 80
    assert 8 <= len(sample.title) <= 30


@each
def test_it_is_written_in_chinese_and_promises_nothing(sample):
    whole = sample.title + sample.summary + sample.text
    assert len(re.findall(r"[\u4e00-\u9fff]", whole)) > 0.75 * chars(whole)
    # An article on rumours must quote the words it warns of.
    assert sample.slug == "rumours" or not NEVER.search(sample.title + sample.text)


@each
def test_it_names_one_to_three_sources(sample):
    assert 1 <= len(sample.references) <= 3
    for reference in sample.references:
        assert len(reference.title) > 5
        assert reference.publisher
        assert re.fullmatch(r"(\d{4})?", reference.year)
        assert reference.url == ""


@each
def test_its_questions_are_fair(sample):
    assert 1 <= len(sample.quizzes) <= 2
    for quiz in sample.quizzes:
        assert quiz_trouble(quiz.options, quiz.right) is None
        assert quiz.question.endswith("？")
        assert chars(quiz.explanation) >= 8


def test_the_right_answers_do_not_stand_in_one_place():
    places = [quiz.right for sample in SAMPLES for quiz in sample.quizzes]
    assert max(places.count(place) for place in range(4)) <= len(places) / 2


@each
def test_it_has_a_cover_of_its_own(sample):
    assert sample.cover in covers.COVERS


@pytest.mark.parametrize("name", covers.COVERS)
def test_a_cover_is_a_small_drawing_without_letters_or_scripts(name):
    text = (DRAWN / f"{name}.svg").read_bytes()
    assert len(text) <= 6000
    drawing = ElementTree.fromstring(text)
    assert drawing.get("viewBox") == "0 0 640 360"
    tags = {element.tag.rpartition("}")[2] for element in drawing.iter()}
    assert tags <= {"svg", "g", "path", "rect", "circle", "ellipse"}
    assert not {key for element in drawing.iter() for key in element.attrib if key.startswith(("on", "href"))}


def test_every_drawing_is_offered_and_no_two_are_alike():
    drawn = sorted(DRAWN.glob("*.svg"))
    assert {path.stem for path in drawn} == set(covers.COVERS)
    assert len({path.read_bytes() for path in drawn}) == len(drawn)
