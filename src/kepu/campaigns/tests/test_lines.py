"""The locator agrees with tomllib on what a file holds, and says where."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.campaigns.sheet.lines import line_of, lines_of


def paths_of(value, above=()):
    """Every path of a parsed document, in no order."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield (*above, key)
        yield from paths_of(inner, (*above, key))


GNARLY = '''\
# a comment with [brackets] and = signs
"quoted key" = "a # no comment" # a comment
'single' = 'C:\\path'
"uni\\u7801" = 1
a.b . "c d".e = 1979-05-27T07:32:00Z
empty = {}
text = """
[not.a.table]
key = "value"
ends with quotes """""
literal = \'\'\'
[[nor.this]]
\'\'\'
array = [
  1, 2, # a comment with ]
  [ "x]", 'y' ],
  { k = 1, "l" = [ { m = 2 } ] },
]
[table]
inline = { p.q = 1, r = "}" }
[[rows]]
x = 1
[rows.sub]
y = 2
[[rows.deep]]
z = 3
[[rows.deep]]
z = 4
[[rows]]
x = 5
[[rows.deep]]
z = 6
[ spaced . name ]
w = -inf
[table.below]
last = true'''


def test_every_value_of_a_gnarly_file_has_its_line():
    lines = lines_of(GNARLY)
    assert set(paths_of(tomllib.loads(GNARLY))) == set(lines)
    rows = GNARLY.split("\n")
    for path, starts in {
        ("quoted key",): '"quoted key"',
        ("uni码",): '"uni',
        ("a", "b", "c d", "e"): "a.b",
        ("array",): "array",
        ("array", 2, 1): '  [ "x]"',
        ("array", 3, "l", 0, "m"): "  { k",
        ("table", "inline", "p", "q"): "inline",
        ("rows", 0, "deep", 1, "z"): "z = 4",
        ("rows", 1, "x"): "x = 5",
        ("rows", 1, "deep", 0, "z"): "z = 6",
        ("spaced", "name", "w"): "w =",
        ("table", "below", "last"): "last",
    }.items():
        assert rows[lines[path] - 1].startswith(starts), path


@pytest.mark.parametrize(
    ("path", "line"), [(("rows", 1, "missing"), 29), (("table", "none", 3), 19), (("nothing",), 1), ((), 1)]
)
def test_what_is_missing_stands_where_it_would(path, line):
    assert line_of(lines_of(GNARLY), path) == line


keys = st.text("abc_-1", min_size=1, max_size=3)
atoms = st.one_of(
    st.sampled_from(['"a"', '"\\""', "'#'", "1", "true", "1.5", "2021-06-21", '"""\n]\n"""', "'''\n}'''"])
)
values = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[ # c\n" + ",\n".join(items) + "\n]"),
        st.dictionaries(keys, inner, max_size=3).map(
            lambda table: "{" + ", ".join(f"{key} = {value}" for key, value in table.items()) + "}"
        ),
    ),
    max_leaves=6,
)
pairs = st.dictionaries(keys, values, max_size=3).map(
    lambda table: "".join(f"{key} = {value} # c\n" for key, value in table.items())
)
sections = st.tuples(keys, st.booleans(), pairs).map(
    lambda part: (f"[[t{part[0]}]]\n" if part[1] else f"[u{part[0]}.{part[0]}]\n") + part[2]
)


@given(pairs, st.lists(sections, max_size=4))
def test_the_locator_finds_exactly_what_tomllib_reads(head, rest):
    text = head + "\n".join(rest)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    lines = lines_of(text)
    assert set(paths_of(raw)) == set(lines)
    rows = text.split("\n")
    for path, line in lines.items():
        if isinstance(path[-1], str):
            assert path[-1] in "".join(rows[line - 1 :])
