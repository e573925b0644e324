"""Configurations of retrieval: by name, by field, with one part switched off, or as a grid."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from chat.gathering.retrieval import Fusion, RetrievalSettings
from eval.errors import ConfigurationError

# Fields that are sizes; every other field is a part, which 0 or False switches off.
_SIZES = frozenset({"candidates", "fusion", "rank_constant", "recency_days", "similarity_floor"})
_LISTS = frozenset({"keyword_weight", "vector_weight", "title_weight"})
# Fields that form one part and are switched off together.
_TOGETHER: Mapping[str, tuple[str, ...]] = {"recency": ("recency_boost", "strong_recency_power")}
_BY_RANKS: Mapping[str, Any] = {"fusion": Fusion.RANKS, "keyword_weight": 1.0, "vector_weight": 1.0}


@dataclass(frozen=True, slots=True)
class Configuration:
    """Retrieval settings with a name."""

    name: str
    settings: RetrievalSettings


def named_configurations() -> dict[str, RetrievalSettings]:
    """The predefined configurations."""
    full = RetrievalSettings()
    bare = _without(full, [field for field in _parts() if field not in _LISTS])
    recency = {field: getattr(full, field) for field in _TOGETHER["recency"]}
    return {
        "full": full,
        "keywords": _without(bare, ["vector_weight"]),
        "vectors": _without(bare, ["keyword_weight"]),
        "fused": bare,
        "fused-ranks": replace(bare, **_BY_RANKS),
        "fused-recency": replace(bare, **recency),
    }


def parse_configuration(written: str) -> Configuration:
    """A name, or a name with changed fields such as `full,rank_constant=30`; raises ConfigurationError."""
    name, *changes = written.split(",")
    known = named_configurations()
    if name not in known:
        raise ConfigurationError(f"unknown configuration {name!r}; choose one of: {', '.join(known)}")
    pairs = [change.partition("=")[::2] for change in changes]
    return Configuration(written, _changed(known[name], pairs))


def ablations() -> list[Configuration]:
    """The full configuration, then one for each part switched off."""
    full = RetrievalSettings()
    parts = {field: (field,) for field in _parts() if not any(field in some for some in _TOGETHER.values())}
    groups = {**parts, **_TOGETHER}
    working = {name: some for name, some in groups.items() if any(getattr(full, field) for field in some)}
    return [
        Configuration("full", full),
        *(Configuration(f"without {_label(name)}", _without(full, some)) for name, some in working.items()),
        Configuration("ranks fused, not scores", replace(full, **_BY_RANKS)),
    ]


def grid(written: Sequence[str]) -> list[Configuration]:
    """Every combination of `field=value,value,...`, other fields as in `full`; raises ConfigurationError."""
    axes = []
    for one in written:
        field, _, values = one.partition("=")
        axes.append([(field, value) for value in values.split(",") if value])
        if not axes[-1]:
            raise ConfigurationError(f"{one!r} is not a grid axis; write field=value,value")
    return [
        Configuration(",".join(f"{field}={value}" for field, value in point), _changed(RetrievalSettings(), point))
        for point in itertools.product(*axes)
    ]


def as_data(configuration: Configuration) -> dict[str, Any]:
    """A configuration in plain JSON types."""
    return {"name": configuration.name, **asdict(configuration.settings)}


def _parts() -> list[str]:
    return [field.name for field in fields(RetrievalSettings) if field.name not in _SIZES]


def _label(part: str) -> str:
    return part.removesuffix("_weight").removesuffix("_boost").removesuffix("_power").replace("_", " ")


def _without(settings: RetrievalSettings, parts: Sequence[str]) -> RetrievalSettings:
    return replace(settings, **{part: type(getattr(settings, part))(0) for part in parts})


def _changed(settings: RetrievalSettings, changes: Sequence[tuple[str, str]]) -> RetrievalSettings:
    return replace(settings, **{field: _value(settings, field, written) for field, written in changes})


def _value(settings: RetrievalSettings, field: str, written: str) -> Any:
    names = [one.name for one in fields(RetrievalSettings)]
    if field not in names:
        raise ConfigurationError(f"unknown setting {field!r}; choose one of: {', '.join(names)}")
    kind = type(getattr(settings, field))
    try:
        return written.lower() in ("true", "1", "yes") if kind is bool else kind(written)
    except ValueError:
        raise ConfigurationError(f"{field} must be of type {kind.__name__}, not {written!r}") from None
