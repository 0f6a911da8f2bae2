"""The page of GB/T 9704-2012 in numbers that both writers use. Lengths in points unless said."""

MILLIMETRE = 72 / 25.4
PAGE_MM = (210.0, 297.0)
# 天头 37, 订口 28, 版心 156 × 225 (5.2.1): so much is left at the right and at the foot.
TOP_MM, LEFT_MM, RIGHT_MM, BOTTOM_MM = 37.0, 28.0, 26.0, 35.0
TEXT_MM = (156.0, 225.0)
# 每面 22 行，每行 28 字 (5.2.3): a character of 16 pt is set 0.2 pt closer than it is wide.
LINES, CHARACTERS = 22, 28
TEXT_SIZE, TITLE_SIZE, SMALL_SIZE = 16.0, 22.0, 14.0  # 3号, 2号, 4号
NOTE_SIZE, NOTE_LINE = 12.0, 20.0  # 小四, for tables and the list of sources
LINE = 28.98  # 225 mm in 22 parts are 28.991: a hair less, so that rounding never pushes out the last line
CHARACTER = TEXT_MM[0] * MILLIMETRE / CHARACTERS
# 发文机关标志 35 mm under the top of the text, the red rule 4 mm under the number (7.2.4, 7.2.7).
MARK_DROP_MM, RULE_DROP_MM = 35.0, 4.0
MARK_SIZE_MAX = 46.0
# 版记: 首末 0.35 mm, 中间 0.25 mm (7.4.1); 页码: 7 mm under the text (7.5).
RULE_STRONG_MM, RULE_THIN_MM = 0.35, 0.25
RED_RULE_MM = 0.5
RED = "#DA251D"
PAGE_NUMBER_DROP_MM = 7.0
# 信函格式 (10.1): the mark 30 mm from the edge of the page, 4 mm under it a double line of 170 mm, another
# 20 mm from the lower edge, the number 7/8 of a character under the first.
LETTER_MARK_MM, LETTER_RULE_DROP_MM, LETTER_FOOT_MM, LETTER_RULE_MM = 30.0, 4.0, 20.0, 170.0
LETTER_STRONG_MM, LETTER_GAP_MM, LETTER_THIN_MM = 0.8, 0.5, 0.3
LETTER_NUMBER_DROP = 7 / 8 * TEXT_SIZE
INK = 0.93  # how high the ink of a character is, in parts of its size
DATE_RIGHT_CHARACTERS = 4  # 成文日期右空四字 (7.3.5.1)


def width_in_characters(text: str) -> float:
    """How wide a text is, in characters: ASCII takes half of one, as in the fonts the papers are set in."""
    return sum(0.5 if letter.isascii() else 1.0 for letter in text)


def mark_size(mark: str) -> float:
    """The size of 发文机关标志: as large as fits in one line, MARK_SIZE_MAX at most."""
    return min(MARK_SIZE_MAX, 0.97 * TEXT_MM[0] * MILLIMETRE / max(1.0, width_in_characters(mark)))


def letter_rule_mm(mark: str) -> float:
    """Where the first double line of a letter begins, in millimetres from the top of the page."""
    return LETTER_MARK_MM + INK * mark_size(mark) / MILLIMETRE + LETTER_RULE_DROP_MM


def letter_number_mm(mark: str) -> float:
    """Where the number of a letter begins, in millimetres from the top of the page."""
    rules = LETTER_STRONG_MM + LETTER_GAP_MM + LETTER_THIN_MM
    return letter_rule_mm(mark) + rules + LETTER_NUMBER_DROP / MILLIMETRE


def signature_indents(signature: str, day: str) -> tuple[float, float]:
    """How far 署名 and 成文日期 stay from the right, in characters: the name is centred on the date.

    A name too long for four characters beside the date moves the date to the left, so that both stay centred
    and the name ends at the edge.
    """
    name, date_width = width_in_characters(signature), width_in_characters(day)
    date_right = max(float(DATE_RIGHT_CHARACTERS), (name - date_width) / 2)
    return date_right + (date_width - name) / 2, date_right
