"""Many queues or topics: observed one after the other, remembered in a state file, shown as a report.

Must not work out an answer or open a connection: it keeps the progress, and the halls do the rest.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from advisor import observing
from advisor.core.errors import AnswersError, Problem
from advisor.core.fleet import Row, by_money, by_risk, write_observation
from advisor.core.observation import Observation
from advisor.core.portfolio import Portfolio
from advisor.management.observing import save
from advisor.render.fleet import fleet_csv, fleet_text, portfolio_plain, row_plain

Observe = Callable[[Sequence[str]], Iterator[Observation]]
_ORDERS = {"money": by_money, "risk": by_risk}
_AGAIN = frozenset({"throttled", "unreachable", "no_answer", "no_credentials"})  # what may go better another time


def add_fleet(parser: argparse.ArgumentParser, which: Any, what: str) -> None:
    """One of many by prefix or all, how the report looks, and where the progress is kept."""
    which.add_argument("--prefix", metavar="TEXT", help=f"all {what} whose names start so: a report")
    which.add_argument("--all", action="store_true", help=f"all {what}: a report")
    parser.add_argument("--format", choices=("text", "json", "csv"), default="text", help="of the report")
    parser.add_argument("--sort", choices=tuple(_ORDERS), default="money", help="of json and csv; text has both")
    parser.add_argument("--top", type=_count, default=40, metavar="N", help="rows in text; default: 40")
    parser.add_argument("--limit", type=_count, default=5000, metavar="N", help="no more than so many; default: 5000")
    parser.add_argument("--state", type=Path, metavar="FILE", help="keeps what is read: run it again and it goes on")


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text[:9]) < 1:
        raise argparse.ArgumentTypeError("write a whole number, 1 or more")
    return int(text[:9])


def run_fleet(
    command: BaseCommand, header: Mapping[str, object], subjects: Mapping[str, str], observe: Observe, options: Any
) -> None:
    """`subjects` are names and what observing takes for each; `header` says what the state file is of."""
    if not subjects:
        message = f"Nothing whose name starts with “{options['prefix'] or ''}” is there, or may be seen."
        raise AnswersError(Problem(where="--prefix", code="nothing_found", message=message))
    names = sorted(subjects)[: options["limit"]]
    if len(names) < len(subjects):
        command.stderr.write(f"Only the first {len(names)} of {len(subjects)} are looked at; see --limit.")
    state = _State(path=options["state"], header=header)
    state.read()
    left = [name for name in names if name not in state.seen or _may_go_better(state.seen[name])]
    if kept := len(names) - len(left):
        command.stderr.write(f"{kept} of {len(names)} are told as --state has them; another file reads them anew.")
    with tqdm(total=len(names), initial=len(names) - len(left), unit="", file=sys.stderr, disable=None) as bar:
        for observation in observe([subjects[name] for name in left]) if left else ():
            state.add(observation)
            bar.update()
            _stop_without_credentials(observation)
    _report(command, [state.seen[name] for name in names if name in state.seen], options)


def _may_go_better(observation: Observation) -> bool:
    return any(gap.code in _AGAIN for gap in observation.gaps)


def _stop_without_credentials(observation: Observation) -> None:
    """Every further call would fail the same way."""
    for gap in observation.gaps:
        if gap.code == "no_credentials":
            raise AnswersError(gap)


@dataclass(slots=True)
class _State:
    """Observations in a file, a line each, written as they come; the first line says what they are of."""

    path: Path | None
    header: Mapping[str, object]
    seen: dict[str, Observation] = field(default_factory=dict)

    def read(self) -> None:
        if self.path is None:
            return
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            text = ""
        except OSError as error:
            raise _refuse(self.path, "not_read", f"It cannot be read: {error.strerror}.") from None
        except UnicodeDecodeError as error:
            raise _refuse(self.path, "not_utf8", f"Byte {error.start} is no UTF-8.", "Take another file.") from None
        if not text:
            self._append(self.header)
            return
        if not text.endswith("\n"):  # torn when the run was stopped: what comes next gets a line of its own
            self._write("\n")
        first, *lines = text.split("\n")  # what else ends a line elsewhere stands in a record as it is
        if _load(first) != self.header:
            hint = "Take another --state file, or the same options as before."
            raise _refuse(self.path, "other_state", "It is of another run.", hint)
        for line in lines:
            record = _load(line)
            if record is not None:  # a torn line
                observation = observing.read_record(record)
                self.seen[observation.subject] = observation

    def add(self, observation: Observation) -> None:
        self.seen[observation.subject] = observation
        self._append(write_observation(observation))

    def _append(self, record: Mapping[str, object]) -> None:
        self._write(json.dumps(record, ensure_ascii=False) + "\n")

    def _write(self, text: str) -> None:
        if self.path is None:
            return
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise _refuse(self.path, "not_written", f"It cannot be written: {error.strerror}.") from None


def _refuse(path: Path, code: str, message: str, hint: str = "") -> AnswersError:
    return AnswersError(Problem(where=path.name, code=code, message=message, hint=hint))


def _load(line: str) -> Mapping[str, object] | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def _report(command: BaseCommand, observations: Sequence[Observation], options: Mapping[str, Any]) -> None:
    bar = tqdm(observations, unit="", desc="judging", file=sys.stderr, disable=None, leave=False)
    judged = [observing.judge_observation(observation, options["stated"]) for observation in bar]
    rows = [row for row, _ in judged]
    pairs = [(row.subject, judgement) for row, judgement in judged if judgement is not None]
    portfolio = observing.assign_portfolio(pairs)
    save(command, _write(rows, portfolio, observations, options), options["output"])


def _write(
    rows: Sequence[Row], portfolio: Portfolio | None, observations: Sequence[Observation], options: Mapping[str, Any]
) -> str:
    ordered = _ORDERS[options["sort"]](rows)
    if options["format"] == "csv":
        return fleet_csv(ordered)
    if options["format"] == "text":
        return fleet_text(rows, portfolio, options["top"])
    answers = {each.subject: observing.merge_observed(each, options["stated"]) for each in observations}
    workloads = [{**row_plain(row), "answers": answers[row.subject]} for row in ordered]
    report = {"workloads": workloads, "portfolio": portfolio_plain(portfolio)}
    return json.dumps(report, ensure_ascii=False, default=str) + "\n"
