"""The named styles of a paper as docx, written whole: python-docx's template knows no Chinese papers."""

from dataclasses import dataclass

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement

from kepu.documents.rules import geometry
from kepu.documents.rules.geometry import CHARACTER, LINE, MILLIMETRE, SMALL_SIZE, TEXT_SIZE, TITLE_SIZE

FANGSONG, KAI, HEI, SONG, BIAOSONG = "仿宋", "楷体", "黑体", "宋体", "方正小标宋简体"
# What an office takes where it has no such font: names only, none of these fonts is shipped (decision 28).
FALLBACKS = {
    FANGSONG: "FangSong,仿宋_GB2312,STFangsong,华文仿宋,Noto Serif CJK SC,Noto Serif SC",
    KAI: "KaiTi,楷体_GB2312,STKaiti,华文楷体,Noto Serif CJK SC",
    HEI: "SimHei,STHeiti,华文黑体,Noto Sans CJK SC",
    SONG: "SimSun,STSong,华文宋体,Noto Serif CJK SC",
    BIAOSONG: "FZXiaoBiaoSong-B05S,华文中宋,STZhongsong,宋体,Noto Serif CJK SC",
}


def twips(points: float) -> int:
    """Twentieths of a point, rounded down: what a docx counts in."""
    return int(points * 20)


LINE_TWIPS = twips(LINE)
CHARACTER_TWIPS = twips(CHARACTER)
TEXT_TWIPS = twips(geometry.TEXT_MM[0] * MILLIMETRE)


@dataclass(frozen=True, slots=True)
class _Style:
    """One paragraph style; `paragraph` and `letters` are further properties as XML of ours.

    `running`: text that goes on over lines, in which no number is cut. LibreOffice cuts numbers in text of
    language Chinese, and takes a font of another width for figures, where it lacks ours, in any other.
    """

    key: str
    name: str
    font: str = FANGSONG
    size: float = TEXT_SIZE
    paragraph: str = ""
    letters: str = ""
    following: str = "Normal"
    running: bool = False

    def xml(self) -> str:
        return (
            f'<w:style w:type="paragraph" w:styleId="{self.key}"><w:name w:val="{self.name}"/>'
            f'<w:basedOn w:val="Normal"/><w:next w:val="{self.following}"/><w:qFormat/>'
            f"<w:pPr>{self.paragraph}</w:pPr>"
            f"<w:rPr>{_fonts(self.font)}{self.letters}{_size(self.size)}"
            f"{_language('en-US' if self.running else 'zh-CN')}</w:rPr></w:style>"
        )


def _fonts(font: str) -> str:
    return (
        f'<w:rFonts w:hint="eastAsia" w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="{font}"/>'
    )


def _size(points: float) -> str:
    return f'<w:sz w:val="{int(points * 2)}"/><w:szCs w:val="{int(points * 2)}"/>'


def _language(latin: str) -> str:
    return f'<w:lang w:val="{latin}" w:eastAsia="zh-CN"/>'


def _exactly(points: float, before: float = 0) -> str:
    return f'<w:spacing w:before="{twips(before)}" w:after="0" w:line="{twips(points)}" w:lineRule="exact"/>'


def _level(level: int) -> str:
    """A place in the outline that offices show beside the text; 0 is the first."""
    return f'<w:outlineLvl w:val="{level}"/>'


