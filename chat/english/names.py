"""Proper names of a sentence, and whether a text has them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from chat.english.plain_text import words
from corpus.english.calendar import MONTHS, WEEKDAYS
from corpus.english.function_words import is_function_word


class Name(NamedTuple):
    """A run of capitalised words; `initial` when it opens a sentence, where any word is capitalised."""

    words: tuple[str, ...]
    initial: bool

    def __str__(self) -> str:
        return " ".join(self.words)


_WORD = re.compile(r"[^\W_](?:[\w'.-]*[^\W_])?")
_OPENING = re.compile(r"(?:^|[.!?:;]\"?\s|\s\")[\"'(]*$")
_CALENDAR = frozenset((*MONTHS, *WEEKDAYS, *(f"{day}s" for day in WEEKDAYS), "GMT", "UTC", "AM", "PM"))
_TITLES = frozenset(
    "mr mrs ms dr sir president prime minister captain chief king queen prince princess mayor councillor inspector "
    "professor general colonel senator secretary chancellor chairman chairwoman governor lord lady pope judge".split()
)
_DEMONYM = re.compile(r"(?:ians?|eans?|ans?|ese|ish|ic|is?|ns?|ia|ey|ine|a|e|y|o)$")
_IRREGULAR_PEOPLES = {
    form: country
    for country, forms in {
        "britain": "british uk briton britons u.k", "france": "french frenchman", "netherlands": "dutch",
        "spain": "spaniard",
        "switzerland": "swiss", "germany": "german germans", "greece": "greek", "wales": "welsh", "ireland": "irish",
        "denmark": "danish", "poland": "polish", "turkey": "turk turks turkiye",
        "united-states": "us u.s american americans",
        "kazakhstan": "kazakh kazakhs", "england": "english", "afghanistan": "afghan", "scotland": "scottish",
        "ukraine": "ukrainian ukrainians", "eu": "european-union", "norway": "norwegian",
    }.items()
    for form in forms.split()
}  # fmt: skip
_STATES = (
    "is|are|was|were|has|had|have|will|would|said|says|told|won|lost|did|does|can|could|may|might|must|also|wants?|accused|"
    "argued|beat|urged|warned|announced|denied|added|took|made|became|called|wrote|asked|gave|left|went|came|met|ordered|"
    "agreed|voted|named|signed|used|played|led|began|spoke|chose|held|kept|lives|knew|sold|bought|ran|sent|felt|grew|resigned|started|kept|found|faces?"
)
_VERB_AFTER = re.compile(rf"(?:'s)?\s(?:{_STATES}|\w+ed)\b|'s\s")
_PEOPLE = re.compile(r"[A-Z]\w+(?:ian|ean|ish|ese)\Z")


def find_names(text: str) -> Iterator[Name]:
    """The proper names of a plain text; the word that opens a sentence counts when it is followed like a name."""
    run: list[str] = []
    initial, last_end = False, -1
    for found in _WORD.finditer(text):
        word = found[0].removesuffix("'s")
        joined = run and text[last_end : found.start()] == " "
        if run and not joined:
            yield Name(tuple(run), initial)
            run = []
        if _is_capitalised(word):
            opens = not run and _OPENING.search(text[max(0, found.start() - 4) : found.start()]) is not None
            if not opens or _may_be_a_name(text, found):
                initial = opens if not run else initial
                run.append(word)
        elif run:
            yield Name(tuple(run), initial)
            run = []
        last_end = found.end()
    if run:
        yield Name(tuple(run), initial)


def _is_capitalised(word: str) -> bool:
    return any(letter.isupper() for letter in word) and word not in _CALENDAR and word != "I" and not word[0].isdigit()


def _may_be_a_name(text: str, found: re.Match[str]) -> bool:
    word = found[0].removesuffix("'s")
    if is_function_word(word) or word.endswith("ing"):
        return False
    if sum(map(str.isupper, word)) > 1 or _PEOPLE.match(word) or found[0] != word:
        return True
    is_plural = word.endswith("s") and not word.endswith(("ss", "is", "us"))
    followed = _VERB_AFTER.match(text, found.end()) is not None and not is_plural
    return followed or text[found.end() + 1 : found.end() + 2].isupper()


class KnownNames:
    """The words of a text in which names may be looked up, by their common form."""

    def __init__(self, text: str) -> None:
        spoken = words(text)
        self._keys = {key for word in spoken for key in _keys(word)}
        for word in spoken:
            if "-" in word:
                self._keys.update(key for part in word.split("-") if part for key in _keys(part))
        self._initials = "".join(
            word[0] if word[0].isupper() else " " if not is_function_word(word) else "" for word in spoken
        )
        if "United States" in text:
            self._keys.add("united-states")
        if "European Union" in text:
            self._keys.add("eu")
        if "United Kingdom" in text:
            self._keys.add("britain")

    def __contains__(self, word: str) -> bool:
        """Whether the text has a word of a name, its people or its country, or the words that it abbreviates."""
        if any(key in self._keys for key in _keys(word)):
            return True
        letters = word.replace(".", "")
        if len(letters) > 1 and letters.isupper() and letters in self._initials:
            return True
        parts = [part for part in word.split("-") if part[:1].isupper()]
        return "-" in word and bool(parts) and all(any(key in self._keys for key in _keys(part)) for part in parts)

    def has_initials_of(self, name: Name) -> bool:
        """Whether the text has the abbreviation of a name of several words."""
        return len(name.words) > 1 and "".join(word[0] for word in name.words).lower() in self._keys


@lru_cache(maxsize=8192)
def _keys(word: str) -> tuple[str, ...]:
    plain = word.lower().strip(".'")
    country = _IRREGULAR_PEOPLES.get(plain)
    if country:
        return plain, country
    short = _DEMONYM.sub("", plain) if word[0].isupper() else ""
    return (plain, f"{short}~") if len(short) > 3 else (plain,)


def is_title(word: str) -> bool:
    """Whether a capitalised word is a form of address or an office."""
    return word.lower() in _TITLES
