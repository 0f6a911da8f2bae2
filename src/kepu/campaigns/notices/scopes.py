"""The words for the area in which people are ranked: 全市 → city."""

import re

SCOPE_OF = {
    "国": "country",
    "省": "province",
    "自治区": "province",
    "市": "city",
    "州": "city",
    "盟": "city",
    "县": "county",
    "区": "county",
    "旗": "county",
    "镇": "town",
    "乡": "town",
    "街道": "town",
    "村": "village",
    "社区": "village",
}
_SCOPE = re.compile(
    r"(?<![安健完齐周])全(?P<whole>自治区|街道|社区|[省市州盟县区旗镇乡村国])"
    r"(?!通报|推广|宣传|范围内?(?:通报|推广|宣传)|各|科协|委|政府|领导|办公室|印发)"
    r"|(?<![一-鿿])(?P<level>[省市县区镇乡])(?:级|里|内)?(?=(?:总)?(?:排名|排行|奖励|前[\d一二三四五六七八九十百]))"
)


# 排名平果市第1至10名: the place says its name.
_NAMED = re.compile(
    r"(?:^|[，。；：、（）]|排名|位居|名列|位列|排在|居|列|在|按)"
    r"(?P<place>(?!各|本|我|每)(?:(?!排名|全)[一-鿿]){1,9}?(?:自治[区州县旗]|[省市州盟县区旗镇乡]))"
    r"(?=(?:内|范围内)?(?:总?排名|排行|前[\d一二三四五六七八九十百]|第[\d一二三四五六七八九十]))"
)


def scopes_in(text: str) -> list[tuple[int, str]]:
    """Where a text names areas, and which, in order: a word of SCOPE_OF, or the name of a place."""
    words = [(match.start(), SCOPE_OF[match["whole"] or match["level"]]) for match in _SCOPE.finditer(text)]
    names = [(match.start("place"), match["place"]) for match in _NAMED.finditer(text)]
    return sorted([*words, *(each for each in names if len(each[1]) > 2 or each[1] not in SCOPE_OF)])


def shared_scope(text: str) -> str | None:
    """The area a text says at its end of all it named before (…，均在全县范围内排名)."""
    for at, scope in scopes_in(text):
        if re.search(r"(?:均|都|一律)[^。；\n]{0,6}$", text[:at]):
            return scope
    return None
