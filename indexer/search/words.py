"""The words that a reader has typed to find articles: whole words, words in quotation marks, and an unfinished one."""

import re
from dataclasses import dataclass

from corpus.english.function_words import SEARCH_STOP_WORDS
from corpus.sentences import Span
from indexer.search.stemming import UNSTEMMED, stem

_QUOTED = re.compile(r'["\u201c]([^"\u201c\u201d]+)["\u201d]?')
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class SearchedWords:
    """What has to be found; false when nothing has to."""

    stems: tuple[str, ...] = ()  # of finished words, each once
    phrases: tuple[tuple[str, ...], ...] = ()  # unstemmed words in this order
    beginning: str = ""  # of the word that is being typed

    @classmethod
    def of(cls, text: str) -> "SearchedWords":
        """Read a typed text; its last word may go on, unless something stands behind it."""
        phrases = tuple(filter(None, (tuple(UNSTEMMED.analyze(found[1])) for found in _QUOTED.finditer(text))))
        words = UNSTEMMED.analyze(_QUOTED.sub(" ", text))
        is_open = bool(words) and text[-1:].isalnum()
        beginning = words.pop() if is_open else ""
        finished = [word for word in words if word not in SEARCH_STOP_WORDS]
        return cls(tuple(dict.fromkeys(map(stem, finished))), phrases, beginning)

    def __bool__(self) -> bool:
        return bool(self.stems or self.phrases or self.beginning)

    @property
    def count(self) -> int:
        """How many words have to be found."""
        return len(self.stems) + sum(map(len, self.phrases)) + bool(self.beginning)

    def spans_in(self, text: str, within: Span) -> list[Span]:
        """Where these words are in a part of a text; a beginning counts where the word starts with it."""
        in_phrases = {word for phrase in self.phrases for word in phrase}
        spans = []
        for found in _WORD.finditer(text, within.start, within.end):
            word = "".join(UNSTEMMED.analyze(found[0]))
            is_begun = bool(self.beginning) and (word.startswith(self.beginning) or stem(word) == stem(self.beginning))
            if is_begun or word in in_phrases or stem(word) in self.stems:
                spans.append(Span(*found.span()))
        return spans
