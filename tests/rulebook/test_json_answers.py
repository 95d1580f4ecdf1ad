"""What the fast reader of JSON takes is what the strict one reads, to the type."""

import json
import signal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from advisor.core.errors import AnswersError
from advisor.rulebook.json_answers import read_items, read_object, read_strictly

NUMBERS = st.integers() | st.floats() | st.sampled_from([10**15, 2**63, 2**64, 10**30, -(10**30), 1e15, -0.0])
SINGLE = st.none() | st.booleans() | NUMBERS | st.text() | st.sampled_from(["10:30", "\ud800", '":', "{", "["])
VALUES = SINGLE | st.lists(SINGLE, max_size=3) | st.dictionaries(st.text(max_size=3), SINGLE, max_size=2)
NAMES = st.sampled_from(["a", "b", "c:d", "é", ""])
PAIRS = st.lists(st.tuples(NAMES, VALUES | st.recursive(VALUES, lambda inner: st.lists(inner, min_size=1))), max_size=6)


def read(body: bytes, strictly: bool) -> str:
    try:
        return repr(read_strictly(body) if strictly else read_object(body))
    except AnswersError as error:
        return repr(error.problems)


@given(PAIRS, st.booleans(), st.sampled_from([(", ", ": "), (",", ":"), (" ,\n", " :\t")]))
@example([("a", 1), ("a", 2)], True, (",", ":"))
def test_objects_are_read_alike(pairs: list[tuple[str, object]], plain: bool, between: tuple[str, str]) -> None:
    written = [between[1].join((json.dumps(name), json.dumps(value, ensure_ascii=plain))) for name, value in pairs]
    body = f"{{{between[0].join(written)}}}".encode(errors="surrogatepass")
    assert read(body, strictly=False) == read(body, strictly=True)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"a":1}x', "\ufeff{}", '{"a":-0}', '{"a":1e400}', '{"a":1E5}', '{"a":01}', '{"a":"\t"}',
     '{"a":{}}', '{"a":[[]]}', "[" * 2000, '{"a":' + "9" * 5000 + "}", '{"a":' + "9" * 400 + "}", "null", '"a:b"',
     '{"a":' + "9" * 30 + "}", '{"a":-' + "9" * 30 + "}"],
)  # fmt: skip
def test_odd_texts_are_read_alike(text: str) -> None:
    assert read(text.encode(), strictly=False) == read(text.encode(), strictly=True)


@pytest.mark.parametrize("rest", ['\\"' * 300_000, '"\\', "\\" * 600_001])
def test_a_string_without_an_end_is_refused_as_soon_as_it_is_read(rest: str) -> None:
    signal.alarm(60)  # it would take hours, were each quote a new beginning
    try:
        with pytest.raises(AnswersError) as refused:
            read_items(("[" + "[]," * 9 + '"' + rest).encode())
    finally:
        signal.alarm(0)
    assert [problem.code for problem in refused.value.problems] == ["not_json"]


@given(st.text(alphabet='"\\[]{}a\n'), st.text(alphabet='"\\[]{}a\n'))
def test_brackets_in_whole_strings_are_not_counted(name: str, text: str) -> None:
    content = {name: [text, {text: name}], "b": []}
    assert read_strictly(json.dumps(content).encode()) == content
    with pytest.raises(AnswersError):
        read_items(("[" * 9 + json.dumps(content) + "]" * 9).encode())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "not_json"),
        ("[]", "not_an_object"),
        ('{"a": NaN}', "not_json"),
        ('{"a": [[NaN]]}', "not_json"),
        ('{"a": {"b": NaN}}', "not_json"),
        ('{"a": 1, "a": 2}', "duplicate_key"),
        ('{"\\ud800": 1, "\\ud800": 2}', "duplicate_key"),
        ('{"a": "\\ud800"}', "not_text"),
        ("[" * 60_000, "too_deep"),
        ('{"a": ' + "[" * 8 + "]" * 8 + "}", "too_deep"),
        ('{"a": ' + "1" * 5_000 + "}", "not_json"),
    ],
)
def test_what_could_be_misread_is_refused(text: str, code: str) -> None:
    with pytest.raises(AnswersError) as caught:
        read_object(text.encode())
    (problem,) = caught.value.problems
    assert problem.code == code
    assert str(problem).encode()  # it can be said


def test_a_name_beside_answers_is_not_passed_over() -> None:
    """The envelope of a file is none here: it would be a question of that name, which the core refuses."""
    assert read_object(b'{"answers": {"cloud": "aws"}, "foo": 3}') == {"answers": {"cloud": "aws"}, "foo": 3}


def test_an_item_of_an_array_is_refused_alone() -> None:
    bad = ['{"a": 1, "a": 2}', '{"a": [NaN]}', "7", '{"a": "\\ud800"}', '{"a": ' + "1" * 5_000 + "}", "NaN"]
    items = read_items(f"[{{}}, {', '.join(bad)}, {{}}]".encode())

    assert items[0] == items[-1] == {}
    assert [item.problems[0].code for item in items if isinstance(item, AnswersError)] == [
        "duplicate_key", "not_json", "not_an_object", "not_text", "not_json", "not_json",
    ]  # fmt: skip


def test_an_item_may_be_as_deep_in_an_array_as_alone() -> None:
    deepest = '{"a": ' + "[" * 7 + "]" * 7 + "}"
    assert read_items(f"[{deepest}]".encode()) == [read_object(deepest.encode())]
