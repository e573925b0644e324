"""One measured value with its target."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value; `asked` is the target it is compared with, empty where there is none."""

    what: str
    value: float
    unit: str
    asked: str = ""
