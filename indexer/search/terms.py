"""How a text becomes the words that the keyword index holds."""

import tantivy

_STOP_WORDS = frozenset(
    "a about after all also an and any are as at be been before but by can could did do does doing for from had "
    "has have he her his how i if in into is it its may me more most my no not of on or our out over s said she "
    "should so some such t than that the their them then there these they this those to under up was we were what "
    "when where which who whom whose why will with would you your".split()
)


def _analyzer(stemmed: bool) -> tantivy.TextAnalyzer:
    builder = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
    )
    return (builder.filter(tantivy.Filter.stemmer("english")) if stemmed else builder).build()


STEMMED, PLAIN = _analyzer(stemmed=True), _analyzer(stemmed=False)


def terms(text: str) -> tuple[str, ...]:
    """The stemmed words of a text that are worth searching for, each once."""
    words = [word for word in PLAIN.analyze(text) if word not in _STOP_WORDS]
    return tuple(dict.fromkeys(term for word in words for term in STEMMED.analyze(word)))
