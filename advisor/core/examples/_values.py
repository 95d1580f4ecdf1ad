"""An example, what our arithmetic makes of it, and the verdict on it. Knows no rule of pricing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from advisor.core.estimate import CostLine, Quantity
from advisor.core.facts import Facts
from advisor.core.pricing import cost_lines, is_partial, total_usd

KIB = 1024.0
Raw = object
Got = Mapping[str, float | str | bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A published example as it was written down: inputs and outputs are raw."""

    id: str
    about: str
    inputs: Mapping[str, Raw]
    outputs: Mapping[str, Raw]
    reproduces: bool = True
    tolerance: str = ""
    source: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One output: what the source says, what we get."""

    output: str
    expected: float | str | bool
    got: float | str | bool | None
    difference: float | None
    agrees: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One example with its checks. `differs` says where our own rule is another on purpose, and what it gives."""

    example: Example
    status: str
    reason: str = ""
    checks: tuple[Check, ...] = ()
    not_compared: tuple[str, ...] = ()
    differs: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamplesReport:
    """All examples, in their order."""

    examples: tuple[Checked, ...]

    def count(self, status: str) -> int:
        """How many have this status: pass, fail or not_applicable."""
        return sum(checked.status == status for checked in self.examples)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What our arithmetic makes of the inputs; `beyond` names outputs that the inputs do not determine."""

    got: Got
    beyond: Mapping[str, str] = field(default_factory=dict)
    differs: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """The inputs of an example with the facts beside them."""

    example: Example
    facts: Facts

    @property
    def region(self) -> str:
        return str(self.example.inputs.get("region", "us-east-1"))

    def has(self, *names: str) -> bool:
        """Whether all of these are given."""
        return all(name in self.example.inputs for name in names)

    def number(self, *names: str, default: float = 0.0) -> float:
        """The first of these that is given as a number."""
        for name in names:
            value = self.example.inputs.get(name)
            if isinstance(value, int | float) and not isinstance(value, bool):
                return float(value)
        return default

    def ending(self, end: str) -> tuple[float, ...]:
        """Every number whose name ends so."""
        return tuple(self.number(name) for name in self.example.inputs if name.endswith(end) and self.number(name))

    def maybe(self, *names: str) -> float | None:
        """The same, or None when none is a number."""
        value = self.number(*names, default=float("nan"))
        return None if value != value else value  # noqa: PLR0124 - NaN alone differs from itself

    def flag(self, name: str) -> bool:
        """Whether a yes-or-no input is given as yes."""
        return self.example.inputs.get(name) is True

    def text(self, *names: str) -> str:
        """The first of these that is given, as text."""
        return next((str(self.example.inputs[name]) for name in names if name in self.example.inputs), "")

    def says(self, *words: str) -> bool:
        """Whether what the example is about, or its id, has one of these words."""
        about = f"{self.example.id} {self.example.about}".lower()
        return any(word in about for word in words)

    def lines(self, **quantities: float) -> tuple[CostLine, ...]:
        """Cost lines at our prices; a size follows two underscores."""
        wanted = [_quantity(name, value) for name, value in quantities.items()]
        return cost_lines(wanted, self.region, self.facts)

    def usd(self, **quantities: float) -> float | None:
        """What this costs at our prices; None where one is missing."""
        lines = self.lines(**quantities)
        return None if is_partial(lines) else total_usd(lines)

    def usd_at(self, price_names: tuple[str, ...], per: float = 1.0, **quantity: float) -> float | None:
        """The same at the price that the example gives, if it gives one."""
        price = self.maybe(*price_names)
        if price is None:
            return self.usd(**quantity)
        return sum(quantity.values()) / per * price


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """Reads examples that have `needs` and none of `lacks`, and one of `any_of` if it names some."""

    run: Callable[[Inputs], Outcome]
    needs: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()

    def reads(self, inputs: Inputs) -> bool:
        """Whether the shape of the inputs is the one this adapter is for."""
        some = not self.any_of or any(inputs.has(name) for name in self.any_of)
        return inputs.has(*self.needs) and some and not any(inputs.has(name) for name in self.lacks)


def summed(*amounts: float | None) -> float | None:
    """A sum that is missing as soon as a part is."""
    return None if any(amount is None for amount in amounts) else sum(amount or 0.0 for amount in amounts)


def _quantity(name: str, value: float) -> Quantity:
    base, _, size = name.partition("__")
    return f"{base}:{size}" if size else base, value
