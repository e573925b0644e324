"""One run: a configuration over an evaluation set, with the result of every question."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eval.errors import RunError
from eval.measures.rankings import Values
from eval.measures.statistics import Estimate, estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionResult:
    """The result of one question."""

    id: str
    text: str
    kind: str
    values: Values  # by measure; undefined measures are left out
    times_ms: Mapping[str, float]
    ranking: tuple[str, ...] = ()  # article ids, best first
    judgements: Mapping[str, int] = field(default_factory=dict)  # article id -> grade
    shown: tuple[Mapping[str, Any], ...] = ()  # the evidence that a reader would see
    expected: Mapping[str, Any] = field(default_factory=dict)
    answer: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One configuration over one evaluation set."""

    settings: Mapping[str, Any]  # command, set, configuration, index, versions, machine, started_at
    results: tuple[QuestionResult, ...]

    @property
    def name(self) -> str:
        """The configuration's name."""
        return str(self.settings["configuration"]["name"])

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure that is defined for some question, in order of first appearance."""
        return tuple(dict.fromkeys(name for result in self.results for name in result.values))

    def values(self, measure: str) -> dict[str, float]:
        """Question id -> value, for the questions for which the measure is defined."""
        return {result.id: result.values[measure] for result in self.results if measure in result.values}

    def estimates(self) -> dict[str, Estimate]:
        """Every measure's mean with its interval."""
        return {name: estimate(list(self.values(name).values())) for name in self.measures}

    def times(self) -> dict[str, float]:
        """Percentiles of each time, in milliseconds."""
        names = dict.fromkeys(name for result in self.results for name in result.times_ms)
        times = {name: [one.times_ms[name] for one in self.results if name in one.times_ms] for name in names}
        return {f"{name} p{share}": percentile(times[name], share) for name in names for share in (50, 95)}


def percentile(values: Sequence[float], share: int) -> float:
    """The smallest value that at least `share` percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)]


def check_comparable(runs: Sequence[Run]) -> None:
    """Raises RunError unless all runs asked the same questions of the same articles."""
    first = runs[0].settings
    for run in runs[1:]:
        for what in ("questions_content", "name"):
            if run.settings["dataset"][what] != first["dataset"][what]:
                raise RunError(
                    f"{run.name} and {runs[0].name} cannot be compared: they asked different questions "
                    f"({run.settings['dataset']['name']}, {first['dataset']['name']})"
                )
        if run.settings["command"] != first["command"]:
            raise RunError(f"{run.name} and {runs[0].name} cannot be compared: one measures answers, one retrieval")


def differences(runs: Sequence[Run]) -> list[str]:
    """What differs between the runs besides the configuration."""
    unlike = []
    for what in ("code", "versions", "machine", "index"):
        held = [_comparable(run.settings.get(what)) for run in runs]
        if any(one != held[0] for one in held):
            unlike.append(what)
    return unlike


def _comparable(value: Any) -> Any:
    return {key: held for key, held in value.items() if key != "load"} if isinstance(value, dict) else value
