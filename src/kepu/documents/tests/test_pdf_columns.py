"""Tables that no lines rule are told by where their pieces stand."""

from kepu.documents.pdf_columns import Piece, cells_of, runs_in


def row(*pieces: tuple[str, float]) -> tuple[Piece, ...]:
    return tuple(Piece(text, left, left + 10 * len(text)) for text, left in pieces)


TABLE = [
    row(("单位", 0), ("任务", 100)),
    row(("骨干", 100), ("传播量", 200)),
    row(("东村", 0), ("2", 100), ("4400", 200)),
    row(("西村", 0), ("4400", 200)),
    row(("南村", 0), ("3", 100), ("6600", 200)),
]


def test_rows_stand_in_columns_and_a_heading_over_two_stands_in_both() -> None:
    assert cells_of(TABLE, ends_page=False) == [
        (0, ("单位", "任务", "任务")),
        (1, ("", "骨干", "传播量")),
        (2, ("东村", "2", "4400")),
        (3, ("西村", "", "4400")),
        (4, ("南村", "3", "6600")),
    ]


def test_what_a_cell_wraps_is_put_together() -> None:
    rows = [
        *TABLE[:3],
        row(("向阳街", 0), ("2", 100), ("4400", 200)),
        row(("第一轮", 0), ("完成任务且排", 90), ("话费1", 200)),
    ]
    wrapped = [*rows, row(("名前十", 90))]
    assert cells_of(wrapped, ends_page=False)[-1] == (4, ("第一轮", "完成任务且排名前十", "话费1"))


def test_lines_of_text_are_no_table() -> None:
    signed = [row(("甲县科协", 0), ("甲县教育局", 100)), row(("乙县科协", 0), ("乙县教育局", 100))]
    assert cells_of(signed, ends_page=False) == []
    marked = [row(("一、", 0), ("活动时间", 40)), row(("二、", 0), ("活动内容", 40))]
    assert runs_in(marked) == []
    sentences = [row(("每人每天最多分享300次。", 0), ("见附件。", 200))] * 3
    assert runs_in(sentences) == []


def test_columns_that_overlap_are_no_table() -> None:
    rows = [row(("东村", 0), ("2", 100), ("4400", 200)), row(("西村西村西村西", 0), ("1", 60), ("2", 200))]
    assert cells_of(rows, ends_page=False) == []


def test_a_signature_behind_a_table_is_no_part_of_it() -> None:
    assert runs_in([*TABLE, row(("插旗镇人民政府", 217))]) == [(0, 5)]
    assert runs_in([*TABLE, row(("元", 200))]) == [(0, 6)]
