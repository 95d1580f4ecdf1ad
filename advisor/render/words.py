"""How values of the decision document are written in words: quantities, money, answers, days; for all who write any.

Works on plain JSON values; must not know a page, a door or the rulebook.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from advisor.core.units import format_quantity

_UNITS = {
    "_bytes": "bytes", "_per_second": "messages/s", "_seconds": "seconds", "_hours": "hours", "_ms_": "ms",
    "_usd_": "USD", "_percent": "percent", "_months": "months",
}  # fmt: skip
NOT_PRICED = "not priced"
_HAIR = {"rel_tol": 2e-6, "abs_tol": 2e-9}  # what-ifs try a millionth beside a threshold, or a billionth beside 0
ADDED = "Kafka runs already, so what an option adds to a cluster of its own kind is scored"
_BY_ANOTHER = "by another Region's prices where this one's are not known"
ELSEWHERE = f", {_BY_ANOTHER}"
NO_BILL = "A sum without all of its prices is no bill to compare with."
FAMILIES = {
    "sqs": "Amazon SQS", "kafka": "Apache Kafka", "both": "Kafka and SQS", "neither": "Neither", "none": "Nothing fits",
}  # fmt: skip
STATES = {
    "decided": "Decided: no usual answer to what was left open can change the outcome; proved over all of them.",
    "leaning": "Leaning: the assumed values say so, and the answers named below could still turn it.",
    "tie": "A tie: the two sides are too close for points to settle it, or a price that is not known could turn it.",
    "open": "Open: a question on which the advice hangs has no answer yet.",
    "none": "Every option is ruled out by a hard limit.",
}


def say_state(document: Mapping[str, Any]) -> str:
    """How firm the outcome is; where it leans and no answer alone turns it, what could."""
    if document["state"] != "leaning" or document["turning_questions"]:
        return STATES[document["state"]]
    together = f"several together{', or a price that is not known,' if lacks_prices(document) else ''} still could"
    return f"Leaning: the assumed values say so, and no open answer alone would turn it; {together}."


def lacks_prices(document: Mapping[str, Any]) -> bool:
    """Whether some prices of the Region are not known, so that those of another one are compared."""
    return any(warning["code"] == "not_priced" for warning in document["warnings"])


def quantity(value: Any, unit: str = "") -> str:
    """A value with its unit, yes or no, a list with commas, open answers as people say them."""
    match value:
        case None:
            return "unlimited or unknown"
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return format_quantity(value, unit)
        case Mapping():
            return _open(value, unit)
        case list() | tuple():
            return ", ".join(quantity(each, unit) for each in value) or "none"
        case _:
            return str(value)


def _open(value: Mapping[str, Any], unit: str) -> str:
    match value:
        case {"min": low, "max": high}:
            return f"{quantity(low, unit)} to {quantity(high, unit)}"
        case {"one_of": words}:
            return " or ".join(quantity(word, unit) for word in words)
        case {"all_of": sure, "maybe": perhaps}:
            parts = [quantity(sure)] * bool(sure) + [f"perhaps {quantity(perhaps)}"] * bool(perhaps)
            return ", ".join(parts) or "none"
    raise TypeError(f"no answer is written like {value}")


def money(amount: str | None) -> str:
    """Dollars as the document has them, thousands separated; a missing price is said to be missing and is never 0."""
    if amount is None:
        return NOT_PRICED
    dollars, _, cents = amount.removeprefix("-").partition(".")
    sign = "-" if amount.startswith("-") else ""
    return f"{sign}${int(dollars):,}" + (f".{cents}" if cents else "")


def total(estimate: Mapping[str, Any], member: str = "likely_usd") -> str:
    """A sum of the estimate, marked where a price is missing from it."""
    is_known = estimate[member] is not None
    return money(estimate[member]) + (" + not priced items" if is_known and estimate["is_partial"] else "")


def added(document: Mapping[str, Any]) -> str:
    """Where Kafka runs already: what each option costs alone, and what it adds, which is scored; else nothing."""
    estimates = [(verdict["label"], verdict["estimate"]) for verdict in document["verdicts"]]
    parts = [
        f"{label} {money(estimate['scored_usd'])} ({total(estimate)} alone)"
        for label, estimate in estimates
        if estimate["is_added"]
    ]
    is_partial = any(estimate["is_partial"] for _, estimate in estimates)
    elsewhere = ELSEWHERE if is_partial else ""
    return f"{ADDED}{elsewhere}: {'; '.join(parts)}." if parts else ""


def compare_sums(document: Mapping[str, Any]) -> str:
    """Where prices are missing: that such sums are no bills to compare with, and what is compared; else nothing."""
    partial = [verdict for verdict in document["verdicts"] if verdict["estimate"]["is_partial"]]
    if not partial:
        return ""
    sums = {verdict["label"]: verdict["estimate"]["scored_usd"] for verdict in partial}
    elsewhere = "; ".join(f"{label} {money(usd)}" for label, usd in sums.items() if usd is not None)
    nowhere = ", ".join(label for label, usd in sums.items() if usd is None)
    return (
        NO_BILL
        + (f" Compared {_BY_ANOTHER}: {elsewhere}." if elsewhere else "")
        + (f" Compared as the dearest, since a price is known nowhere: {nowhere}." if nowhere else "")
    )


def say_region(region: str) -> str:
    """A Region in a sentence; `other` is one that no answer names."""
    return "another Region" if region == "other" else region


def plain_name(name: str) -> str:
    """`messages_per_second_avg` as words."""
    return name.replace("_", " ")


def listed(names: Iterable[str]) -> str:
    return ", ".join(plain_name(name) for name in names)


def labels_of(document: Mapping[str, Any]) -> dict[str, str]:
    """The options' names by id."""
    return {verdict["option"]: verdict["label"] for verdict in document["verdicts"]}


