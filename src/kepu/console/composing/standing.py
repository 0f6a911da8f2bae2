"""Whether the figures of a draft still stand when it is approved and issued."""

from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Policy
from kepu.console.composing.gathering import Asked, gathered
from kepu.papers.reads import PaperDetail
from kepu.papers.rules import OF_A_ROUND, WITHOUT_PERSONS, Facts, FactsNo, Kind, PaperNo


def fallen(found: PaperDetail) -> PaperNo | None:
    """Why a draft goes no further, None while what its figures came from counts. At most fourteen queries.

    A list of people is that of the round now; a notice is of the newest rules; units are not criticised or
    reminded once the campaign is voluntary. A bulletin says until when it counts, and stands.
    """
    kind, facts = found.line.kind, found.facts
    published = next((each for each in campaigns.published() if each.number == found.line.campaign), None)
    if published is None:
        return PaperNo.OUTDATED
    if kind in OF_A_ROUND:
        now = gathered(Asked(kind, published, found.round, organ=found.organ))
        if now is FactsNo.PUBLICITY_OVER:
            return PaperNo.PUBLICITY_OVER
        stands = isinstance(now, Facts) and now.awards == facts.awards
    elif kind in WITHOUT_PERSONS:
        stands = published.sheet.policy is not Policy.VOLUNTARY
    else:
        stands = kind is not Kind.NOTICE or published.sha256 == facts.campaign.sha256
    return None if stands else PaperNo.OUTDATED
