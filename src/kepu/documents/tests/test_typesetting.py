"""What the ground of every PDF promises: people's text is text, the same values give the same bytes."""

import pypdfium2
import pytest

from kepu.documents import typesetting
from kepu.documents.tests.measuring import set_alone
from kepu.documents.typesetting import TypesettingError, pdf_from_typst, typst_png

LAYOUT = '#import "/ground.typ": *\n#set text(font: serif)\n#for line in values.lines [#line #parbreak()]'


def texts(pdf):
    with pypdfium2.PdfDocument(pdf) as opened:
        return [page.get_textpage().get_text_bounded() for page in opened]


def test_text_of_people_is_never_read_as_markup():
    hostile = '#panic("x") *粗* $x^2$ @ref <label> \\ "引号" #read("/etc/passwd") = 标题 // 注 `代码`'
    (shown,) = texts(pdf_from_typst(LAYOUT, {"lines": [hostile]}))
    assert shown.replace("\r\n", "").replace(" ", "") == hostile.replace(" ", "")


def test_the_same_values_give_the_same_bytes():
    values = {"lines": ["同福村"]}
    assert pdf_from_typst(LAYOUT, values) == pdf_from_typst(LAYOUT, values)


def test_fonts_are_embedded_and_none_of_the_machine_is_used():
    source = '#import "/ground.typ": *\n#text(font: serif)[宋]#text(font: sans)[黑]#strong-serif(22pt)[题]'
    with pypdfium2.PdfDocument(pdf_from_typst(source, {})) as pdf:
        fonts = [thing.get_font() for thing in pdf[0].get_objects() if hasattr(thing, "get_font")]
        names = {font.get_base_name().partition("+")[2].partition("-")[0] for font in fonts}
        assert names == {"NotoSerifSC", "NotoSansCJKsc"}
        assert all(font.is_embedded for font in fonts)


def test_pictures_come_from_what_is_handed_over():
    dot = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    (with_dot,) = typst_png('#image("qr.svg")', {}, {"qr.svg": dot})
    (empty,) = typst_png("", {})
    assert with_dot != empty
    assert with_dot.startswith(b"\x89PNG")


@pytest.mark.parametrize("source", ['#read("/etc/passwd")', '#read("../setter.py")', "#nothing-of-the-kind"])
def test_a_layout_reads_no_file_of_the_machine_and_its_mistakes_are_named(source):
    with pytest.raises(TypesettingError, match=r"file not found|escape|unknown variable"):
        pdf_from_typst(source, {})


def test_time_has_an_end():
    with pytest.raises(TypesettingError, match="not set after"):
        pdf_from_typst(
            "#for a in range(90000) { for b in range(90000) { let c = calc.sin(a * b) } }", {}, seconds=1.5
        )


def test_memory_has_an_end():
    with pytest.raises(TypesettingError):
        pdf_from_typst('#let kept = "x" * 3000000000\n#kept.len()', {})


def test_when_both_places_are_taken_one_is_asked_to_come_again(monkeypatch):
    monkeypatch.setattr(typesetting, "WAIT_SECONDS_MAX", 0.01)
    for _ in range(2):
        typesetting._places.acquire()
    try:
        with pytest.raises(typesetting.TypesettingBusyError):
            pdf_from_typst(LAYOUT, {"lines": []})
    finally:
        for _ in range(2):
            typesetting._places.release()


def test_a_hundred_pages_cost_little_time_and_memory():
    lines = ["为进一步加强科普信息员队伍建设，现将有关事项通知如下。" * 6] * 1100
    pdf, kilobytes = set_alone(LAYOUT, {"lines": lines})
    assert len(texts(pdf)) >= 100
    assert kilobytes < 300_000


def test_half_a_character_and_control_characters_stop_nobody():
    (shown,) = texts(pdf_from_typst(LAYOUT, {"lines": ["甲\ud800\x00\x1b乙"]}))
    assert shown[0] == "甲"
    assert shown.rstrip()[-1] == "乙"
