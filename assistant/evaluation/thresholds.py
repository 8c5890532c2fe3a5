"""`--fail-under MEASURE=VALUE`: which measure over which questions has to reach what. Pure."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.errors import UsageError
from assistant.evaluation.aggregate import Group, Value
from assistant.evaluation.measures import MEASURES, PERCENTILES

_LOWER_IS_BETTER = {measure.name for measure in MEASURES if measure.lower_is_better} | set(PERCENTILES)
_NAMES = [*(measure.name for measure in MEASURES), *PERCENTILES]


@dataclass(frozen=True, slots=True)
class Threshold:
    """`success@5.en=0.9`: a measure, the questions it is taken over (a group's label, "" for all), and the bound."""

    measure: str
    label: str
    bound: float

    @property
    def name(self) -> str:
        """As it was typed, without the bound."""
        return f"{self.measure}.{self.label}" if self.label else self.measure

    @property
    def is_upper(self) -> bool:
        """Whether the bound is the most allowed: for what is better when lower (seconds, failed, unsupported claims)."""
        return self.measure in _LOWER_IS_BETTER

    @property
    def told(self) -> str:
        """The bound with its sign."""
        return f"{'≤' if self.is_upper else '≥'} {self.bound:g}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A threshold with what was measured; None, where no question counted, misses it."""

    threshold: Threshold
    value: float | None

    @property
    def is_met(self) -> bool:
        """Whether the value reaches the bound; equal is enough."""
        if self.value is None:
            return False
        bound = self.threshold.bound
        return self.value <= bound if self.threshold.is_upper else self.value >= bound


def parse(text: str, groups: Iterable[Group]) -> Threshold:
    """A threshold as it is typed. Errors: UsageError threshold_invalid, naming the nearest measure or group there is."""
    name, separator, number = text.rpartition("=")
    measure, _, label = name.strip().partition(".")
    if not separator:
        raise UsageError("threshold_invalid", value=text, reason="MEASURE=VALUE")
    _known(text, measure, _NAMES)
    _known(text, label, [group.label for group in groups])
    try:
        bound = float(number)
    except ValueError as error:
        raise UsageError("threshold_invalid", value=text, reason=error) from error
    if not math.isfinite(bound):
        raise UsageError("threshold_invalid", value=text, reason=number)
    return Threshold(measure, label, bound)


def examine(thresholds: Sequence[Threshold], values: Iterable[Value]) -> tuple[Outcome, ...]:
    """Each threshold with the value that was measured for it."""
    found = {(value.measure, value.group.label): value.value for value in values}
    return tuple(Outcome(one, found.get((one.measure, one.label))) for one in thresholds)


def _known(text: str, name: str, names: Sequence[str]) -> None:
    if name not in names:
        nearest = difflib.get_close_matches(name, names, 3, 0.3) or [one for one in names if one][:12]
        raise UsageError("threshold_invalid", value=text, reason=f"{name}? {', '.join(nearest)}")
