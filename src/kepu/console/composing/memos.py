"""The policy guard's memo of one version of a rule sheet."""

from kepu.campaigns import reads as campaigns
from kepu.campaigns.reads import words
from kepu.campaigns.rules import Policy, Published
from kepu.documents.rules.paper import Paper
from kepu.papers.rules import GuardMemo, MemoClause, memo_paper


def memo_of(published: Published, version: int) -> Paper | None:
    """The memo of a version as the outcome was kept; None where there is no such version. Two queries."""
    outcome = campaigns.guard_outcome(published.number, version)
    if outcome is None:
        return None
    sheet = campaigns.sheet(published.number, version)
    against = {
        (each.document, each.clause): "；".join(words.feature_text(feature) for feature in each.features)
        for each in outcome.conflicts
    }
    tested = outcome.tested or outcome.conflicts
    return memo_paper(
        GuardMemo(
            title=sheet.title,
            version=version,
            sha256=outcome.sha256,
            is_voluntary=sheet.policy is Policy.VOLUNTARY,
            published_by=outcome.published_by,
            published_at=outcome.published_at,
            signed_off_by=outcome.signed_off_by,
            tested=tuple(
                MemoClause(
                    each.document,
                    each.clause,
                    each.says,
                    against.get((each.document, each.clause), "").replace("。；", "；").rstrip("。"),
                )
                for each in tested
            ),
            rule_book=outcome.rule_book,
        )
    )
