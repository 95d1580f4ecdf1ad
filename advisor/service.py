"""The one hall: what the doors (page, REST, command line) may ask for. They call this and nothing below it.

Knows no request and no terminal. The rulebook is read once a process, and the kits made last are kept.
"""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from advisor import __version__
from advisor.core.answers import read_answers
from advisor.core.breakeven import BreakEven, break_even
from advisor.core.cases import Case
from advisor.core.cited import evidence_for
from advisor.core.conclude import conclude as conclude_workload
from advisor.core.conclude import find_remarks, open_lab
from advisor.core.costs import Costs
from advisor.core.errors import AnswersError, Problem, read_all
from advisor.core.estimate import CostLine, Estimate
from advisor.core.evaluate import estimate_option
from advisor.core.options import check_option, price_quantities
from advisor.core.probes import Lab
from advisor.core.query import CONTROLS, LANGUAGES, WEIGHT, Query, read_pairs
from advisor.core.query import read_query as part_query
from advisor.core.rank import merge_weights
from advisor.core.recommend import recommend as recommend_workload
from advisor.core.recommendation import KAFKA, SQS, Conclusion, Evidence, NextQuestion, Recommendation
from advisor.core.rulebook import Rulebook
from advisor.core.sensitivity import choose_next, turning_powers
from advisor.core.sweep import Standing, stand
from advisor.core.workload import Workload
from advisor.kit import as_yaml
from advisor.kit.archives import Archive, write_archive
from advisor.kit.build import ANSWERS, CHECKSUMS, check_name
from advisor.kit.build import build_kit as write_kit
from advisor.kit.changes import Change
from advisor.kit.changes import compare_kits as compare
from advisor.kit.kept import Kept
from advisor.kit.parts import Part, pack
from advisor.kit.starters import Kit, digest, load_starters
from advisor.kit.update import WRITTEN, Step, compare_verdict, plan_update, read_checksums, write_beside
from advisor.render.document import Document, identify, to_conclusion, to_document, write_asked
from advisor.render.markdown import to_markdown
from advisor.rulebook.answers_file import AnswersFile, read_answers_file, read_answers_text
from advisor.rulebook.batches import Given, ReadPart, read_array, read_csv, read_ndjson
from advisor.rulebook.cases import PRESETS, load_cases
from advisor.rulebook.json_answers import is_text, read_object
from advisor.rulebook.loader import load_for_good

__all__ = [  # what the doors also need
    "ANSWERS", "CHECKSUMS", "CONTROLS", "LANGUAGES", "WEIGHT", "WRITTEN", "AnswersFile", "Given", "Kept", "Kit",
    "Query", "ReadPart", "Step", "check_option", "compare_verdict", "is_text", "plan_update",
    "read_answers_file", "read_answers_text", "read_array", "read_checksums", "read_csv", "read_ndjson", "read_object",
    "read_pairs", "write_beside",
]  # fmt: skip

ARCHIVES: Mapping[str, str] = {"zip": "application/zip", "tgz": "application/gzip"}  # each with its media type
KITS_KEPT = 10_000  # some 15 KB each, as what all of them share is there once
ARCHIVES_KEPT = 200  # some 40 KB each
RECORDS_KEPT = 500  # some 10 KB each
ANSWERS_KEPT = 100  # some 200 KB each: the pages that are being looked at, not a store


def find_folder(name: str) -> Path:
    """`rules` or `templates`: where ADVISOR_RULES_DIR says (or its like), else beside the package, else inside it."""
    elsewhere = os.environ.get(f"ADVISOR_{name.upper()}_DIR")
    if elsewhere:
        return Path(elsewhere).resolve()
    package = Path(__file__).resolve().parent
    beside = package.parent / name
    return beside if beside.is_dir() else package / name


@cache
def get_rulebook() -> Rulebook:
    """The rulebook of this release; raises RulebookError with every problem."""
    return load_for_good(find_folder("rules"), find_folder("templates"))


@cache
def get_presets() -> tuple[Case, ...]:
    """The workloads to start from, where the rules have any; raises RulebookError with every problem."""
    return load_cases(find_folder("rules"), lambda: get_rulebook().questions, PRESETS).get(PRESETS, ())


