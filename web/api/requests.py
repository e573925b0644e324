"""What programs send, checked and bounded."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from chat.understanding.question import FilterKey, FilterKind
from chat.understanding.typed_text import LONGEST_QUESTION, valid_text

LONGEST_PASSAGE = 3_000  # characters of a text whose source is looked for
MOST_EARLIER = 100
_LONGEST_EARLIER_ANSWER = 20_000
_YEARS = range(1000, 3000)  # outside, moments cannot be reckoned with


def _valid(value: Any) -> Any:
    return valid_text(value) if isinstance(value, str) else value


def as_of_moment(value: Any) -> datetime:
    """A moment written in ISO 8601, UTC without an offset; a day stands for its last moment. Raises ValueError."""
    try:
        if isinstance(value, str) and len(value) == len("2023-03-16"):
            moment = datetime.combine(date.fromisoformat(value), time.max, UTC)
        else:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
            moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        moment = None
    if moment is None or moment.year not in _YEARS:
        raise ValueError("no day and no moment; write it like 2023-03-16 or 2023-03-16T12:00:00Z")
    return moment


_MOMENT = {"type": "string", "examples": ["2023-03-16", "2023-03-16T12:00:00Z"]}

Question = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_QUESTION),
    BeforeValidator(_valid),
]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r'^[^"“”\n]+$'),
    BeforeValidator(_valid),
]
Names = Annotated[list[Name], Field(max_length=20)]
AsOf = Annotated[datetime, BeforeValidator(as_of_moment), WithJsonSchema(_MOMENT)]


class Strict(BaseModel):
    """A request in which every field is known."""

    model_config = ConfigDict(extra="forbid")


class Filters(Strict):
    """Which articles count."""

    sources: Names = Field(default=[], description="Only articles of these publishers.")
    authors: Names = Field(default=[], description="Only articles of these authors.")
    section: Name | None = Field(default=None, description="Only articles of this section.")
    after: date | None = Field(default=None, description="Only articles published on this day or later.")
    before: date | None = Field(default=None, description="Only articles published before this day.")

    def typed(self, text: str) -> str:
        """The text with the conditions behind it, as a reader types them."""
        return " ".join((text, *self._filters()))

    def _filters(self) -> Iterator[str]:
        yield from (f'source:"{name}"' for name in self.sources)
        yield from (f'author:"{name}"' for name in self.authors)
        if self.section:
            yield f'section:"{self.section}"'
        if self.after:
            yield f"after:{self.after}"
        if self.before:
            yield f"before:{self.before}"


class Conditions(Filters):
    """From which moment the archive is looked at, and which articles count."""

    as_of: AsOf | None = Field(
        default=None, description="Look at the archive as it stood then; a day means its end, in UTC."
    )


class Exchange(Strict):
    """An earlier question and the text of its answer."""

    question: Question
    answer: Annotated[str, StringConstraints(max_length=_LONGEST_EARLIER_ANSWER), BeforeValidator(_valid)] = ""


class Removed(Strict):
    """A filter of an earlier answer that is not to be applied, as that answer names it."""

    kind: FilterKind
    value: Annotated[str, StringConstraints(max_length=LONGEST_QUESTION)]

    @property
    def key(self) -> FilterKey:
        """The filter's key in the question."""
        return FilterKey(self.kind, self.value)


class Ask(Conditions):
    """A question about the archive."""

    question: Question
    conversation: Sequence[Question | Exchange] = Field(
        default=[],
        max_length=MOST_EARLIER,
        description="Earlier questions, oldest first; with their answers or without.",
    )
    without: list[Removed] = Field(default=[], max_length=50, description="Filters that are not to be applied.")

    @property
    def exchanges(self) -> list[tuple[str, str]]:
        """The earlier questions, each with the text of its answer."""
        return [(one, "") if isinstance(one, str) else (one.question, one.answer) for one in self.conversation]

    @property
    def removed(self) -> frozenset[FilterKey]:
        """The filters that are not to be applied."""
        return frozenset(one.key for one in self.without)


class Search(Conditions):
    """Words or a question to which passages are searched for."""

    question: Question
    limit: int = Field(default=10, ge=1, le=100, description="How many passages are returned at most.")


class Find(Strict):
    """A quotation or a paragraph whose source is looked for."""

    text: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_PASSAGE),
        BeforeValidator(_valid),
    ]
    as_of: AsOf | None = Field(
        default=None, description="Look at the archive as it stood then; a day means its end, in UTC."
    )


class TimelineFormat(StrEnum):
    """The form in which a timeline is returned."""

    JSON = "json"
    MARKDOWN = "markdown"
    CSV = "csv"
    ICS = "ics"


class Timeline(Conditions):
    """What a timeline is about."""

    subject: Question
    format: TimelineFormat = TimelineFormat.JSON


class Stand(Filters):
    """A question that is asked again after each addition."""

    question: Question
    conversation: list[Question] = Field(
        default=[], max_length=MOST_EARLIER, description="The questions that it continues, oldest first."
    )
    without: list[Removed] = Field(default=[], max_length=50, description="Filters that are not to be applied.")
