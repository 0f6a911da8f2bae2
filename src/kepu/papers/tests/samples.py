"""Facts for tests: a campaign of three units, their progress, a list of winners."""

from datetime import UTC, date, datetime

from kepu.papers.rules import (
    Awards,
    CampaignFacts,
    Facts,
    Hearing,
    Organ,
    Progress,
    RoundFacts,
    ScopeFacts,
    Target,
    TierFacts,
    UnitFacts,
    WinnerFacts,
)

ORGAN = Organ("华容县科学技术协会", "华容县科学技术协会文件", "华科协发")
CUT_OFF = datetime(2021, 11, 30, 15, 59, tzinfo=UTC)


def unit(name: str, division: str, *actual: int | None) -> UnitFacts:
    """A unit whose tasks are 2 backbones, 45 registrations and a volume of 4400."""
    return UnitFacts(name, division, *(Target(*each) for each in zip((2, 45, 4400), actual, strict=True)))


DONE = unit("同福村", "430623110215", 2, 45, 4400)
SHORT = unit("注北村", "430623110203", 1, 45, 3900)
OFFICES = unit("机关、站所", "430623110", 2, 40, 4500)
TIERS = (
    TierFacts("全县", 1, 10, "华容县优秀科普员", 500, "华容县科学技术协会"),
    TierFacts("全市", 1, 100, "市科协奖励", None, "岳阳市科学技术协会"),
)
CAMPAIGN = CampaignFacts(
    title="插旗镇2021年科普信息传播活动",
    based_on="华科协发〔2021〕2号",
    place="湖南省岳阳市华容县插旗镇",
    place_code="430623110",
    opens_on=date(2021, 1, 1),
    closes_on=date(2021, 11, 30),
    measure="分享次数",
    publicity_days_min=5,
    approval_number="湘评组函〔2021〕8号",
    version=1,
    sha256="ab" * 32,
    is_voluntary=False,
    certified_only=True,
    earnings=(("分享文章", 1, 300), ("签到", 1, 1)),
    rounds=(
        RoundFacts("2021年全年评选", date(2021, 1, 1), date(2021, 11, 30), date(2021, 11, 30), 2200, TIERS),
    ),
    units=(
        unit("同福村", "430623110215", None, None, None),
        unit("注北村", "430623110203", None, None, None),
    ),
)
PROGRESS = Progress(CUT_OFF, (DONE, SHORT, OFFICES))
WINNERS = (
    WinnerFacts(1, "王*英", "同福村", 5200, "华容县优秀科普员", 500),
    WinnerFacts(2, "李*", "注北村", 5100, "华容县优秀科普员", 500),
)
AWARDS = Awards(
    round="2021年全年评选",
    as_of="2021-11-30T23:59:58.000+08:00",
    sha256="cd" * 32,
    scopes=(ScopeFacts("岳阳市", ()), ScopeFacts("华容县", WINNERS)),
    first_day=date(2021, 12, 2),
    last_day=date(2021, 12, 8),
)
HEARINGS = (
    Hearing("注北村", "外出务工的人多，正在补。", "周审", datetime(2021, 12, 3, 2, tzinfo=UTC)),
    Hearing("机关、站所", "人员调整，年前补齐。", "周审", datetime(2021, 12, 3, 3, tzinfo=UTC)),
)
FACTS = Facts(CAMPAIGN, PROGRESS, AWARDS, HEARINGS)
MISSED = Facts(CAMPAIGN, Progress(CUT_OFF, (SHORT, OFFICES)), None, HEARINGS)
REMINDED = Facts(CAMPAIGN, Progress(CUT_OFF, (SHORT,)))
