"""The stems of words: the same Snowball stemmers for the keyword index, the evidence and the checks.

Latin letters are read as English. The other stemmers leave them alone, so that they can follow.
"""

from functools import lru_cache

import tantivy

from corpus.english.function_words import SEARCH_STOP_WORDS
from indexer.search.segmenting import segmented, without_asking

_LONGEST_WORD = 60  # bytes; nothing longer is indexed
_STEMMERS = ("english", "russian", "arabic", "greek")
_ARABIC_STOP_WORDS = frozenset(
    "ما ماذا من متى أين اين لماذا هل كيف كم أي اي في على إلى الى عن مع هو هي التي الذي هذا هذه إن أن قد لم".split()
)


def _analyzer(tokenizer: tantivy.Tokenizer, *, stemmed: bool) -> tantivy.TextAnalyzer:
    builder = (
        tantivy.TextAnalyzerBuilder(tokenizer)
        .filter(tantivy.Filter.remove_long(_LONGEST_WORD))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
    )
    for language in _STEMMERS if stemmed else ():
        builder = builder.filter(tantivy.Filter.stemmer(language))
    return builder.build()


# Of segmented text. Changing one of these, or segmenting, changes what the keyword index holds: it needs a new version.
STEMMED = _analyzer(tantivy.Tokenizer.simple(), stemmed=True)
UNSTEMMED = _analyzer(tantivy.Tokenizer.simple(), stemmed=False)
INDEX_VERSION = 2
_ONE_WORD = _analyzer(tantivy.Tokenizer.raw(), stemmed=True)


def terms(text: str) -> tuple[str, ...]:
    """The stemmed words of a text that are worth searching for, each once."""
    found = UNSTEMMED.analyze(segmented(without_asking(text)))
    words = [word for word in found if word not in SEARCH_STOP_WORDS and word not in _ARABIC_STOP_WORDS]
    return tuple(dict.fromkeys(term for word in words for term in STEMMED.analyze(word)))


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """The stem of one word, as the keyword index has it: "Flooding" gives "flood"."""
    return "".join(_ONE_WORD.analyze(word)) or word.lower()
