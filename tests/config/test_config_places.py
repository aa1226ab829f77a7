"""Lines of keys, held against files that were put together from keys whose lines are known."""

from __future__ import annotations

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from agentslint.config.key_lines import Places

TEXT = """\
# select = "not here"
select = [ # ] not yet
  "a",   # b
  "b", ]
rules.x.allow = [
 {match = "a]", reason = "x"},
 {match = "b", reson = "x # '"},
]
long = \"\"\"
[[ignore]]
rule = "not here" ]
# \"\"\"
[[ignore]]
rule = "x"

[[ignore]]
rule = "y"
[ignore.sub]
z = 1
[render]
timeout = 1
[[render.for]]
a.b = 1
a.c = '''
]'''
[[render.for]]
a = { b = 1 }
["q.u"."x y"]
k = 1
"""


@pytest.mark.parametrize(
    ("keys", "word", "line"),
    [
        (("select",), "", 2),
        (("select", 0), "a", 3),
        (("select", 1), "b", 4),
        (("select", 1), "absent", 2),
        (("rules", "x", "allow", 1, "reson"), "reson", 7),
        (("long",), "", 9),
        (("ignore",), "", 13),
        (("ignore", 0), "", 13),
        (("ignore", 0, "rule"), "", 14),
        (("ignore", 1), "", 16),
        (("ignore", 1, "rule"), "", 17),
        (("ignore", 1, "sub", "z"), "", 19),
        (("render", "timeout"), "", 21),
        (("render", "for", 0), "", 22),
        (("render", "for", 0, "a", "c"), "", 24),
        (("render", "for", 1, "a", "b"), "", 27),
        (("q.u", "x y", "k"), "", 29),
        (("nowhere", 3), "", 1),
        ((), "", 1),
    ],
)
def test_the_line_of_a_key(keys: tuple[str | int, ...], word: str, line: int) -> None:
    tomli.loads(TEXT)
    assert Places(TEXT).line(keys, word) == line
    assert Places(TEXT.replace("\n", "\r\n")).line(keys, word) == line


KEYS = st.text("abcdefgh-_12", min_size=1, max_size=6)
VALUES = st.sampled_from(
    [
        "1", "'x'", '"# ["', "[]", "[1, 2]", "['a]', \"b'\"]", "{ z = 1 }", "[\n  1,\n]", "[\n  { a = '#' }, # ]\n  { a = ']' },\n]",
        '"""\n[[a]]\nb = 1\n"""', "'''\n# ]\n'''", "2026-01-31", "true # yes",
    ]
)  # fmt: skip
NOISE = st.sampled_from(["", "# a comment = [", "   ", "#"])


@given(
    st.lists(st.tuples(st.booleans(), KEYS, st.lists(st.tuples(KEYS, VALUES, NOISE), unique_by=lambda row: row[0], max_size=4)), max_size=6)
)
def test_every_key_of_a_file_that_is_put_together_is_found_on_its_line(tables: list[tuple[bool, str, list[tuple[str, str, str]]]]) -> None:
    lines: list[str] = []
    expected: dict[tuple[str | int, ...], int] = {}
    count: dict[str, int] = {}
    for array, name, rows in tables:
        header = f"{'list' if array else 'table'}-{name}"
        if not array and header in count:
            continue
        count[header] = count.get(header, -1) + 1
        path = (header, count[header]) if array else (header,)
        lines.append(f"[[{header}]]" if array else f"[{header}]")
        expected[path] = len(lines)
        for key, value, noise in rows:
            lines.append(noise)
            expected[(*path, key)] = len(lines) + 1
            lines += f"{key} = {value}".split("\n")
    text = "\n".join(lines)
    tomli.loads(text)
    places = Places(text)
    assert {keys: places.line(keys) for keys in expected} == expected
