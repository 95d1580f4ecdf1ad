"""What the bench found beside what was assumed, as a few lines of text."""

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from messaging.settings import Settings

NEARLY = 0.98  # of the assumed rate: a sender's ticks do not end on the second
BAR = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    settings: Settings
    sent: int
    seconds: float
    arrived: int
    waiting: Mapping[str, int]  # when the sending ended
    latencies: tuple[float, ...]  # in seconds

    @property
    def holds(self) -> bool:
        return self._keeps_rate and self._keeps_latency and self.arrived == self.sent

    @property
    def _keeps_rate(self) -> bool:
        return self.sent / self.seconds >= NEARLY * self.settings.assumed_messages_per_second

    @property
    def _keeps_latency(self) -> bool:
        return self._milliseconds(99) <= self.settings.assumed_latency_ms

    def _milliseconds(self, percent: int) -> float:
        """That percentile, by nearest rank; endless where nothing arrived."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[math.ceil(percent / 100 * len(ordered)) - 1] if ordered else math.inf

    def text(self) -> str:
        assumed = self.settings
        percentiles = ", ".join(f"p{percent} {self._milliseconds(percent):,.0f} ms" for percent in (50, 95, 99))
        rows = (
            ("messages", f"{self.sent:,} of {assumed.assumed_message_bytes:,} bytes in {self.seconds:.1f} s", ""),
            (
                "rate",
                f"{self.sent / self.seconds:,.0f}/s, assumed {assumed.assumed_messages_per_second:,}/s",
                _word(self._keeps_rate),
            ),
            ("latency", f"{percentiles}, assumed p99 {assumed.assumed_latency_ms:,} ms", _word(self._keeps_latency)),
            *((name, f"{count:,} when the sending ended", "") for name, count in self.waiting.items()),
            ("arrived", f"{self.arrived:,} of {self.sent:,}", _word(self.arrived == self.sent)),
        )
        lines = [f"{name:<10} {found}{f'  ({verdict})' if verdict else ''}" for name, found, verdict in rows]
        verdict = "hold" if self.holds else "do not hold"
        return "\n".join((*lines, f"The assumptions {verdict} from this machine against this broker."))


def _word(holds: bool) -> str:
    return "holds" if holds else "does not hold"


def show_progress(passed: float, seconds: float, sent: int) -> None:
    """A bar, on a terminal only."""
    if not sys.stderr.isatty():
        return
    done = min(1.0, passed / seconds)
    bar = "#" * round(BAR * done)
    end = "\n" if done == 1.0 else ""
    sys.stderr.write(f"\r[{bar:<{BAR}}] {passed:4.0f} of {seconds:.0f} s, {sent:,} sent{end}")
    sys.stderr.flush()
