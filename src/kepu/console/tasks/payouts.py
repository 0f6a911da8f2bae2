"""The roster of subsidies, to be signed: as xlsx and as PDF."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from kepu.awards.reads.payouts import Line, pay_list, roster
from kepu.awards.rules.payouts import PayList
from kepu.console import payout_labels as labels
from kepu.console.pages.payouts import title_of
from kepu.documents.reading import Cell
from kepu.documents.rules.numerals import money_in_capitals
from kepu.documents.typesetting import layout, pdf_from_typst
from kepu.documents.writing import Column, Form, write_xlsx
from kepu.jobs.reads import folder
from kepu.jobs.rules import Job, Outcome, Report
from kepu.jobs.writes import new_file
from kepu.kit import clock
from kepu.people.reads import scopes_of
from kepu.people.reads.contacts import phones_of
from kepu.people.rules import Ability, masked_phone, may
from kepu.regions import reads as regions

COLUMNS = (
    Column("序号", Form.NUMBER, 6),
    Column("姓名", width=12),
    Column("单位", width=20),
    Column("名次", Form.NUMBER, 6),
    Column("传播量", Form.NUMBER, 10),
    Column("标准", width=24),
    Column("金额", Form.NUMBER, 10),
    Column("手机号", width=14),
    Column("签字", width=14),
    Column("备注", width=24),
)


def payout_roster(job: Job, report: Report) -> Outcome:
    """Every line that is not withdrawn, with a place to sign and the sum in capitals.

    `wants`: slug, round, division, form (xlsx or pdf), whole (numbers). What the owner may
    see is asked again.
    """
    wants, scopes = job.wants, scopes_of(job.asked_by)
    of = PayList(str(wants["slug"]), str(wants["round"]), str(wants["division"]))
    if not may(scopes, Ability.PAY, of.division) or pay_list(of) is None:
        return Outcome({"said": _("You may no longer see this list.")})
    report(0, 2)
    lines = roster(of)
    phones = phones_of(line.person for line in lines)
    if not (wants["whole"] and may(scopes, Ability.UNMASK, of.division)):
        phones = {person: masked_phone(phone) for person, phone in phones.items()}
    rows = [_row(number, line, phones.get(line.person, "")) for number, line in enumerate(lines, 1)]
    total = sum(line.amount for line in lines)
    capitals = money_in_capitals(total)
    report(1, 2)
    title, day = f"{regions.full_name(of.division)}补贴发放花名册", f"{clock.day_of(job.asked_at):%Y%m%d}"
    name = new_file(f".{wants['form']}")
    if wants["form"] == "pdf":
        values = {
            "title": title,
            "under": f"{title_of(of)} · 共 {len(lines)} 人",
            "headings": [column.heading for column in COLUMNS],
            "rows": [["" if cell is None else str(cell) for cell in row] for row in rows],
            "total": f"合计：{total} 元（大写：{capitals}）",
            "signs": ["制表人：", "审核人：", "负责人：", "日期："],
        }
        (folder() / name).write_bytes(pdf_from_typst(layout("awards", "roster.typ"), values))
    else:
        last: list[Cell] = ["合计", None, None, None, None, None, total, None, None, f"大写：{capitals}"]
        write_xlsx(folder() / name, "补贴发放花名册", COLUMNS, [*rows, last], to_print=title)
    said = _("%(count)s people, %(amount)s yuan.") % {"count": len(lines), "amount": total}
    return Outcome({"said": said}, name, f"{title}{day}.{wants['form']}")


def _row(number: int, line: Line, phone: str) -> Sequence[Cell]:
    state = str(labels.STATES[line.standing.state])
    return (
        number,
        line.name,
        line.unit,
        line.rank,
        line.volume,
        f"{line.title} {line.amount} 元/人",
        line.amount,
        phone,
        None,
        state,
    )
