"""What of a Chinese text a search can find.

Chinese is written without spaces, and a reader types a piece of a word as often as a word. So every
character, every pair of neighbours and every longer dictionary word (rjieba) becomes a token: two
characters are found wherever they stand together, and a whole word found whole counts for more.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import rjieba

TOKEN_CHARS_MAX = 24
QUERY_CHARS_MAX = 40
# A word repeated in one field says little more after its third time.
REPEATS_MAX = 3
_RUN = re.compile(r"[^\W_]+")
# Words too common to tell articles apart; left out of a query unless nothing else is in it.
_COMMON_WORDS = """
的 了 是 在 和 与 或 吗 呢 吧 啊 呀 么 着 过 把 被 让 给 对 从 到 就 都 也 还 很 又 再 最 要 会 能 可以 应该
怎么 怎样 怎么样 怎么办 如何 什么 为什么 哪些 哪个 哪里 多少 是不是 能不能 一下 我 你 他 她 它 我们
the a an of and to in
"""
_COMMON = frozenset(_COMMON_WORDS.split())


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query as tokens: an article must hold `at_least` of `needed`; `bonus` only ranks it higher."""

    needed: frozenset[str]
    bonus: frozenset[str]
    at_least: int


def weighted_tokens(fields: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Every token of the fields (text, weight of the field) with its weight summed over them.

    A longer token weighs more, in proportion to its length: it is the rarer find.
    """
    weights: Counter[str] = Counter()
    for text, weight in fields:
        for token, times in _tokens(text).items():
            weights[token] += weight * len(token) * min(times, REPEATS_MAX)
    return dict(weights)


def wanted(query: str) -> Wanted | None:
    """What to look for, or None when the query holds no letter, digit or character.

    Needed are the pairs inside the query's words; of four and more, about two thirds suffice, so that
    a question asked in a full sentence still finds its article. A piece of text that is no word is
    needed as its own pairs.
    """
    runs = _runs(query[:QUERY_CHARS_MAX])
    runs = [part for run in runs for part in _without_common(run)] or runs
    if not runs:
        return None
    needed = frozenset(pair for run in runs for pair in _pairs_inside_words(run)) or frozenset(runs)
    bonus = frozenset(token for run in runs for token in (*_pairs(run), *_words(run)))
    return Wanted(needed, bonus - needed, len(needed) - len(needed) // 3 if len(needed) > 3 else len(needed))


def tails(text: str) -> str:
    """Every tail of every run of the text, spaced: what matches beginnings of words then finds any piece."""
    return " ".join(run[place:] for run in _runs(text) for place in range(len(run)))


def _runs(text: str) -> list[str]:
    return _RUN.findall(unicodedata.normalize("NFKC", text).lower())


def _pairs(run: str) -> list[str]:
    return [left + right for left, right in pairwise(run)]


def _pairs_inside_words(run: str) -> list[str]:
    return [pair for word in rjieba.cut(run) for pair in _pairs(word)] or _pairs(run)


def _words(run: str) -> list[str]:
    return [word for word in rjieba.cut_for_search(run) if 2 < len(word) <= TOKEN_CHARS_MAX]


def _tokens(text: str) -> Counter[str]:
    return Counter(token for run in _runs(text) for token in (*run, *_pairs(run), *_words(run)))


def _without_common(run: str) -> list[str]:
    parts = [""]
    for word in rjieba.cut(run):
        if word in _COMMON:
            parts.append("")
        else:
            parts[-1] += word
    return [part for part in parts if part]
