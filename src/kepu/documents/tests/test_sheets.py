"""A table goes out and comes back as it was; what is no table is told apart; typed formulas stay text."""

import io
import resource
import zipfile
from datetime import UTC, date, datetime

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from kepu.documents.reading import FILE_BYTES_MAX, SheetTrouble, read_sheet, read_sheets
from kepu.documents.writing import Column, Form, Sheet, write_book, write_xlsx
from kepu.kit.tests.depth import cases

COLUMNS = [Column("姓名"), Column("传播量", Form.NUMBER), Column("日期", Form.DAY)]
ROWS = [("张三", 2660, date(2021, 11, 30)), ("=1+1", -3, None), ("@SUM(A1)", 0, date(2020, 2, 29))]


def test_what_is_written_is_read_again(tmp_path):
    path = tmp_path / "a.xlsx"
    assert write_xlsx(path, "名单/一", COLUMNS, ROWS) == 3
    read = read_sheet(path.read_bytes(), 10)
    assert read == [("姓名", "传播量", "日期"), *ROWS]


def test_a_table_of_headings_alone_has_one_row_and_the_limit_is_exact(tmp_path):
    path = tmp_path / "a.xlsx"
    write_xlsx(path, "名单", COLUMNS, [])
    assert read_sheet(path.read_bytes(), 1) == [("姓名", "传播量", "日期")]
    write_xlsx(path, "名单", COLUMNS, ROWS)
    assert read_sheet(path.read_bytes(), 3) is SheetTrouble.TOO_MANY_ROWS
    assert len(read_sheet(path.read_bytes(), 4)) == 4


def test_numbers_are_numbers_and_typed_formulas_are_text(tmp_path):
    path = tmp_path / "a.xlsx"
    write_xlsx(path, "名单", COLUMNS, ROWS)
    sheet = openpyxl.load_workbook(path).active
    assert [cell.data_type for cell in sheet[3]] == ["s", "n", "n"]
    assert (sheet["A3"].value, sheet["B2"].value) == ("=1+1", 2660)


def test_a_moment_is_shown_in_shanghai(tmp_path):
    path = tmp_path / "a.xlsx"
    write_xlsx(path, "a", [Column("a", Form.MOMENT)], [[datetime(2021, 7, 31, 16, 30, tzinfo=UTC)]])
    assert str(read_sheet(path.read_bytes(), 10)[1][0]) == "2021-08-01 00:30:00"


def test_rows_are_written_as_they_come(tmp_path):
    assert write_xlsx(tmp_path / "a.xlsx", "a", [Column("a")], ([str(n)] for n in range(5000))) == 5000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_a_csv_is_read_in_each_encoding(encoding):
    assert read_sheet("姓名,手机号\n张三, 13800001234 \n\n".encode(encoding), 10) == [
        ("姓名", "手机号"),
        ("张三", "13800001234"),
    ]


def test_a_merged_cell_speaks_for_all_it_covers():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 2, "插旗镇")
        sheet.write_row(1, 0, ["同福村", 1, 2])
        sheet.merge_range(2, 0, 3, 0, "注北村")
        sheet.write_row(2, 1, [3, 4])
        sheet.write_row(3, 1, [5, 6])
    assert read_sheet(out.getvalue(), 10) == [
        ("插旗镇", "插旗镇", "插旗镇"),
        ("同福村", 1, 2),
        ("注北村", 3, 4),
        ("注北村", 5, 6),
    ]


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        for number in range(3):
            parts.writestr(f"xl/{number}", bytes(100 * 1024 * 1024))
    return out.getvalue()


def _sparse() -> bytes:
    """5 KB: one cell in the first row and column and one in the last, for which a parser wants 512 GB."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "姓名")
        sheet.write(1_048_575, 16_383, "远")
    return out.getvalue()


def _lying() -> bytes:
    """A sheet that unpacks to 300 MB and says that it has 1,000 bytes."""
    out, honest = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(honest) as book:
        book.add_worksheet().write(0, 0, "姓名")
    with zipfile.ZipFile(honest) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as more:
        for part in parts.infolist():
            space = bytes(300 * 1024 * 1024) if part.filename.endswith("sheet1.xml") else b""
            more.writestr(part.filename, parts.read(part) + space.replace(b"\0", b" "))
    raw = out.getvalue()
    with zipfile.ZipFile(out) as parts:
        large = max(part.file_size for part in parts.infolist())
    return raw.replace(large.to_bytes(4, "little"), (1_000).to_bytes(4, "little"))


@pytest.mark.parametrize("make", [_sparse, _lying])
def test_what_a_workbook_says_of_its_size_is_not_believed(make):
    """Neither brings this process down, nor holds much of its memory."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    content = make()
    made = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert read_sheet(content, 100_000) in (SheetTrouble.TOO_LARGE, SheetTrouble.NOT_A_SHEET)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - max(before, made) < 50 * 1024


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"", SheetTrouble.EMPTY),
        (b"\n\n , \n", SheetTrouble.EMPTY),
        (b"\xff\xfe\x00", SheetTrouble.NOT_A_SHEET),
        (b"%PDF-1.7\x00", SheetTrouble.NOT_A_SHEET),
        (b"PK\x03\x04 nothing", SheetTrouble.NOT_A_SHEET),
        (b"\xd0\xcf\x11\xe0 nothing", SheetTrouble.NOT_A_SHEET),
        (b"a\n" * 11, SheetTrouble.TOO_MANY_ROWS),
        (b"a," * 101, SheetTrouble.TOO_MANY_COLUMNS),
        (b"a" * (FILE_BYTES_MAX + 1), SheetTrouble.TOO_LARGE),
        (_bomb(), SheetTrouble.TOO_LARGE),
    ],
)
def test_what_is_no_table_is_told_apart(content, trouble):
    assert read_sheet(content, 10) is trouble


@settings(max_examples=cases(15), deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fall_over(content):
    for start in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        assert isinstance(read_sheet(start + content, 10), list | SheetTrouble)


@pytest.mark.parametrize("harm", ["name", "version"])
def test_a_zip_that_the_library_cannot_name_is_no_sheet(harm):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as parts:
        parts.writestr("表.txt", "x")
    content = held.getvalue()
    if harm == "name":
        content = content.replace("表".encode(), b"\xff\xfe\xfd")
    else:
        place = content.index(b"PK\x01\x02") + 6  # the version needed to extract
        content = content[:place] + b"\xff" + content[place + 1 :]
    assert read_sheet(content, 10) is SheetTrouble.NOT_A_SHEET


def test_a_book_has_its_sheets_in_order(tmp_path):
    path = tmp_path / "a.xlsx"
    sheets = [Sheet("汇总", COLUMNS, ROWS), Sheet("明细", [Column("甲")], [["=1+1"], ["二"]])]
    assert write_book(path, sheets) == 5
    assert openpyxl.load_workbook(path).sheetnames == ["汇总", "明细"]
    (name, first), (_, second) = read_sheets(path.read_bytes(), 99, 2)
    assert (name, len(first), second) == ("汇总", 4, [("甲",), ("=1+1",), ("二",)])
