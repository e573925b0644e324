"""Whether a sentence gives words to those who said them."""

from collections.abc import Iterator, Sequence

from chat.answer import Evidence, Support
from chat.checking.plain_evidence import PlainEvidence, nearest
from chat.checking.problems import Problem, ProblemKind
from chat.checking.speakers import is_somebodys
from chat.english.attributions import (
    Attribution,
    attributed_part,
    attributes,
    attribution_clause,
    find_attributions,
    speaking_roles,
)
from chat.english.names import KnownNames, Name
from chat.english.plain_text import content_stems, plain
from chat.english.quoting_marks import find_quotations, stands_in
from corpus.sentences import split_sentences

_MOST = 0.6  # when more of the shared words than this are somebody's words, so is the sentence


def speaker_problems(text: str, cited: Sequence[PlainEvidence]) -> Iterator[Problem]:
    """Named speakers to whom the evidence does not give the words."""
    for one in find_attributions(text):
        speakers = [] if one.is_pronoun else [names for each in cited for names in speakers_in(each, text)]
        if speakers and not any(_is_same_speaker(one.names, names) for names in speakers):
            others = " or ".join(dict.fromkeys(" ".join(names) for names in speakers))
            why = f"the evidence gives the words to {others}"
            yield Problem(ProblemKind.SPEAKER, one.speaker, why, Support.UNSUPPORTED)
        elif not speakers and one.names and find_quotations(text) and not _is_in_an_article(one.names, cited):
            yield Problem(ProblemKind.SPEAKER, one.speaker, "does not occur in the article", Support.UNSUPPORTED)


def role_problems(text: str, cited: Sequence[PlainEvidence]) -> Iterator[Problem]:
    """Speakers by role ("officials said") who say nothing in the evidence."""
    for role in speaking_roles(text):
        around = content_stems(" ".join(f"{each.before} {each.paragraph}" for each in cited))
        if not content_stems(role) & around:
            why = "the evidence does not have them say anything"
            yield Problem(ProblemKind.SPEAKER, role, why, Support.UNSUPPORTED)
        elif not any(attributes(each.paragraph) or find_quotations(each.paragraph) for each in cited):
            yield Problem(ProblemKind.SPEAKER, role, "the evidence states it as a fact", Support.WEAK)


def _is_in_an_article(names: Sequence[str], cited: Sequence[PlainEvidence]) -> bool:
    known = KnownNames(" ".join(f"{each.heading} {each.evidence.article.text}" for each in cited))
    return any(name in known for name in names)


def _is_same_speaker(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    known = KnownNames(" ".join(other))
    return any(word in known for word in one) or known.has_initials_of(Name(one, initial=False))


def speakers_in(each: PlainEvidence, text: str) -> list[tuple[str, ...]]:
    """The names of those who speak in the evidence, or who are named before it when it has only a pronoun."""
    inside = each.attributions
    quoted = find_quotations(text)
    if quoted and (beside := _beside(quoted[0].words, each.text, inside)):
        inside = [beside]
    named = [one.names for one in inside if not one.is_pronoun]
    if named or not (inside or quoted):
        return named
    return _named_before(each)


def _beside(words: str, evidence: str, attributions: Sequence[Attribution]) -> Attribution | None:
    """The attribution nearest to the quotation of the evidence that has the quoted words."""
    for quotation in find_quotations(evidence):
        if attributions and stands_in(words, quotation.words):
            return min(attributions, key=lambda one: max(quotation.start - one.end, one.start - quotation.end))
    return None


def _named_before(each: PlainEvidence) -> list[tuple[str, ...]]:
    """The speaker named nearest to the evidence in its paragraph, or else the last one before it."""
    place = max(0, each.paragraph.find(each.text))
    around = [one for one in find_attributions(each.paragraph) if not one.is_pronoun]
    if around:
        return [min(around, key=lambda one: max(one.start - place - len(each.text), place - one.end)).names]
    return [one.names for one in find_attributions(each.before) if not one.is_pronoun][-1:]


def with_attribution(text: str, evidence: Sequence[Evidence]) -> str:
    """The sentence with the words by which its evidence gives it as somebody's: "..., police said."."""
    best = nearest(content_stems(plain(text)), [PlainEvidence(one) for one in evidence])
    shared = content_stems(plain(text))
    sentences = [best.text[one.start : one.end] for one in split_sentences(best.text)]
    stated = max(sentences, key=lambda one: len(shared & content_stems(one)))
    return f"{text.rstrip(' .')}{attribution_clause(stated)}."


def attribution_problems(text: str, cited: Sequence[PlainEvidence]) -> Iterator[Problem]:
    """A sentence that states as a fact what the evidence has somebody say."""
    if attributes(text):
        return
    stems = content_stems(text)
    best = nearest(stems, cited)
    shared = stems & best.stems
    own = best.stems if is_somebodys(best.evidence) else content_stems(attributed_part(best.text))
    if own and len(shared & own) > _MOST * len(shared):
        why = "the evidence has somebody say so; the sentence states it as a fact"
        yield Problem(ProblemKind.ATTRIBUTION, text, why, Support.WEAK)
