"""A draft in words, for the command and the page."""

from collections.abc import Iterator

from kepu.campaigns.notices.values import Found, NoticeDraft
from kepu.documents.passages import PaperTrouble

TROUBLES = {
    PaperTrouble.EMPTY: "文件是空的，没有可读的内容。",
    PaperTrouble.TOO_LARGE: "文件太大：最多 10 MB，解开后最多 256 MB。请只留通知本身再试。",
    PaperTrouble.TOO_LONG: "文件太长：最多 60 页、40 万字。请只留通知本身再试。",
    PaperTrouble.TOO_COSTLY: "打开这个文件要的时间或内存太多，可能已损坏。请另存一份再试。",
    PaperTrouble.LOCKED: "文件加了密，打不开。请去掉密码另存一份再试。",
    PaperTrouble.SCANNED: "这是扫描件，里面只有图片，没有文字。请用有文字的版本，或先做文字识别。",
    PaperTrouble.OLD_WORD: "这是旧版 Word（.doc）或 RTF 文件。请用 Word 或 WPS 另存为 docx 再试。",
    PaperTrouble.DAMAGED: "文件已损坏，打不开。请重新保存或重新下载一份再试。",
    PaperTrouble.UNKNOWN: "认不出这是什么文件。可以读 docx、pdf、xlsx、xls 和文本文件（UTF-8、GBK）。",
}
FIELDS = {
    "title": "标题",
    "doc_number": "文号",
    "issuer": "印发机关",
    "issued_on": "成文日期",
    "basis_title": "依据的文件",
    "basis_number": "依据的文号",
    "division": "行政区划",
    "opening": "开始日期",
    "deadline": "截止日期",
    "rounds": "评选",
    "award_tiers": "奖励",
    "daily_caps": "每日上限",
    "tasks": "任务",
    "sanctions": "问责",
}
SCOPES = {
    "country": "全国",
    "province": "全省",
    "city": "全市（州）",
    "county": "全县（区）",
    "town": "全镇（乡、街道）",
    "village": "全村（社区）",
}


def entries_of(draft: NoticeDraft) -> Iterator[tuple[str, str, Found[object]]]:
    """Every value read, in order: its field (a key of FIELDS), the value in words, the value itself."""
    single = [
        ("title", draft.title),
        ("doc_number", draft.doc_number),
        ("issuer", draft.issuer),
        ("issued_on", draft.issued_on),
        ("basis_title", draft.basis.title),
        ("basis_number", draft.basis.number),
        ("division", draft.division),
        ("opening", draft.opening),
        ("deadline", draft.deadline),
    ]
    for name, found in single:
        if found is not None:
            yield name, str(found.value), Found(found.value, found.passage)
    for each in draft.rounds:
        first = each.first_day.value.isoformat() if each.first_day else "？"
        last = each.last_day.value.isoformat() if each.last_day else "？"
        parts = [each.name.value, f"{first} 至 {last}", _scope(each.scope)]
        parts += [part.value for part in (each.condition, each.reward) if part]
        yield "rounds", "；".join(part for part in parts if part), Found(each.name.value, each.name.passage)
    for tier in draft.tiers:
        money = f"{tier.amount.value} 元" if tier.amount else "金额未写"
        words = f"{_scope(tier.scope)}第 {tier.rank_from.value}—{tier.rank_to.value} 名：{money}"
        yield "award_tiers", words, Found(tier.rank_from.value, tier.rank_from.passage)
    for cap in draft.caps:
        what = cap.what.value if cap.what else "未写明"
        yield (
            "daily_caps",
            f"{what}：每天最多 {cap.per_day.value}",
            Found(cap.per_day.value, cap.per_day.passage),
        )
    for row in draft.tasks.rows if draft.tasks else ():
        assert draft.tasks is not None
        pairs = zip(draft.tasks.columns[1:], row[1:], strict=True)
        figures = "，".join(
            f"{column.value} {'？' if cell.value is None else cell.value}" for column, cell in pairs
        )
        yield "tasks", f"{row[0].value}：{figures}", Found(row[0].value, row[0].passage)
    for sanction in draft.sanctions:
        yield "sanctions", sanction.value, Found(sanction.value, sanction.passage)


def told(draft: NoticeDraft) -> Iterator[str]:
    """The draft as lines: each value with the place it stands at, then the questions."""
    for name, words, found in entries_of(draft):
        yield f"{FIELDS[name]}：{words}（{found.passage.place}）"
    if draft.questions:
        yield f"要由人确认的（{len(draft.questions)} 条）："
    for each in draft.questions:
        yield f"  {each.text}"


def _scope(scope: Found[str] | None) -> str:
    return "、".join(SCOPES.get(word, word) for word in scope.value.split(",")) if scope else ""