def read_query(given: Mapping[str, object]) -> Query:
    """Raw answers and what is asked about them, parted; raises AnswersError with every problem."""
    return part_query(given, get_rulebook())


def read_kit_query(given: Mapping[str, object]) -> Query:
    """The same of who wants the project: its name is looked at too."""
    name = given.get("name")
    query, _ = read_all(lambda: read_query(given), lambda: check_name(name) if name and isinstance(name, str) else None)
    return query


def recommend(query: Query) -> Recommendation:
    """The whole answer to a query; raises AnswersError with every problem."""
    return recommend_workload(read_workload(query), get_rulebook(), query.weights, query.as_of)


def conclude(query: Query) -> Conclusion:
    """What that answer comes to, without its reasons, for a small part of the work; raises the same."""
    return conclude_workload(read_workload(query), get_rulebook(), query.weights, query.as_of)


def warn(query: Query) -> tuple[Problem, ...]:
    """The warnings of that answer alone; raises the same."""
    lab = _open_lab(query)
    return find_remarks(lab, lab.rank())


def write_answer(query: Query, *, whole: bool) -> Document:
    """The answer as plain values: the whole document, or the conclusion alone."""
    return to_document(recommend(query), release()) if whole else to_conclusion(conclude(query), release())


def write_yaml(content: object) -> str:
    """Plain values as YAML, the same from every door: sorted names, 120 columns."""
    return as_yaml.write_yaml(content, sort_keys=True)


_answers = Kept[Recommendation](ANSWERS_KEPT)


def recall(query: Query) -> Recommendation:
    """The same as `recommend`, from the answers found last: for what is shown of one answer in many requests."""
    return _answers.find(identify_answer(query), lambda: recommend(query))


def read_workload(query: Query) -> Workload:
    """The query's answers with what is assumed for the rest; raises AnswersError with every problem."""
    return query.workload or read_answers(query.answers, get_rulebook().questions)


def ask_next(query: Query, skipped: Collection[str]) -> NextQuestion | None:
    """What to ask next of somebody who could not answer the skipped questions; None when nothing could turn it."""
    lab = _open_lab(query)
    now = lab.rank()
    return choose_next(lab, now, tuple(each for each in turning_powers(lab, now) if each[0] not in skipped))


def _open_lab(query: Query) -> Lab:
    return open_lab(read_workload(query), get_rulebook(), query.weights, query.as_of)


def get_rulebook_of(query: Query) -> Rulebook:
    """The rulebook as the query sees it: of today, or as it stood on its day."""
    return get_rulebook() if query.as_of is None else get_rulebook().as_of(query.as_of)


def cite(query: Query, facts: Collection[str]) -> list[Evidence]:
    """These facts as they apply to the query, in the order of their ids."""
    return [evidence_for(fact, read_workload(query), get_rulebook_of(query)) for fact in sorted(facts)]


def say_gone(query: Query) -> str:
    """Why a query cannot be answered that pins a rulebook other than the one we have; nothing where it can."""
    current = get_rulebook().version
    gone = f"Rulebook {query.rulebook[:40]} is not kept; the current one is {current}."
    return "" if query.rulebook in ("", current) else gone


def identify_answer(query: Query) -> str:
    """The id that the answer will have, without working it out: what a cache asks first."""
    rulebook, workload = get_rulebook(), read_workload(query)
    _, canonical = write_asked(workload, tuple(sorted(query.weights.items())), query.as_of)
    return identify(workload, canonical, rulebook.version, release())


def sweep(query: Query, question: str, values: Iterable[object]) -> Iterator[Standing | AnswersError]:
    """Who wins at each value of one question, or why that value cannot be; its own answer is set aside."""
    rulebook = get_rulebook_of(query)
    names = {question, *rulebook.questions[question].aliases}
    others = {name: answer for name, answer in query.answers.items() if name not in names} | {"as_of": query.as_of}
    weights, costs = merge_weights(rulebook, query.weights), Costs(rulebook.facts)
    for value in values:
        try:
            yield stand(read_workload(read_query({**others, question: value})), rulebook, weights, costs)
        except AnswersError as error:
            yield error


