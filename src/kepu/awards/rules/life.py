"""The life of a round, from open to paid: what has been done, and which step may come next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Stage(StrEnum):
    """How far a round is; the order here is the order they come in."""

    OPEN = "open"
    CLOSED = "closed"
    EVALUATED = "evaluated"
    FROZEN = "frozen"
    PUBLIC = "public"
    FINAL = "final"
    AWARDED = "awarded"
    PAID = "paid"


ORDER = tuple(Stage)


class Step(StrEnum):
    """What is done to a round; each leaves a row that is never changed."""

    CLOSE = "close"
    EVALUATE = "evaluate"
    FREEZE = "freeze"
    THAW = "thaw"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    SIGN = "sign"
    TAKE_BACK = "take_back"  # one's own signature, while it is the only one
    AWARD = "award"
    PAY = "pay"
    REVOKE = "revoke"  # one person's award; the round stays where it is


# From which stages a step may be taken. There is no other way: nothing can be skipped.
FROM: dict[Step, frozenset[Stage]] = {
    Step.CLOSE: frozenset({Stage.OPEN}),
    Step.EVALUATE: frozenset({Stage.CLOSED, Stage.EVALUATED}),
    Step.FREEZE: frozenset({Stage.EVALUATED}),
    Step.THAW: frozenset({Stage.FROZEN}),
    Step.PUBLISH: frozenset({Stage.FROZEN}),
    Step.WITHDRAW: frozenset({Stage.PUBLIC}),
    Step.SIGN: frozenset({Stage.PUBLIC}),
    Step.TAKE_BACK: frozenset({Stage.PUBLIC}),
    Step.AWARD: frozenset({Stage.FINAL}),
    Step.PAY: frozenset({Stage.AWARDED}),
    Step.REVOKE: frozenset({Stage.FINAL, Stage.AWARDED, Stage.PAID}),
}
NEEDS_REASON = frozenset({Step.THAW, Step.WITHDRAW, Step.TAKE_BACK, Step.REVOKE})
SIGNATURES = 2
REASON_LENGTH_MAX = 500


class NoStep(StrEnum):
    """Why a step was not taken."""

    NO_ROUND = "no_round"
    NOT_NOW = "not_now"  # the round is at another stage
    NOT_ALLOWED = "not_allowed"  # the account may not do this in the campaign's place
    NO_REASON = "no_reason"
    BEFORE_CLOSING = "before_closing"  # the round's last moment has not passed
    LATE_ENTRIES_COUNT = "late_entries_count"  # late entries still count by the rule sheet
    OUTDATED = "outdated"  # the ledger, the register or the sheet moved on: evaluate again
    NO_HOLIDAYS = "no_holidays"  # the holiday table does not know a year
    BAD_HOLIDAYS = "bad_holidays"  # the file that extends the table cannot be used
    PUBLICITY_RUNS = "publicity_runs"
    OPEN_OBJECTIONS = "open_objections"
    CORRECTIONS_MISSING = "corrections_missing"  # an upheld objection's corrections are not in the list
    SIGNED_ALREADY = "signed_already"  # two signatures are two people's
    NOT_INDEPENDENT = "not_independent"  # one signer has to be someone who did not make the list
    NOT_SIGNED = "not_signed"  # there is no signature of this account to take back
    NO_ACCOUNT = "no_account"  # a signature is a person's, never the command line's
    NO_WINNER = "no_winner"
    REVOKED_ALREADY = "revoked_already"


@dataclass(frozen=True, slots=True)
class Taken:
    """One row of a round's life, as it was written.

    `account` is 0 for the command line. `evaluation` is the list the step was about, 0 for none. `details`
    holds what the step fixed: strings, numbers and lists, as JSON has them.
    """

    number: int
    step: Step
    stage: Stage
    evaluation: int
    account: int
    name: str
    at: datetime
    reason: str
    details: dict[str, object]


@dataclass(frozen=True, slots=True)
class Life:
    """What the rows of a round come to. Fields that need a stage not reached yet are 0, None or empty.

    `makers` are the accounts that evaluated or froze the present list, all of them when several made the
    same one; `signers` those who signed it.
    `is_taken_back`: the list was withdrawn or unfrozen, and none was evaluated since.
    `counts_until`: the moment from which entries about the round's days no longer count (None: not fixed).
    """

    stage: Stage = Stage.OPEN
    steps: int = 0
    evaluation: int = 0
    makers: frozenset[int] = frozenset()
    signers: tuple[int, ...] = ()
    counts_until: datetime | None = None
    public_from: date | None = None
    public_until: date | None = None
    is_taken_back: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What a step is held against, beside the rows: the calendar, the ledger, the objections.

    `today`: the day of the campaign. `is_current`: the stored list is what the ledger, the register and the
    sheet give now. `corrections_missing`: an objection was upheld and the stored list does not know it yet.
    `may`: the account has the ability in the campaign's place.
    """

    now: datetime
    today: date
    closes_at: datetime
    account: int
    may: bool = True
    is_current: bool = True
    open_objections: int = 0
    corrections_missing: bool = False


