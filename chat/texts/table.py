"""Reads the tables and fills in their placeholders."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "de")  # the first one is for readers of all other languages
Entry = str | tuple[str, ...]  # a text, or the texts for one and for more; or a list such as the months


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """The texts in one language, by keys such as "search.words"."""

    language: str  # as in the attribute `lang`
    table: Mapping[str, Entry]

    def __call__(self, key: str, count: int | None = None, **values: object) -> str:
        """The text of a key; `count` chooses between singular and plural, and is the placeholder {count}."""
        found = self.table[key]
        text = found if isinstance(found, str) else found[count != 1]
        if count is not None:
            values["count"] = self.number(count)
        return text.format(**values) if values else text

    def number(self, count: int) -> str:
        """A count with the separator of thousands."""
        return f"{count:,}".replace(",", self("dates.thousands"))

    def figure(self, value: float, form: str = ".3f") -> str:
        """A measure with the decimal mark of the language; `form` as in a format string."""
        return f"{value:{form}}".replace(".", self("dates.decimal"))

    def listed(self, words: Sequence[str]) -> str:
        """Words as a list: a, b and c."""
        return self("dates.and").join(filter(None, (", ".join(words[:-1]), *words[-1:])))

    def day(self, moment: date | None) -> str:
        """A date as a reader writes it: 24 June 2022."""
        if moment is None:
            return self("dates.undated")
        return self("dates.day", day=moment.day, month=self.month_name(moment), year=moment.year)

    def day_of_year(self, moment: date) -> str:
        """A date without its year: 24 June."""
        return self("dates.day_of_year", day=moment.day, month=self.month_name(moment))

    def month(self, moment: date) -> str:
        """The month of a date: June 2022."""
        return self("dates.month", month=self.month_name(moment), year=moment.year)

    def moment(self, moment: datetime | None) -> str:
        """A moment in UTC: 16 March 2023, 07:30 UTC."""
        return self("dates.moment", day=self.day(moment), time=f"{moment:%H:%M}") if moment else self.day(None)

    def month_name(self, moment: date) -> str:
        """The month of a date, without the year: June."""
        return self.table["dates.months"][moment.month - 1]


@cache
def texts_in(language: str) -> Texts:
    """The texts in one of LANGUAGES."""
    content = (files("chat.texts") / f"{language}.toml").read_text(encoding="utf-8")
    return Texts(language, dict(_entries(tomllib.loads(content))))


def _entries(sections: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, Entry]]:
    for section, texts in sections.items():
        for key, text in texts.items():
            yield f"{section}.{key}", tuple(text) if isinstance(text, list) else text


ENGLISH = texts_in(LANGUAGES[0])