def find_break_even(query: Query) -> BreakEven:
    """From which rate on each family is cheaper, among the options that no hard limit rules out."""
    lab = _open_lab(query)
    families: dict[str, list[str]] = {SQS: [], KAFKA: []}
    for option in lab.rank().scores:
        families.setdefault(lab.rulebook.options[option].family, []).append(option)
    return break_even(lab.workload, families, lab.rulebook)


_kits = Kept[Kit](KITS_KEPT)
_archives = Kept[Archive](ARCHIVES_KEPT)
_records = Kept[Part](RECORDS_KEPT)


@cache
def _starters() -> Mapping[str, Kit]:
    return load_starters(find_folder("templates") / "starters")


@cache
def _infrastructure() -> Mapping[str, Kit]:
    return load_starters(find_folder("templates") / "infra")


@cache
def _digest_starters() -> str:
    return digest(_starters(), _infrastructure())


def forget_starters() -> None:
    """Read them from their files again when the next kit is made."""
    _digest_starters.cache_clear()
    _starters.cache_clear()
    _infrastructure.cache_clear()


def build_kit(query: Query, recommendation: Recommendation | None = None) -> Kit:
    """The project for the query's option, else for the winner; raises AnswersError where there is nothing to build.

    Who has the query's recommendation already passes it on, since finding it is what takes time. Those made last are
    kept.
    """
    return _kits.find(identify_kit(query), lambda: _make_kit(query, recommendation or recommend(query)))


def pack_kit(query: Query, kind: str) -> Archive:
    """That project as one file, zip or tgz, the same bytes every time; those packed last are kept."""
    return _archives.find((kind, *identify_kit(query)), lambda: archive_kit(build_kit(query), kind))


def identify_kit(query: Query) -> tuple[str, ...]:
    """What stands for the query's kit, and with a word more for whatever is made of it, before it is made."""
    return identify_answer(query), query.option, query.language, query.name, _digest_starters()


def _make_kit(query: Query, recommendation: Recommendation) -> Kit:
    option = query.option or recommendation.option
    if not option:
        message = f"The outcome is {recommendation.outcome}: there is no project for it."
        hint = "Name an option, for example option=sqs_standard, to get its project all the same."
        raise AnswersError(Problem(where="option", code="no_kit", message=message, hint=hint))
    chosen = get_rulebook().options[option]
    return write_kit(
        recommendation,
        option,
        _starters(),
        chosen.starters,
        {name: _infrastructure()[name] for name in chosen.infrastructure},
        language=query.language,
        name=query.name,
        release=release(),
        decision=_records.find(identify_answer(query), lambda: _pack_record(recommendation)),
    )


def _pack_record(recommendation: Recommendation) -> Part:
    """The decision record, which is the same whatever the project is called, written in and made for."""
    return pack(to_markdown(to_document(recommendation, release()), get_rulebook()).encode())


def compare_kits(query: Query) -> tuple[Change, ...]:
    """What differs between the SQS and the Kafka project for the query's workload, file by file.

    Of each family it takes the query's option where that is one of it, else the best option.
    """
    recommendation, options = recommend(query), get_rulebook().options
    asked = [query.option, *(verdict.option for verdict in recommendation.verdicts)]
    sides = [next(option for option in asked if option and options[option].family == family) for family in (SQS, KAFKA)]
    left, right = (build_kit(replace(query, option=option), recommendation) for option in sides)
    return compare(left, right, *sides)


def archive_kit(kit: Kit, kind: str) -> Archive:
    """The kit as one file, zip or tgz; the same bytes every time."""
    return write_archive(kind, kit.name, kit.parts, kit.executables)


def release() -> str:
    """The version of the code."""
    return __version__


def price_bill(option: str, quantities: Mapping[str, float], region: str) -> tuple[CostLine, ...]:
    """The cost lines of a bill of quantities; raises AnswersError for what the option does not bill."""
    return price_quantities(option, quantities, region, get_rulebook().facts)


def size_option(option: str, query: Query) -> Estimate:
    """One option sized and priced for the query's workload; raises AnswersError for another."""
    check_option(option)
    return estimate_option(option, read_workload(query), get_rulebook_of(query))
