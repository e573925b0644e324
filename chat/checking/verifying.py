"""How well the evidence that a sentence cites supports it."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from chat.answer import Evidence, Support
from chat.checking.figure_checks import date_problems, now_problems, number_problems
from chat.checking.name_checks import name_problems, subject_problems
from chat.checking.plain_evidence import PlainEvidence, nearest
from chat.checking.problems import Problem, ProblemKind, Verification
from chat.checking.quotation_checks import false_quotations, quotation_problems
from chat.checking.speaker_checks import attribution_problems, role_problems, speaker_problems
from chat.english.contrasts import find_contrast
from chat.english.names import find_names
from chat.english.plain_text import content_stems, plain
from chat.english.quoting_marks import without_marks

# Shares of a sentence's content words that its evidence has; tuned on the development half of tests/paraphrases.jsonl.
_FEW_WORDS = 0.15
_SOME_WORDS = 0.3
# Cosines of all-MiniLM-L6-v2: far below what a paraphrase has, and what unrelated sentences of one subject have.
_FAR = 0.25
_CLOSE = 0.6
_LONGEST_SENTENCE = 1500  # characters; no sentence of news comes near


def verify(
    sentence: str,
    evidence: Sequence[Evidence],
    *,
    similarity: float | None = None,
    today: date | None = None,
    asked: str = "",
) -> Verification:
    """Check a sentence against the evidence that it cites; `similarity` is the cosine of the two, if it is known.

    With `today`, words such as "this week" must mean the days of the evidence. A name that was `asked` for need only be
    in the article: "the ship" of the evidence is the one of the question.
    """
    text = plain(sentence)
    if not evidence or len(text) > _LONGEST_SENTENCE:
        why = "is too long to be checked" if evidence else "cites no evidence"
        problem = Problem(ProblemKind.EVIDENCE, text[:_LONGEST_SENTENCE], why, Support.UNSUPPORTED)
        return Verification(Support.UNSUPPORTED, (problem,), sentence)
    cited = [PlainEvidence(each) for each in evidence]
    if any(_is_run_of_sentences(text, each.text) for each in cited):
        return Verification(Support.QUOTED, (), sentence)
    false = false_quotations(text, cited)
    problems = (
        *quotation_problems(false),
        *_problems(text, cited, similarity, plain(asked)),
        *now_problems(text, cited, today),
    )
    return Verification(_worst(problems), problems, without_marks(text, list(false)) if false else sentence)


def _is_run_of_sentences(sentence: str, evidence: str) -> bool:
    place = evidence.find(sentence)
    if place < 0:
        return False
    return re.search(r"(?:^|[.!?][\"')]* )$", evidence[:place]) is not None and (
        place + len(sentence) == len(evidence)
        or (sentence.rstrip("\"')")[-1:] in (".", "!", "?") and evidence[place + len(sentence)] == " ")
    )


def _worst(problems: Sequence[Problem]) -> Support:
    found = {problem.support for problem in problems}
    return next((level for level in (Support.UNSUPPORTED, Support.WEAK) if level in found), Support.SUPPORTED)


def _problems(text: str, cited: Sequence[PlainEvidence], similarity: float | None, asked: str) -> Iterator[Problem]:
    yield from speaker_problems(text, cited)
    yield from role_problems(text, cited)
    yield from number_problems(text, cited)
    yield from date_problems(text, cited)
    yield from name_problems(text, cited, asked)
    yield from subject_problems(text, cited)
    yield from attribution_problems(text, cited)
    yield from _contrast_problems(text, cited)
    yield from _wording_problems(text, cited, similarity)


def _contrast_problems(text: str, cited: Sequence[PlainEvidence]) -> Iterator[Problem]:
    best = nearest(content_stems(text), cited)
    if contrast := find_contrast(text, best.text):
        why = f"the evidence says: {contrast.evidence}"
        yield Problem(ProblemKind.CONTRAST, contrast.sentence, why, Support.UNSUPPORTED)


def _wording_problems(text: str, cited: Sequence[PlainEvidence], similarity: float | None) -> Iterator[Problem]:
    stems = content_stems(text)
    known = content_stems(" ".join(each.heading for each in cited)).union(*(each.stems for each in cited))
    share = len(stems & known) / len(stems) if stems else 0.0
    if similarity is not None and similarity >= _CLOSE:
        return
    if share < _FEW_WORDS or (similarity is not None and similarity < _FAR):
        yield Problem(ProblemKind.WORDING, text, "has next to nothing in common with the evidence", Support.UNSUPPORTED)
    elif share < _SOME_WORDS:
        yield Problem(ProblemKind.WORDING, text, "has few words in common with the evidence", Support.WEAK)
    elif _is_other_news(text, cited):
        yield Problem(ProblemKind.WORDING, text, "the evidence says something else of these names", Support.WEAK)


def _is_other_news(text: str, cited: Sequence[PlainEvidence]) -> bool:
    """Whether the evidence has hardly more than the names of a sentence: it says something else of them."""
    claimed = content_stems(text) - content_stems(" ".join(map(str, find_names(text))))
    known = frozenset().union(*(each.stems for each in cited))
    return len(claimed) > 1 and len(claimed & known) < _SOME_WORDS * len(claimed)
