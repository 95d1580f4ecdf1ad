"""What the fast reader of JSON takes is what the strict one reads, to the type."""

import json
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from advisor.api.parsers import as_answers, parse_json, read_json, read_text
from advisor.api.problems import Refused

NUMBERS = st.integers() | st.floats() | st.sampled_from([10**15, 2**63, 2**64, 10**30, -(10**30), 1e15, -0.0])
SINGLE = st.none() | st.booleans() | NUMBERS | st.text() | st.sampled_from(["10:30", "\ud800", '":', "{", "["])
VALUES = SINGLE | st.lists(SINGLE, max_size=3) | st.dictionaries(st.text(max_size=3), SINGLE, max_size=2)
NAMES = st.sampled_from(["a", "b", "c:d", "é", ""])
PAIRS = st.lists(st.tuples(NAMES, VALUES | st.recursive(VALUES, lambda inner: st.lists(inner, min_size=1))), max_size=6)


def read(body: bytes, strictly: bool) -> str:
    try:
        return repr(as_answers(parse_json(read_text(body))) if strictly else read_json(body))
    except Refused as refused:
        return repr((refused.detail, refused.problems))


@given(PAIRS, st.booleans(), st.sampled_from([(", ", ": "), (",", ":"), (" ,\n", " :\t")]))
@example([("a", 1), ("a", 2)], True, (",", ":"))
def test_objects_are_read_alike(pairs: list[tuple[str, object]], plain: bool, between: tuple[str, str]) -> None:
    written = [between[1].join((json.dumps(name), json.dumps(value, ensure_ascii=plain))) for name, value in pairs]
    body = f"{{{between[0].join(written)}}}".encode(errors="surrogatepass")
    assert read(body, strictly=False) == read(body, strictly=True)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"a":1}x', "\ufeff{}", '{"a":-0}', '{"a":1e400}', '{"a":1E5}', '{"a":01}', '{"a":"\t"}',
     '{"a":{}}', '{"a":[[]]}', "[" * 2000, '{"a":' + "9" * 5000 + "}", '{"a":' + "9" * 400 + "}", "null", '"a:b"'],
)  # fmt: skip
def test_odd_texts_are_read_alike(text: str) -> None:
    assert read(text.encode(), strictly=False) == read(text.encode(), strictly=True)


@pytest.mark.parametrize("rest", ['\\"' * 300_000, '"\\', "\\" * 600_001])
def test_a_string_without_an_end_is_refused_as_soon_as_it_is_read(rest: str) -> None:
    started = time.process_time()
    with pytest.raises(Refused) as refused:
        parse_json("[" + "[]," * 9 + '"' + rest)
    assert [problem.code for problem in refused.value.problems] == ["not_json"]
    assert time.process_time() - started < 1  # hours, where each quote is a new beginning


@given(st.text(alphabet='"\\[]{}a\n'), st.text(alphabet='"\\[]{}a\n'))
def test_brackets_in_whole_strings_are_not_counted(name: str, text: str) -> None:
    content = {name: [text, {text: name}], "b": []}
    assert parse_json(json.dumps(content)) == content
    with pytest.raises(Refused):
        parse_json("[" * 9 + json.dumps(content) + "]" * 9)