TWO_IN = f'<w:ind w:firstLineChars="200" w:firstLine="{2 * CHARACTER_TWIPS}"/>'
_FREE = '<w:snapToGrid w:val="0"/>'  # a line of its own height does not stick to the grid of the page
_RED_LINE = (
    f'<w:pBdr><w:bottom w:val="single" w:sz="{round(geometry.RED_RULE_MM * MILLIMETRE * 8)}" '
    f'w:space="{round(geometry.RULE_DROP_MM * MILLIMETRE - 3)}" w:color="{geometry.RED[1:]}"/></w:pBdr>'
)
_LEFT, _CENTRED, _RIGHT = (f'<w:jc w:val="{side}"/>' for side in ("left", "center", "right"))
_SMALL_LINE = f"{_FREE}{_exactly(geometry.NOTE_LINE)}"
_HELD = "<w:keepNext/>"  # stays on the page of what follows
_RED, _GREY = f'<w:color w:val="{geometry.RED[1:]}"/>', '<w:color w:val="6E6E6E"/>'
_NOTE = geometry.NOTE_SIZE
_CLOSE = '<w:spacing w:val="0"/>'
# 16 pt less 0.25 pt, 28 times, are 441 pt of the 442.2 there are: a file counts in twentieths of a point.
_CLOSER = f'<w:spacing w:val="{-(-twips(CHARACTER - TEXT_SIZE) + 1)}"/>'
STYLES = (
    _Style("Mark", "发文机关标志", BIAOSONG, 36, f"{_FREE}{_CENTRED}", _RED + _CLOSE),
    _Style("Number", "发文字号", paragraph=f"{_RED_LINE}{_FREE}{_exactly(20, before=2 * LINE)}{_CENTRED}"),
    _Style("LetterNumber", "信函发文字号", paragraph=f"{_FREE}{_exactly(TEXT_SIZE)}{_RIGHT}"),
    _Style("Title", "Title", BIAOSONG, TITLE_SIZE, f"{_HELD}{_FREE}{_CENTRED}", _CLOSE),
    _Style("Addressee", "主送机关", running=True),
    _Style("Text", "Body Text", paragraph=TWO_IN, following="Text", running=True),
    _Style(
        "Heading1", "heading 1", HEI, paragraph=f"{_HELD}{TWO_IN}{_level(0)}", following="Text", running=True
    ),
    _Style(
        "Heading2", "heading 2", KAI, paragraph=f"{_HELD}{TWO_IN}{_level(1)}", following="Text", running=True
    ),
    _Style("Heading3", "heading 3", paragraph=f"{TWO_IN}{_level(2)}", following="Text", running=True),
    _Style("Heading4", "heading 4", paragraph=f"{TWO_IN}{_level(3)}", following="Text", running=True),
    _Style("AnnexList", "附件说明", running=True),
    _Style("Signature", "署名", paragraph=f"{_HELD}{_CENTRED}"),
    _Style("IssueDate", "成文日期", paragraph=_CENTRED),
    _Style("Note", "附注", paragraph=TWO_IN, running=True),
    _Style("AnnexMark", "附件标记", HEI, paragraph=f"{_HELD}<w:pageBreakBefore/>"),
    _Style("Caption", "caption", HEI, paragraph=f"{_HELD}{_CENTRED}"),
    _Style("Cell", "表格文字", size=_NOTE, paragraph=_SMALL_LINE, letters=_CLOSE),
    _Style("CellHead", "表头文字", HEI, _NOTE, f"{_SMALL_LINE}{_CENTRED}", _CLOSE),
    _Style("SourcesHead", "数据来源", HEI, _NOTE, f"{_HELD}{_FREE}{_exactly(20, before=LINE)}", _CLOSE),
    _Style(
        "Source",
        "来源条目",
        FANGSONG,
        _NOTE,
        f'{_SMALL_LINE}<w:ind w:left="480" w:hanging="480"/>{_LEFT}',
        _CLOSE,
        running=True,
    ),
    _Style("Imprint", "版记", FANGSONG, SMALL_SIZE, f"{_FREE}{_exactly(22)}", _CLOSE),
    _Style("PageNumber", "页码", SONG, SMALL_SIZE, f"{_FREE}{_exactly(16)}", _CLOSE),
    _Style("Draft", "草稿标记", HEI, SMALL_SIZE, f"{_FREE}{_exactly(20)}{_RIGHT}", _GREY + _CLOSE),
)


def styles_element() -> BaseOxmlElement:
    """All styles: 正文 (Normal), 标题 (Title), 标题 1 to 4 (heading), and the parts of a paper by name."""
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        '<w:pPr><w:widowControl w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
        f"{_exactly(LINE)}"
        f'<w:jc w:val="both"/></w:pPr><w:rPr>{_fonts(FANGSONG)}{_CLOSER}{_size(TEXT_SIZE)}</w:rPr></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="character" w:styleId="SourceMark"><w:name w:val="来源引用"/>'
        '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:tblPr><w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/>'
        "</w:tblCellMar>"
        '</w:tblPr></w:style><w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/>'
        '<w:basedOn w:val="TableNormal"/>'
        f"<w:tblPr><w:tblBorders>{_borders()}</w:tblBorders></w:tblPr></w:style>"
    )
    return parse_xml(
        f"<w:styles {nsdecls('w')}><w:docDefaults><w:rPrDefault><w:rPr>{_fonts(FANGSONG)}"
        f"{_size(TEXT_SIZE)}{_language('en-US')}</w:rPr></w:rPrDefault>"
        f"<w:pPrDefault/></w:docDefaults>{normal}{''.join(style.xml() for style in STYLES)}</w:styles>"
    )


def _borders() -> str:
    return "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )


def font_table() -> bytes:
    """The part that tells an office what to take where a font is missing."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/></w:font>'
        for name, others in FALLBACKS.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{head}<w:fonts {nsdecls('w')}>{fonts}</w:fonts>".encode()