def winner_of(document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The verdict of the recommended option, if there is one."""
    return next((verdict for verdict in document["verdicts"] if verdict["option"] == document["option"]), None)


def find_sibling(document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The next best option of the same kind that is not ruled out, with how many points it lies behind."""
    kept = [verdict for verdict in document["verdicts"] if verdict["status"] != "excluded"]
    first = next((verdict for verdict in kept if verdict["option"] == document["option"]), None)
    rest = [verdict for verdict in kept if first and verdict is not first and verdict["family"] == first["family"]]
    return {**rest[0], "behind_by": first["score"] - rest[0]["score"]} if first and rest else None


def say_inside(document: Mapping[str, Any]) -> str:
    """How firm the option is among those of its kind, and which comes next; nothing where no option is chosen."""
    if not document["option"]:
        return ""
    state = "it is a tie" if document["option_state"] == "tie" else f"the option is {document['option_state']}"
    sibling = find_sibling(document)
    behind = f"; next comes {sibling['label']}, {quantity(sibling['behind_by'], 'points')} behind" if sibling else ""
    return f"Inside {FAMILIES[document['outcome']]} {state}{behind}."


def place_signposts(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Each signpost with its place; what one rule names instead stands beside nothing, whichever rule speaks of it."""
    posts = document["signposts"]
    named = [post["option"] for post in posts if post["effect"] == "instead"]
    instead = {*named, *(name.partition(",")[0] for name in named)}  # RabbitMQ, on AWS also as Amazon MQ
    return [{**post, "place": "Instead" if post["option"] in instead else "Beside it"} for post in posts]


def chosen(document: Mapping[str, Any]) -> str:
    """The outcome in a few words: the family, and the option, where that does not begin with it."""
    winner = winner_of(document)
    family, label = FAMILIES[document["outcome"]], winner["label"] if winner else ""
    return label if label.startswith(family) else f"{family}: {label}" if label else family


def answer_words(name: str, answer: Any) -> str:
    """An answer with the unit that its question's name carries."""
    return quantity(answer, next((unit for part, unit in _UNITS.items() if part in name), ""))


def left_open(document: Mapping[str, Any]) -> str:
    """How many questions have no answer."""
    count = len(document["assumptions"])
    return "1 question was left open" if count == 1 else f"{count or 'No'} questions were left open"


def asked_beside(document: Mapping[str, Any], name: Callable[[str], str] = plain_name) -> list[tuple[str, str]]:
    """What was asked beside the answers: weights of the asker's own, by the criterion's name, and the day of the
    facts."""
    weights = [(f"weight of {name(criterion)}", str(weight)) for criterion, weight in document["weights"].items()]
    day = document["rulebook"]["as_of"]
    return [*weights, ("facts as of", day)] if day else weights


def next_questions(document: Mapping[str, Any]) -> list[str]:
    """What to answer next, two questions where only both together say more; none where an answer would turn nothing."""
    following = document["next_question"]
    if following is None or not (following["power_percent"] or document["state"] == "open"):
        return []
    return [name for name in (following["question"], following["with_question"]) if name]


def describe_flip(flip: Mapping[str, Any], labels: Mapping[str, str], write: Callable[[Any], str] = quantity) -> str:
    """What would win, and what its question's answer would have to become; `write` says choices in words."""
    to = labels.get(flip["option"], FAMILIES[flip["outcome"]])
    if threshold := threshold_of(flip):
        edge, beyond, _ = threshold
        return f"{to} if it is {beyond} {quantity(edge, flip['unit'])}"
    if isinstance(flip["until"], bool | str | list):
        return f"{to} if it is {write(flip['becomes_at'])}, not {write(flip['until'])}"
    until, then = say_sides(flip)
    side = "more" if flip["becomes_at"] > flip["until"] else "less"
    return f"{to} at {then} or {side}; as it is until {until}"


def say_sides(flip: Mapping[str, Any]) -> tuple[str, str]:
    """The number at which all stays and that at which it turns, of sizes both in units of one kind: 256 KiB and
    256.8 KiB, not 263 kB."""
    sides, unit = (flip["until"], flip["becomes_at"]), flip["unit"]
    said = [quantity(side, unit) for side in sides]
    if len({"iB" in each for each in said}) == 2:
        said = [format_quantity(side, unit, in_binary=True) for side in sides]
    return said[0], said[1]


def threshold_of(flip: Mapping[str, Any]) -> tuple[float, str, str] | None:
    """Where both sides of a change read alike or are a hair apart: the number between them, and how the answer lies to
    it that turns the outcome, and the one that does not. Of two that are a hair apart it is the one with fewer figures.
    """
    until, then = flip["until"], flip["becomes_at"]
    if isinstance(until, bool | str | list):
        return None
    is_hair = math.isclose(until, then, **_HAIR)
    if not is_hair and len(set(say_sides(flip))) == 2:
        return None
    if is_hair and _figures(then) < _figures(until):
        return (then, "at least", "less than") if then > until else (then, "at most", "more than")
    return (until, "more than", "up to") if then > until else (until, "less than", "down to")


def _figures(number: float) -> int:
    return len(str(number).replace(".", "").strip("0"))


def say_kind(source_kind: str) -> str:
    """What kind of source it is: vendor, stored copy."""
    return source_kind.replace("_copy", ", stored copy").replace("_", " ")


def cite(evidence: Sequence[Mapping[str, Any]]) -> str:
    """Each source once, with the day it was checked."""
    return "; ".join(dict.fromkeys(f"{each['source']}, checked {each['checked']}" for each in evidence))


def signed(number: int) -> str:
    """Points with their sign, the minus as wide as the plus; nought has none."""
    return f"{number:+d}".replace("-", "−") if number else "0"


def points(number: int) -> str:
    return f"{number:+d}"


def months(number: float | None) -> str:
    """When a limit is reached."""
    if number is None:
        return "never"
    return "now" if number == 0 else f"in {quantity(number)} months"
