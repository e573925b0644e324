"""Whether the quotations of a sentence are in its evidence word for word, as somebody's words."""

from collections.abc import Iterator, Mapping, Sequence

from chat.answer import Support
from chat.checking.plain_evidence import PlainEvidence
from chat.checking.problems import Problem, ProblemKind
from chat.english.attributions import find_attributions
from chat.english.quoting_marks import Quotation, find_quotations, leaves_out, stands_in

_LONGEST_TERM = 3  # words that may be quoted as a term, whoever speaks


def false_quotations(text: str, cited: Sequence[PlainEvidence]) -> dict[Quotation, str]:
    """The quotations that the evidence does not have, each with the reason."""
    by_somebody = bool(find_attributions(text))
    whys = {quotation: _why_false(quotation, cited, by_somebody) for quotation in find_quotations(text)}
    return {quotation: why for quotation, why in whys.items() if why}


def _why_false(quotation: Quotation, cited: Sequence[PlainEvidence], by_somebody: bool) -> str:
    if any(stands_in(quotation.words, run) for each in cited for run in _spoken_runs(each.text)):
        return ""
    within = [each for each in cited if not leaves_out(quotation.words) and stands_in(quotation.words, each.text)]
    if not within:
        return "is not in the evidence word for word"
    if (
        by_somebody
        and len(quotation.words.split()) > _LONGEST_TERM
        and not any(_is_spoken(quotation, each) for each in within)
    ):
        return "are the article's own words, not somebody's"
    return ""


def _is_spoken(quotation: Quotation, each: PlainEvidence) -> bool:
    """Whether the paragraph has the words inside quotation marks."""
    return any(stands_in(quotation.words, run) for run in _spoken_runs(each.paragraph))


def _spoken_runs(text: str) -> Iterator[str]:
    """The words that one person says: each quotation, and all of them together when only one speaker is named."""
    spoken = [quotation.words for quotation in find_quotations(text)]
    yield from spoken
    if len(spoken) > 1 and len({one.names for one in find_attributions(text)}) <= 1:
        yield " ".join(spoken)


def quotation_problems(false: Mapping[Quotation, str]) -> Iterator[Problem]:
    """A problem for each false quotation."""
    for quotation, why in false.items():
        yield Problem(ProblemKind.QUOTATION, quotation.words, why, Support.WEAK)
