"""From kept figures and typed texts to a paper. Pure: the same facts give the same paper."""

from datetime import date

from kepu.documents.rules.paper import Paper
from kepu.papers.rules.facts import Facts
from kepu.papers.rules.lists import commendation_body, publicity_body
from kepu.papers.rules.missing import criticism_body, reminder_body
from kepu.papers.rules.notices import Body, bulletin_body, notice_body
from kepu.papers.rules.phrases import paragraphs
from kepu.papers.rules.values import Issue, Kind, Organ, PaperNo, Texts


def paper_of(kind: Kind, organ: Organ, facts: Facts, texts: Texts, issue: Issue | None = None) -> Paper:
    """The whole document; without an issue it is a draft, which has no number, no day, and says so."""
    blocks, annexes, sources = _body(kind, facts, texts)
    letter = kind is Kind.REMINDER
    return Paper(
        title=texts.title,
        blocks=(*paragraphs(texts.opening), *blocks, *paragraphs(texts.closing)),
        mark=organ.name if letter else organ.mark,
        number=issue.number if issue else "",
        addressee=texts.addressee,
        annexes=annexes,
        signature=organ.name,
        issued_on=issue.day if issue else None,
        note=texts.note,
        copies=texts.copies,
        printed_by="" if letter else organ.name,
        printed_on=issue.day if issue and not letter else None,
        sources=sources,
        draft=issue is None,
        letter=letter,
    )


def first_texts(kind: Kind, organ: Organ, facts: Facts) -> Texts:
    """What a draft begins with; everything of it may be written anew.

    A title names who issues, about what, and the kind of document (《党政机关公文处理工作条例》第九条).
    """
    title, by = facts.campaign.title, organ.name
    round_ = facts.awards.round if facts.awards else ""
    match kind:
        case Kind.NOTICE:
            why = f"根据{facts.campaign.based_on}，" if facts.campaign.based_on else ""
            opening = f"为让更多群众看到、看懂科普内容，{why}决定开展{title}。现将有关事项通知如下。"
            return Texts(f"{by}关于开展{title}的通知", "各单位", opening, "特此通知。", note="此件公开发布")
        case Kind.BULLETIN:
            opening = f"现将{title}的进展情况通报如下。"
            return Texts(f"{by}关于{title}进展情况的通报", "各单位", opening, "特此通报。")
        case Kind.PUBLICITY:
            opening = f"按照《{title}》的规则，{round_}结果已经产生，现予以公示。"
            return Texts(f"{by}关于{round_}结果的公示", "", opening, note="此件公开发布")
        case Kind.COMMENDATION:
            opening = f"{round_}结果经过公示，现予以表彰。"
            closing = "希望受到表彰的科普员再接再厉，把科学知识讲给更多的人听。"
            return Texts(
                f"{by}关于表彰{round_}优秀科普员的决定", "各单位", opening, closing, note="此件公开发布"
            )
        case Kind.CRITICISM:
            opening = f"{title}中，部分单位没有按时完成任务。现通报如下。"
            return Texts(f"{by}关于{title}未完成任务单位的通报", "各单位", opening)
        case Kind.REMINDER:
            unit = facts.progress.units[0].unit if facts.progress else ""
            return Texts(f"{by}关于{title}任务进展的提醒函", unit, "", "特此提醒。")


def deadline_of(texts: Texts) -> date | None:
    """The day by which to mend; None where none, or no day, was typed."""
    try:
        return date.fromisoformat(texts.deadline)
    except ValueError:
        return None


def texts_trouble(kind: Kind, texts: Texts, today: date) -> PaperNo | None:
    """What is missing before a draft may go further; None when nothing is."""
    if not texts.title.strip():
        return PaperNo.NO_TITLE
    if kind in (Kind.CRITICISM, Kind.REMINDER):
        deadline = deadline_of(texts)
        if deadline is None:
            return PaperNo.NO_DEADLINE
        if deadline <= today:
            return PaperNo.DEADLINE_PAST
    return None


def _body(kind: Kind, facts: Facts, texts: Texts) -> Body:
    match kind:
        case Kind.NOTICE:
            return notice_body(facts)
        case Kind.BULLETIN:
            return bulletin_body(facts)
        case Kind.PUBLICITY:
            return publicity_body(facts)
        case Kind.COMMENDATION:
            return commendation_body(facts)
        case Kind.CRITICISM:
            return criticism_body(facts, deadline_of(texts))
        case Kind.REMINDER:
            return reminder_body(facts, deadline_of(texts))
