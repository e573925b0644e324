"""Whether a sentence of a receipt is one that this evidence leads to: quoted as it stands there, or supported by it."""

import re
from collections.abc import Iterator, Sequence

from chat.answer import Evidence, Support
from chat.answering.arranging import LABELS
from chat.answering.claims import claims_of
from chat.answering.disagreement import disagreement_sentence, find_disagreements
from chat.answering.quoting import attribution, quotation, visible
from chat.answering.timeline import describe_date, when
from chat.answering.where_said import printing_sentences
from chat.checking.speakers import speaker_left_out
from chat.checking.verifying import verify
from chat.english.intervals import describe
from chat.understanding.question import Question

_HISTORY = "The figure as the reports came in: "
_CORRECTED = re.compile(r"Corrected(?: on (?P<day>.+))?")
_ORDER = (Support.UNSUPPORTED, Support.WEAK, Support.SUPPORTED, Support.QUOTED)  # the worst first


def sentence_fault(text: str, support: str, cited: Sequence[Evidence], question: Question) -> str:
    """Why a sentence is not what its evidence says; empty when it is."""
    if not cited:
        return "it cites no evidence"
    quoted = next(filter(text.endswith, _quotations(cited[0])), None)
    if support == Support.QUOTED and quoted:
        label = text.removesuffix(quoted).removesuffix(": ")
        return "" if _is_label(label, cited[0], question) else "the words before the quotation are not of its evidence"
    if text in _stated_by_rule(cited) or _is_history(text, cited):
        return ""
    found = verify(text, cited, asked=question.search_text).support
    if support not in set(Support) or _ORDER.index(found) < _ORDER.index(Support(support)):
        return f"its evidence does not have it as {support}"
    return "its evidence does not support it" if found is Support.UNSUPPORTED else ""


def _quotations(evidence: Evidence) -> tuple[str, ...]:
    """The evidence as a quotation, with its dateline too; receipts of earlier versions have double marks around any."""
    marked = f"“{visible(evidence.text)}” — {attribution(evidence)}"
    return quotation(evidence).text, quotation(evidence, with_dateline=True).text, marked


def _is_label(label: str, evidence: Evidence, question: Question) -> bool:
    """Whether the words before a quotation are those that its evidence or the question leads to."""
    if corrected := _CORRECTED.fullmatch(label):
        day = evidence.article.updated_at
        return evidence.article.correction is not None and corrected["day"] in (None, day and f"{day.day} {day:%B %Y}")
    return (
        label in LABELS
        or label.casefold() in _labels_of_evidence(evidence)
        or label in _labels_of_parts(question)
        or _is_name(label, question)
    )


def _labels_of_evidence(evidence: Evidence) -> set[str]:
    """Its source, its date, who speaks in it."""
    speaker = visible(speaker_left_out(evidence))
    labels = "", visible(evidence.article.source), describe_date(when(evidence)[0]), f"{speaker} said"
    return {label.casefold() for label in labels}


def _labels_of_parts(question: Question) -> set[str]:
    intervals = (interval for part in question.parts for interval in (part.published, part.preferred))
    return {describe(interval) for interval in intervals if interval}


def _is_name(label: str, question: Question) -> bool:
    return all(word[0].isupper() and word in question.text for word in label.split())


def _stated_by_rule(cited: Sequence[Evidence]) -> Iterator[str]:
    """The sentences that are made of evidence by rules: how two reports differ, who printed words first."""
    for order in (cited, tuple(reversed(cited))):
        yield from (disagreement_sentence(one).text for one in find_disagreements(order))
    yield from printing_sentences(cited)


def _is_history(text: str, cited: Sequence[Evidence]) -> bool:
    """Whether a text says how a figure changed, each step with a figure of its report."""
    steps = [_step(one) for one in cited]
    return re.fullmatch(re.escape(_HISTORY) + ", then ".join(steps) + r"\.", text) is not None


def _step(one: Evidence) -> str:
    words = {visible(claim.words).lower() for claim in claims_of(one) if claim.words}
    return f"(?:{'|'.join(map(re.escape, sorted(words)))}) {re.escape(f'({attribution(one)})')}"
