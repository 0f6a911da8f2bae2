"""Papers as passages: what is read of each kind of file, and the answer to what cannot be read."""

import io
import zipfile
import zlib

import pytest

from kepu.documents import reading_papers
from kepu.documents.passages import CHARACTERS_MAX, PASSAGES_MAX, PaperTrouble, Pile
from kepu.documents.reading import FILE_BYTES_MAX, UNPACKED_BYTES_MAX
from kepu.documents.reading_papers import decoded, read_paper

NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def docx_of(body: str, **parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", f"<w:document {NAMES}><w:body>{body}</w:body></w:document>")
        for name, text in parts.items():
            packed.writestr(f"word/{name}.xml", text.replace("NAMES", NAMES))
    return out.getvalue()


def texts(content: bytes) -> list[str]:
    found = read_paper(content)
    assert isinstance(found, tuple), found
    return [each.text for each in found]


def cells(content: bytes) -> list[tuple[str, ...]]:
    found = read_paper(content)
    assert isinstance(found, tuple), found
    return [each.cells for each in found if each.table]


def p(text: str, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_text_is_read_in_any_of_its_encodings(encoding: str) -> None:
    text = "关于做好科普工作的通知\n各村：\n　　现通知如下。"
    assert texts(text.encode(encoding)) == ["关于做好科普工作的通知", "各村：", "现通知如下。"]


def test_lines_cut_at_a_width_are_paragraphs_again() -> None:
    text = (
        "    为推动科普资源下沉，县科协定于二〇二五年一月起开展积分排\n"
        "行活动，本年度活动自一月一日起至十二月三十一日结束。具体事项如\n"
        "下：\n"
        "    一、每人每天最多计二十分，签到每次一分，多做不计，不足一分\n"
        "的不计。\n"
    )
    assert [len(each) for each in texts(text.encode())] == [61, 33]


def test_columns_are_a_table_and_a_spaced_line_is_not() -> None:
    assert cells("任务表\n单位  人数\n东村  10\n西村  20\n联系人  张三".encode())[:3] == [
        ("单位", "人数"),
        ("东村", "10"),
        ("西村", "20"),
    ]
    assert cells("通  知\n各村：\n请照办。".encode()) == []


def test_docx_keeps_order_boxes_alternatives_and_insertions_and_leaves_deletions() -> None:
    box = f"<w:txbxContent>{p('红头文件')}</w:txbxContent>"
    first, other = f"<mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>", f"<mc:Fallback>{box}</mc:Fallback>"
    choice = f"<mc:AlternateContent>{first}{other}</mc:AlternateContent>"
    body = (
        f"<w:p><w:r>{choice}</w:r><w:r><w:t>标题</w:t></w:r></w:p>"
        "<w:p><w:del><w:r><w:delText>200</w:delText></w:r></w:del><w:ins><w:r><w:t>300次</w:t></w:r></w:ins></w:p>"
        f"<w:tbl><w:tr><w:tc>{p('单位')}</w:tc><w:tc>{p('人数')}</w:tc></w:tr></w:tbl>"
        f"<w:sdt><w:sdtContent>{p('末尾')}</w:sdtContent></w:sdt>"
    )
    line, note = (
        f'<w:footnote w:type="separator">{p("-")}</w:footnote>',
        f"<w:footnote>{p('注：按月')}</w:footnote>",
    )
    notes = f"<w:footnotes NAMES>{line}{note}</w:footnotes>"
    found = docx_of(body, footnotes=notes)
    assert texts(found) == ["红头文件", "标题", "300次", "单位  人数", "末尾", "注：按月"]


def test_docx_repeats_merged_cells() -> None:
    span = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>'
    start, go_on = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>', "<w:tcPr><w:vMerge/></w:tcPr>"
    body = (
        f"<w:tbl><w:tr><w:tc>{start}{p('单位')}</w:tc><w:tc>{span}{p('任务')}</w:tc></w:tr>"
        f"<w:tr><w:tc>{go_on}{p('')}</w:tc><w:tc>{p('骨干')}</w:tc><w:tc>{p('注册')}</w:tc></w:tr></w:tbl>"
    )
    assert cells(docx_of(body)) == [("单位", "任务", "任务"), ("单位", "骨干", "注册")]


def test_docx_prints_the_labels_of_its_lists() -> None:
    listed = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    numbering = (
        '<w:numbering NAMES><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="9"/>'
        '<w:numFmt w:val="japaneseCounting"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    body = "".join(p(each, listed) for each in ("目标", "奖励", "纪律"))
    assert texts(docx_of(body, numbering=numbering)) == ["九、目标", "十、奖励", "十一、纪律"]


def test_a_frame_around_text_is_no_table() -> None:
    assert cells(docx_of(f"<w:tbl><w:tr><w:tc>{p('标题')}{p('正文')}</w:tc></w:tr></w:tbl>")) == []


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b" " * (UNPACKED_BYTES_MAX + 1))
    return out.getvalue()


def entities() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("word/document.xml", '<!DOCTYPE d [<!ENTITY a "aaaa">]><d>&a;</d>')
    return out.getvalue()


TROUBLES = {
    "nothing": (b"", PaperTrouble.EMPTY),
    "blanks": (b" \n \n", PaperTrouble.EMPTY),
    "too large": (b"a" * (FILE_BYTES_MAX + 1), PaperTrouble.TOO_LARGE),
    "too long": ("字\n" * (PASSAGES_MAX + 1), PaperTrouble.TOO_LONG),
    "a bomb": (bomb, PaperTrouble.TOO_LARGE),
    "entities": (entities, PaperTrouble.DAMAGED),
    "half a docx": (lambda: docx_of(p("半"))[:-40], PaperTrouble.UNKNOWN),
    "broken xml": (lambda: docx_of("<w:p>"), PaperTrouble.DAMAGED),
    "old Word": (b"\xd0\xcf\x11\xe0" + b"\0" * 2000, PaperTrouble.OLD_WORD),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, PaperTrouble.UNKNOWN),
    "half a pdf": (b"%PDF-1.7\n1 0 obj\n<<", PaperTrouble.DAMAGED),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_what_cannot_be_read_has_its_answer(name: str) -> None:
    content, trouble = TROUBLES[name]
    made = content() if callable(content) else content
    assert read_paper(made.encode() if isinstance(made, str) else made) is trouble


def pdf_of(*objects: str, trailer: str = "") -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{each}\nendobj\n".encode("latin-1")
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    return (
        out
        + f"trailer\n<</Size {len(objects) + 1} /Root 1 0 R {trailer}>>\nstartxref\n{table}\n%%EOF".encode()
    )


PAGES = ("<</Type /Catalog /Pages 2 0 R>>", "<</Type /Pages /Kids [3 0 R] /Count 1>>")
PAGE = "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>>"


def test_a_scan_is_told_from_a_text() -> None:
    assert read_paper(pdf_of(*PAGES, PAGE)) is PaperTrouble.SCANNED


def test_a_locked_pdf_is_told_so() -> None:
    lock = f"<</Filter /Standard /V 1 /R 2 /O <{'41' * 32}> /U <{'42' * 32}> /P -4>>"
    content = pdf_of(*PAGES, PAGE, lock, trailer=f"/Encrypt 4 0 R /ID [<{'43' * 16}> <{'43' * 16}>]")
    assert read_paper(content) is PaperTrouble.LOCKED


def test_a_pile_is_never_higher_than_its_limits() -> None:
    pile = Pile()
    for _each in range(PASSAGES_MAX + 5):
        pile.add("字" * (CHARACTERS_MAX // 1000), "第 1 行")
    assert pile.is_full
    assert len(pile.passages) <= 1000


def test_bytes_that_are_no_text_are_none() -> None:
    assert decoded(bytes(range(256)) * 4) is None


def test_a_pdf_whose_stream_unpacks_too_large_brings_nothing_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_papers, "WORK_SECONDS_MAX", 3)
    monkeypatch.setattr(reading_papers, "ADDRESS_SPACE_BYTES_MAX", 512 * 1024**2)
    packer = zlib.compressobj(6)
    piece = b" " * 1024**2
    packed = b"".join(packer.compress(piece) for _each in range(600)) + packer.flush()
    page = "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R>>"
    stream = (
        f"<</Length {len(packed)} /Filter /FlateDecode>>\nstream\n" + packed.decode("latin-1") + "\nendstream"
    )
    found = read_paper(pdf_of(*PAGES, page, stream))
    assert found in (PaperTrouble.TOO_COSTLY, PaperTrouble.DAMAGED)