@dataclass(frozen=True, slots=True)
class FinalWinner:
    """One award on a final list: `division` and `scope_name` say where it was won, `amount` is in yuan."""

    person: int
    name: str
    unit: str
    division: str
    scope_name: str
    rank: int
    volume: int
    title: str
    amount: int | None
    given_by: str
    has_certificate: bool


@dataclass(frozen=True, slots=True)
class Revocation:
    """An award taken back after the fact, for a reason."""

    person: int
    division: str
    title: str
    reason: str
    by: int
    name: str
    at: datetime


def life_of(steps: Iterable[Taken]) -> Life:
    """The life that rows in their order come to; that of an open round for none."""
    life = Life()
    for taken in steps:
        life = _after(life, taken)
    return life


def next_steps(stage: Stage, signatures: int = 0) -> tuple[Step, ...]:
    """The steps a round at this stage has before it, in the order of `Step`; facts may forbid some yet."""
    fitting = [step for step in Step if stage in FROM[step]]
    if stage is Stage.PUBLIC and signatures:
        # A signed list is not withdrawn over a signer's head: the signature is taken back first.
        fitting.remove(Step.WITHDRAW)
    elif stage is Stage.PUBLIC:
        fitting.remove(Step.TAKE_BACK)
    return tuple(fitting)


def stage_after(life: Life, step: Step) -> Stage:
    """Where a step leads from where it may be taken."""
    if step is Step.SIGN:
        return Stage.FINAL if len(life.signers) + 1 >= SIGNATURES else Stage.PUBLIC
    return _LEADS_TO.get(step, life.stage)


def step_trouble(life: Life, step: Step, facts: Facts, reason: str = "") -> NoStep | None:
    """Why this step may not be taken now; None when it may."""
    if step not in next_steps(life.stage, len(life.signers)):
        return NoStep.NOT_NOW
    if not facts.may:
        return NoStep.NOT_ALLOWED
    if step in NEEDS_REASON and not reason.strip():
        return NoStep.NO_REASON
    if step is Step.SIGN and facts.account == 0:
        return NoStep.NO_ACCOUNT
    if step is Step.CLOSE and facts.now < facts.closes_at:
        return NoStep.BEFORE_CLOSING
    if step is Step.FREEZE:
        return _freezing(life, facts)
    if step in (Step.PUBLISH, Step.SIGN) and facts.corrections_missing:
        return NoStep.CORRECTIONS_MISSING
    if step is Step.SIGN:
        return _signing(life, facts)
    if step is Step.TAKE_BACK and facts.account not in life.signers:
        return NoStep.NOT_SIGNED
    return None


