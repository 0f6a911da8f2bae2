"""Numbers and days as the documents of this room write them, with the mark of where they come from."""

from datetime import date, datetime

from kepu.documents.rules.numerals import plain_date
from kepu.documents.rules.paper import Align, Paragraph, Run, Source, TableColumn
from kepu.kit import clock
from kepu.papers.rules.facts import Awards, CampaignFacts, Progress, progress_digest

SHEET, PROGRESS, AWARDS = "sheet", "progress", "awards"


def figure(number: int | None, source: str) -> tuple[Run, ...]:
    """A number with its source; — where there is none."""
    return (Run(str(number), source),) if number is not None else (Run("—"),)


def words(*parts: str | tuple[Run, ...]) -> tuple[Run, ...]:
    """Texts and figures one behind the other."""
    return tuple(run for part in parts for run in ((Run(part),) if isinstance(part, str) else part))


def days(first: date, last: date) -> str:
    """2021年1月1日至2021年11月30日."""
    return f"{plain_date(first)}至{plain_date(last)}"


def moment(at: datetime) -> str:
    """2021年11月30日23时59分, by the clock of Beijing."""
    here = at.astimezone(clock.SHANGHAI)
    return f"{plain_date(here.date())}{here.hour}时{here.minute:02d}分"


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """What was typed, a paragraph a line."""
    return tuple(Paragraph(line.strip()) for line in text.split("\n") if line.strip())


def column(heading: str, width: float, *, is_number: bool = False) -> TableColumn:
    """A column of a table."""
    return TableColumn(heading, width, Align.RIGHT if is_number else Align.CENTRE)


def fingerprint(sha256: str) -> str:
    """A digest in groups of eight, so that a line can end between them."""
    return "SHA-256：" + " ".join(sha256[start : start + 8] for start in range(0, len(sha256), 8))


def sheet_source(campaign: CampaignFacts) -> Source:
    """The rule sheet as a source."""
    return Source(SHEET, f"《{campaign.title}》规则表第{campaign.version}版，{fingerprint(campaign.sha256)}")


def progress_source(progress: Progress) -> Source:
    """The units' progress as a source."""
    said = f"各单位任务进展，统计截至{moment(progress.cut_off)}"
    return Source(PROGRESS, f"{said}，{fingerprint(progress_digest(progress))}")


def awards_source(awards: Awards) -> Source:
    """The stored evaluation as a source."""
    said = f"{awards.round.removesuffix('评选')}评选结果"
    if awards.as_of:
        said += f"，账本截至{moment(datetime.fromisoformat(awards.as_of))}"
    return Source(AWARDS, f"{said}，评选快照{fingerprint(awards.sha256)}")
