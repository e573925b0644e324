"""The stems of English words: one Snowball stemmer for the keyword index, the evidence and the checks."""

from functools import lru_cache

import tantivy

from corpus.english.function_words import SEARCH_STOP_WORDS

_LONGEST_WORD = 60  # bytes; nothing longer is indexed


def _analyzer(tokenizer: tantivy.Tokenizer, *, stemmed: bool) -> tantivy.TextAnalyzer:
    builder = (
        tantivy.TextAnalyzerBuilder(tokenizer)
        .filter(tantivy.Filter.remove_long(_LONGEST_WORD))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
    )
    return (builder.filter(tantivy.Filter.stemmer("english")) if stemmed else builder).build()


# Changing one of these two changes what the keyword index holds: it needs a new index version.
STEMMED = _analyzer(tantivy.Tokenizer.simple(), stemmed=True)
UNSTEMMED = _analyzer(tantivy.Tokenizer.simple(), stemmed=False)
_ONE_WORD = _analyzer(tantivy.Tokenizer.raw(), stemmed=True)


def terms(text: str) -> tuple[str, ...]:
    """The stemmed words of a text that are worth searching for, each once."""
    words = [word for word in UNSTEMMED.analyze(text) if word not in SEARCH_STOP_WORDS]
    return tuple(dict.fromkeys(term for word in words for term in STEMMED.analyze(word)))


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """The stem of one word, as the keyword index has it: "Flooding" gives "flood"."""
    return "".join(_ONE_WORD.analyze(word)) or word.lower()
