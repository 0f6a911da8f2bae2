"""Papers the tests set: the founding notice in short, and plain text to count lines by."""

from datetime import date

from kepu.documents.rules.paper import (
    Align,
    Annex,
    Heading,
    Paper,
    Paragraph,
    Run,
    Source,
    Table,
    TableColumn,
)

VILLAGES = ("同福村", "注北村", "插旗村", "大湾村", "曙光村", "众城村", "千和村", "向阳街社区")
TASKS = Table(
    columns=(
        TableColumn("单位", 3, Align.LEFT),
        TableColumn("骨干科普员（人）", 2),
        TableColumn("新注册（人）", 2),
        TableColumn("传播量（次）", 2, Align.RIGHT),
    ),
    rows=(
        ("机关、站所", "2", "10", "4400"),
        *((village, "2", "45", (Run("4400", "sheet"),)) for village in VILLAGES),
    ),
    total=("合计", "18", "370", (Run("39600", "sheet"),)),
)
SOURCES = (
    Source("sheet", "评选办法第3版（2021年6月21日发布，摘要 9f31c0de），任务表各行之和。"),
    Source(
        "round",
        "年终评选第2次快照（2021年12月1日9时整，摘要 5be2a7…c41d），名次与传播量均取自快照。",
    ),
)


def notice(**changes):
    """The founding notice in short, issued."""
    said = (
        "为进一步加强科普信息员队伍建设，提升公民科学素质，根据"
        "《关于做好2021年科普信息员工作的通知》（华科协发〔2021〕2号）精神，结合我镇实际，现就有关事项通知如下。"
    )
    parts = {
        "mark": "插旗镇人民政府办公室文件",
        "number": "插政办发〔2021〕12号",
        "title": "插旗镇人民政府办公室关于开展2021年科普信息员评选活动的通知",
        "addressee": "各村（社区），机关、站所:",
        "blocks": (
            Paragraph(said),
            Heading(1, "目标任务"),
            Paragraph(
                (
                    Run("全镇全年传播量不少于"),
                    Run("39600次", "sheet"),
                    Run("，上半年已完成"),
                    Run("18240次", "round"),
                    Run("。任务分解见附件1。"),
                )
            ),
            Heading(2, "注册任务"),
            Paragraph("每个村（社区）新注册科普员不少于45人，机关、站所不少于10人。"),
            Heading(3, "注册时间"),
            Heading(4, "2021年11月30日前完成。"),
            Heading(4, "逾期不计。"),
            Heading(3, "注册方式"),
            Heading(2, "传播任务"),
            Paragraph("每名骨干科普员全年分享不少于2200次，每人每天分享最多计300次。"),
            Heading(1, "奖励办法"),
            Paragraph("全县传播量前100名，授予“华容县优秀科普员”称号。" * 3),
        ),
        "annexes": (
            Annex("插旗镇2021年科普信息员工作任务分解表；", (TASKS, Paragraph("说明：传播量按分享次数计。"))),
            Annex(
                "科普中国客户端安装、注册、实名认证和分享操作说明以及常见问题解答。",
                (Heading(1, "安装"), Paragraph("扫描二维码安装。"), Heading(1, "注册")),
            ),
        ),
        "signature": "插旗镇人民政府办公室",
        "issued_on": date(2021, 6, 21),
        "note": "(此件公开发布)",
        "copies": "华容县科学技术协会，镇党委、人大、政协工委办公室",
        "printed_by": "插旗镇人民政府办公室",
        "printed_on": date(2021, 6, 21),
        "sources": SOURCES,
        "draft": False,
    }
    return Paper(**{**parts, **changes})


def plain(characters, **changes):
    """A paper of one long paragraph of whole characters: nothing on it that could shift the grid."""
    return Paper(title="测", blocks=(Paragraph("字" * characters),), draft=False, **changes)


def signed_behind(lines):
    """A paper whose last words are behind so many lines of text, before 署名 and 成文日期."""
    blocks = (Paragraph("字" * (28 * lines - 2)), Paragraph("结尾。"))
    return Paper(title="测", blocks=blocks, signature="县科协", issued_on=date(2021, 6, 21), draft=False)


def hold_last_words_and_date_together(pages):
    """The page with the date has the last words too."""
    (page,) = (page for page in pages if any(line.text == "2021年6月21日" for line in page.lines))
    assert any(line.text == "结尾。" for line in page.lines)
