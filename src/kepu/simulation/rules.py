"""Who the simulated people are and what they do on a day. Pure: every choice comes from the seed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from kepu.campaigns.rules import Kind
from kepu.kit import clock
from kepu.ledger.rules import Act, Channel

# A few people do most of the work: the keen ones' yearly shares follow a Pareto law above this floor.
KEEN_SHARES_MIN = 2100
KEEN_ALPHA = 2.6
KEEN_AT_HOME = 0.38
KEEN_ELSEWHERE = 0.1
OTHERS_MEDIAN = 120
OTHERS_SIGMA = 1.0
BURST_CHANCE = 0.02
BURST_FACTOR = 6
READ_CHANCE = 0.05
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
    "彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
)
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂香建华国庆志红春梅玉珍凤"


@dataclass(frozen=True, slots=True)
class Person:
    """A person to be made: where they live (a unit's place in a list), how keen they are, when they came."""

    name: str
    unit: int
    shares_a_year: float
    days_active: float
    is_backbone: bool
    certified_at: datetime


@dataclass(frozen=True, slots=True)
class Player:
    """A person who exists: what decides how they act on a day."""

    account: int
    shares_a_day: float
    days_active: float
    since: date


def person(random: Random, unit: int, *, at_home: bool, is_backbone: bool, opens_on: date) -> Person:
    """One made-up person; heavy-tailed, keener in the county whose campaign it is."""
    keen = is_backbone or random.random() < (KEEN_AT_HOME if at_home else KEEN_ELSEWHERE)
    if keen:
        shares = KEEN_SHARES_MIN * random.paretovariate(KEEN_ALPHA)
    else:
        shares = OTHERS_MEDIAN * random.lognormvariate(0, OTHERS_SIGMA)
    day = opens_on + timedelta(days=min(int(random.expovariate(1 / 14)), 200))
    minute = timedelta(minutes=random.randrange(480, 1080))
    given = "".join(random.choice(GIVEN) for _ in range(random.choice((1, 2, 2))))
    return Person(
        name=random.choice(SURNAMES) + given,
        unit=unit,
        shares_a_year=min(shares, 60_000),
        days_active=random.uniform(0.35, 0.9) if keen else random.uniform(0.02, 0.3),
        is_backbone=is_backbone,
        certified_at=clock.start_of(day) + minute,
    )


def acts_of_day(
    random: Random,
    day: date,
    players: list[Player],
    articles: list[int],
    last_shares: dict[int, tuple[int, int, int]],
) -> list[Act]:
    """Everything the players do on a day, in order of time.

    `last_shares` names the newest share (book, seq, article) of each player, which readers open.
    """
    midnight = clock.milliseconds(clock.start_of(day))
    acts: list[Act] = []
    for player in players:
        if day <= player.since or random.random() > player.days_active:
            continue
        acts += _visit(random, player, midnight, articles)
        shared = last_shares.get(player.account)
        if shared is not None:
            acts += _readers(random, player, midnight, shared)
    acts.sort(key=lambda act: (act.at_ms, act.person))
    return acts


def _visit(random: Random, player: Player, midnight: int, articles: list[int]) -> list[Act]:
    start = midnight + int(random.triangular(6, 22, 19) * 3_600_000)
    end = midnight + 86_399_000
    acts = [_act(random, player, Kind.SIGN_IN, 0, start)]
    if random.random() < 0.6:
        acts.append(_act(random, player, Kind.CHECK_IN, 0, start + 5_000))
    acts += [
        _act(random, player, Kind.BROWSE, random.choice(articles), min(start + 60_000 * (n + 1), end))
        for n in range(random.choice((0, 1, 1, 2)))
    ]
    rate = player.shares_a_day * (BURST_FACTOR if random.random() < BURST_CHANCE else 1)
    count = min(int(rate * (0.5 + 0.5 * random.expovariate(1)) + random.random()), 330)
    step = max(2_000, min(40_000, 7_200_000 // max(count, 1)))
    for n in range(count):
        at = min(start + 30_000 + n * step + random.randrange(step), end)
        acts.append(_act(random, player, Kind.SHARE, random.choice(articles), at))
    return acts


def _readers(random: Random, player: Player, midnight: int, shared: tuple[int, int, int]) -> list[Act]:
    book, seq, article = shared
    acts = []
    for _ in range(min(int(player.shares_a_day * READ_CHANCE * random.expovariate(1) + random.random()), 30)):
        at = midnight + random.randrange(6 * 3_600_000, 23 * 3_600_000)
        acts.append(_act(random, player, Kind.OPEN, article, at)._replace(ref_book=book, ref_seq=seq))
        if random.random() < 0.6:
            read = _act(random, player, Kind.READ, article, at + random.randrange(12_000, 90_000))
            acts.append(read._replace(ref_book=book, ref_seq=seq))
    return acts


def _act(random: Random, player: Player, kind: Kind, article: int, at_ms: int) -> Act:
    return Act(player.account, random.randbytes(16), kind, article, Channel.PAGE, at_ms)