def _freezing(life: Life, facts: Facts) -> NoStep | None:
    if life.counts_until is not None and facts.now < life.counts_until:
        return NoStep.LATE_ENTRIES_COUNT
    if facts.corrections_missing:
        return NoStep.CORRECTIONS_MISSING
    return None if facts.is_current else NoStep.OUTDATED


def _signing(life: Life, facts: Facts) -> NoStep | None:
    """插政办发〔2021〕12号 leaves signing open; two people and one of them independent is our floor."""
    assert life.public_until is not None
    if facts.today <= life.public_until:
        return NoStep.PUBLICITY_RUNS
    if facts.open_objections:
        return NoStep.OPEN_OBJECTIONS
    if facts.account in life.signers:
        return NoStep.SIGNED_ALREADY
    both = {*life.signers, facts.account}
    if len(both) == SIGNATURES and both <= life.makers:
        return NoStep.NOT_INDEPENDENT
    return None


def _after(life: Life, taken: Taken) -> Life:
    step, details = taken.step, taken.details
    makers, signers, evaluation = life.makers, life.signers, life.evaluation
    until, first, last = life.counts_until, life.public_from, life.public_until
    if step is Step.CLOSE:
        until = datetime.fromisoformat(str(details["counts_until"]))
    elif step is Step.EVALUATE:
        made_before = makers if taken.evaluation == evaluation else frozenset()
        makers, evaluation = made_before | {taken.account}, taken.evaluation
    elif step is Step.FREEZE:
        makers = makers | {taken.account}
    elif step is Step.PUBLISH:
        first, last = (date.fromisoformat(str(details[name])) for name in ("first_day", "last_day"))
    elif step is Step.WITHDRAW:
        first = last = None
    elif step is Step.SIGN:
        signers = (*signers, taken.account)
    elif step is Step.TAKE_BACK:
        signers = tuple(each for each in signers if each != taken.account)
    is_back = step in (Step.WITHDRAW, Step.THAW)
    return Life(taken.stage, taken.number, evaluation, makers, signers, until, first, last, is_back)


def brought_by(taken: Iterable[Taken]) -> dict[Stage, Taken]:
    """The step that last brought the round forward to each stage: of two signatures the second."""
    return {
        each.stage: each
        for each in taken
        if _LEADS_TO.get(each.step, Stage.FINAL) is each.stage
        and each.step not in (Step.THAW, Step.WITHDRAW, Step.TAKE_BACK, Step.REVOKE)
    }


def withdrawn(taken: Sequence[Taken]) -> Taken | None:
    """The step that took the last public list back, while none is public again."""
    last = next((each for each in reversed(taken) if each.step in (Step.PUBLISH, Step.WITHDRAW)), None)
    return last if last is not None and last.step is Step.WITHDRAW else None


def reached(stage: Stage, wanted: Stage) -> bool:
    """Whether a round at `stage` has come as far as `wanted`."""
    return ORDER.index(stage) >= ORDER.index(wanted)


def revocations_of(steps: Sequence[Taken]) -> tuple[Revocation, ...]:
    """The awards taken back, in the order that happened."""
    return tuple(
        Revocation(
            person=int(str(taken.details["person"])),
            division=str(taken.details["division"]),
            title=str(taken.details["title"]),
            reason=taken.reason,
            by=taken.account,
            name=taken.name,
            at=taken.at,
        )
        for taken in steps
        if taken.step is Step.REVOKE
    )


_LEADS_TO = {
    Step.CLOSE: Stage.CLOSED,
    Step.EVALUATE: Stage.EVALUATED,
    Step.FREEZE: Stage.FROZEN,
    Step.THAW: Stage.EVALUATED,
    Step.PUBLISH: Stage.PUBLIC,
    Step.WITHDRAW: Stage.EVALUATED,
    Step.TAKE_BACK: Stage.PUBLIC,
    Step.AWARD: Stage.AWARDED,
    Step.PAY: Stage.PAID,
}
