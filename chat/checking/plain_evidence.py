"""Evidence made ready for comparison: in plain spelling, with what surrounds it in its article."""

from collections.abc import Sequence

from chat.answer import Evidence
from chat.english.attributions import find_attributions
from chat.english.plain_text import content_stems, plain
from corpus.sentences import paragraph_at

_CONTEXT_CHARACTERS = 600


class PlainEvidence:
    """A piece of evidence as it is compared with a sentence."""

    def __init__(self, evidence: Evidence) -> None:
        article = evidence.article
        self.evidence = evidence
        self.text = plain(evidence.text)
        self.published = article.published_day
        self.stems = content_stems(self.text)
        self.attributions = find_attributions(self.text)
        self.heading = plain(" ".join((article.title, article.source, *article.authors, article.agency or "")))
        start, end = paragraph_at(article.text, evidence.start, evidence.end)
        self._paragraph = article.text[start:end]
        self._before = article.text[max(0, start - _CONTEXT_CHARACTERS) : evidence.start]

    @property
    def paragraph(self) -> str:
        """The whole paragraph that the evidence is in."""
        return plain(self._paragraph)

    @property
    def before(self) -> str:
        """The text before the evidence, to which an opening pronoun may refer."""
        return plain(self._before)


def nearest(stems: frozenset[str], cited: Sequence[PlainEvidence]) -> PlainEvidence:
    """The evidence that shares the most content words."""
    return max(cited, key=lambda each: len(stems & each.stems))
