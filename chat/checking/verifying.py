"""How well the evidence that a sentence cites holds it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chat.answer import Evidence, Support
from chat.checking.speakers import is_somebodys
from chat.english.attributions import Attribution, attributed_part, attributes, find_attributions, speaking_roles
from chat.english.contrasts import find_contrast
from chat.english.days import Day, blank_days, days_of, is_named, read_days, too_old_for
from chat.english.figures import Figure, Match, counted_otherwise, match_figure, read_figures
from chat.english.names import KnownNames, Name, find_names, is_title
from chat.english.plain_text import content_stems, plain
from chat.english.quoting_marks import Quotation, find_quotations, leaves_out, stands_in, without_marks


class ProblemKind(StrEnum):
    """What of a sentence does not hold."""

    EVIDENCE = "evidence"
    QUOTATION = "quotation"
    SPEAKER = "speaker"
    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    ATTRIBUTION = "attribution"
    CONTRAST = "contrast"
    WORDING = "wording"
    ENTAILMENT = "entailment"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that does not hold, for a reader; `support` is the best that the sentence can still have."""

    kind: ProblemKind
    words: str
    why: str
    support: Support


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found; `text` is the sentence without the quotation marks that do not hold."""

    support: Support
    problems: tuple[Problem, ...]
    text: str


# Shares of a sentence's content words that its evidence has; tuned on the development half of tests/paraphrases.jsonl.
_FEW_WORDS = 0.15
_SOME_WORDS = 0.3
# Cosines of all-MiniLM-L6-v2: far below what a paraphrase has, and what unrelated sentences of one subject have.
_FAR = 0.25
_CLOSE = 0.6
_LONGEST_TERM = 3  # words that may be quoted as a term, whoever speaks
_MOST = 0.6  # more of the shared words than this are somebody's words: so is the sentence
_LONGEST_SENTENCE = 1500  # characters; no sentence of news comes near
_CONTEXT_CHARACTERS = 600
_ANAPHOR = re.compile(
    r"(?:(?:In|On|At|By|From|Since|After|Before|When|As|But|And|If) (?:\w+ ){0,3})?"
    r"(he|she|it|they|his|her|its|their|the (?:company|two|country|bank|board|group|ship|telescope))\b",
    re.IGNORECASE,
)


def verify(
    sentence: str, evidence: Sequence[Evidence], *, similarity: float | None = None, today: date | None = None
) -> Verdict:
    """Hold a sentence against the evidence that it cites; `similarity` is the cosine of the two, if it is known.

    With `today`, "this week" and its like must mean the days of the evidence.
    """
    text = plain(sentence)
    if not evidence or len(text) > _LONGEST_SENTENCE:
        why = "is too long to be checked" if evidence else "cites no evidence"
        problem = Problem(ProblemKind.EVIDENCE, text[:_LONGEST_SENTENCE], why, Support.UNSUPPORTED)
        return Verdict(Support.UNSUPPORTED, (problem,), sentence)
    shown = [_Shown(each) for each in evidence]
    if any(_is_a_run_of_sentences(text, each.text) for each in shown):
        return Verdict(Support.QUOTED, (), sentence)
    false = _false_quotations(text, shown)
    problems = (*_quotation_problems(false), *_problems(text, shown, similarity), *_now_problems(text, shown, today))
    return Verdict(_worst(problems), problems, without_marks(text, list(false)) if false else sentence)


class _Shown:
    """Evidence as it is compared: plain, with what surrounds it in its article."""

    def __init__(self, evidence: Evidence) -> None:
        article = evidence.article
        self.evidence = evidence
        self.text = plain(evidence.text)
        self.published = article.published_at.date() if article.published_at else None
        self.stems = content_stems(self.text)
        self.attributions = find_attributions(self.text)
        self.heading = plain(" ".join((article.title, article.source, *article.authors, article.agency or "")))
        start, end = _paragraph(article.text, evidence.start, evidence.end)
        self._paragraph = article.text[start:end]
        self._before = article.text[max(0, start - _CONTEXT_CHARACTERS) : evidence.start]

    @property
    def paragraph(self) -> str:
        """The whole paragraph that the evidence stands in."""
        return plain(self._paragraph)

    @property
    def before(self) -> str:
        """What an opening pronoun may refer to."""
        return plain(self._before)


def _paragraph(text: str, start: int, end: int) -> tuple[int, int]:
    before = text.rfind("\n\n", 0, start)
    after = text.find("\n\n", end)
    return (before + 2 if before >= 0 else 0), (after if after >= 0 else len(text))


def _is_a_run_of_sentences(sentence: str, evidence: str) -> bool:
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


def _problems(text: str, shown: Sequence[_Shown], similarity: float | None) -> Iterator[Problem]:
    yield from _speaker_problems(text, shown)
    yield from _role_problems(text, shown)
    yield from _number_problems(text, shown)
    yield from _date_problems(text, shown)
    yield from _name_problems(text, shown)
    yield from _subject_problems(text, shown)
    yield from _attribution_problems(text, shown)
    yield from _contrast_problems(text, shown)
    yield from _wording_problems(text, shown, similarity)


def _false_quotations(text: str, shown: Sequence[_Shown]) -> dict[Quotation, str]:
    """The quotations that do not hold, each with the reason."""
    by_somebody = bool(find_attributions(text))
    whys = {quotation: _why_false(quotation, shown, by_somebody) for quotation in find_quotations(text)}
    return {quotation: why for quotation, why in whys.items() if why}


def _why_false(quotation: Quotation, shown: Sequence[_Shown], by_somebody: bool) -> str:
    if any(stands_in(quotation.words, run) for each in shown for run in _spoken_runs(each.text)):
        return ""
    within = [each for each in shown if not leaves_out(quotation.words) and stands_in(quotation.words, each.text)]
    if not within:
        return "does not stand in the evidence word for word"
    if (
        by_somebody
        and len(quotation.words.split()) > _LONGEST_TERM
        and not any(_is_spoken(quotation, each) for each in within)
    ):
        return "are the article's own words, not somebody's"
    return ""


def _is_spoken(quotation: Quotation, each: _Shown) -> bool:
    """Whether the paragraph has quotation marks around words of which the evidence is a part."""
    return any(stands_in(quotation.words, run) for run in _spoken_runs(each.paragraph))


def _spoken_runs(text: str) -> Iterator[str]:
    """The stretches that one person says: each quotation, and all of them together when one speaker is named."""
    spoken = [quotation.words for quotation in find_quotations(text)]
    yield from spoken
    if len(spoken) > 1 and len({one.names for one in find_attributions(text)}) <= 1:
        yield " ".join(spoken)


def _quotation_problems(false: Mapping[Quotation, str]) -> Iterator[Problem]:
    for quotation, why in false.items():
        yield Problem(ProblemKind.QUOTATION, quotation.words, why, Support.WEAK)


def _speaker_problems(text: str, shown: Sequence[_Shown]) -> Iterator[Problem]:
    for one in find_attributions(text):
        speakers = [] if one.is_pronoun else [names for each in shown for names in _speakers(each, text)]
        if speakers and not any(_is_same_speaker(one.names, names) for names in speakers):
            others = " or ".join(dict.fromkeys(" ".join(names) for names in speakers))
            why = f"the evidence gives the words to {others}"
            yield Problem(ProblemKind.SPEAKER, one.speaker, why, Support.UNSUPPORTED)
        elif not speakers and one.names and find_quotations(text) and not _is_in_an_article(one.names, shown):
            yield Problem(ProblemKind.SPEAKER, one.speaker, "does not occur in the article", Support.UNSUPPORTED)


def _role_problems(text: str, shown: Sequence[_Shown]) -> Iterator[Problem]:
    for role in speaking_roles(text):
        around = content_stems(" ".join(f"{each.before} {each.paragraph}" for each in shown))
        if not content_stems(role) & around:
            why = "the evidence does not have them say anything"
            yield Problem(ProblemKind.SPEAKER, role, why, Support.UNSUPPORTED)
        elif not any(attributes(each.paragraph) or find_quotations(each.paragraph) for each in shown):
            yield Problem(ProblemKind.SPEAKER, role, "the evidence tells it outright", Support.WEAK)


def _is_in_an_article(names: Sequence[str], shown: Sequence[_Shown]) -> bool:
    known = KnownNames(" ".join(f"{each.heading} {each.evidence.article.text}" for each in shown))
    return any(name in known for name in names)


def _is_same_speaker(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    known = KnownNames(" ".join(other))
    return any(word in known for word in one) or known.has_initials_of(Name(one, initial=False))


def _speakers(each: _Shown, text: str) -> list[tuple[str, ...]]:
    """The names of those who speak in the evidence; of those named before it when it has only a pronoun."""
    inside = each.attributions
    quoted = find_quotations(text)
    if quoted and (beside := _beside(quoted[0].words, each.text, inside)):
        inside = [beside]
    named = [one.names for one in inside if not one.is_pronoun]
    if named or not (inside or quoted):
        return named
    return _named_before(each)


def _beside(words: str, evidence: str, attributions: Sequence[Attribution]) -> Attribution | None:
    """The attribution nearest to the quotation of the evidence in which quoted words stand."""
    for quotation in find_quotations(evidence):
        if attributions and stands_in(words, quotation.words):
            return min(attributions, key=lambda one: max(quotation.start - one.end, one.start - quotation.end))
    return None


def _named_before(each: _Shown) -> list[tuple[str, ...]]:
    """The speaker named nearest to the evidence in its paragraph, or else the last one before it."""
    place = max(0, each.paragraph.find(each.text))
    around = [one for one in find_attributions(each.paragraph) if not one.is_pronoun]
    if around:
        return [min(around, key=lambda one: max(one.start - place - len(each.text), place - one.end)).names]
    return [one.names for one in find_attributions(each.before) if not one.is_pronoun][-1:]


def _number_problems(text: str, shown: Sequence[_Shown]) -> Iterator[Problem]:
    held = [figure for each in shown for figure in read_figures(blank_days(each.text))]
    dates = [day for each in shown for day in read_days(each.text)]
    for figure in read_figures(blank_days(text)):
        if problem := _number_problem(figure, held, dates):
            yield problem


def _number_problem(figure: Figure, held: Sequence[Figure], dates: Sequence[Day]) -> Problem | None:
    match = match_figure(figure, held)
    other = counted_otherwise(figure, held)
    if other is not None:
        return Problem(ProblemKind.NUMBER, figure.words, f"the evidence counts {other.words}", Support.UNSUPPORTED)
    if match is Match.LOOSE:
        return Problem(ProblemKind.NUMBER, figure.words, "the evidence limits the number otherwise", Support.WEAK)
    if match is Match.ABSENT and not any(figure.value in day[1:4] for day in dates):
        grave = Support.WEAK if figure.unit == "order" else Support.UNSUPPORTED
        return Problem(ProblemKind.NUMBER, figure.words, "the evidence does not have the number", grave)
    return None


def _date_problems(text: str, shown: Sequence[_Shown]) -> Iterator[Problem]:
    wanted = read_days(text)
    if not wanted:
        return
    held = [day for each in shown for day in days_of(each.text, each.published)]
    for day in wanted:
        if not is_named(day, held):
            around = [
                each_day for each in shown for each_day in days_of(f"{each.heading} {each.paragraph}", each.published)
            ]
            grave = Support.WEAK if is_named(day, around) else Support.UNSUPPORTED
            yield Problem(ProblemKind.DATE, day.words, "the evidence does not have the date", grave)


def _now_problems(text: str, shown: Sequence[_Shown], today: date | None) -> Iterator[Problem]:
    published = [each.published for each in shown if each.published]
    if today and published and (words := too_old_for(text, max(published), today)):
        why = f"the newest report cited is of {max(published):%-d %B %Y}"
        yield Problem(ProblemKind.DATE, words, why, Support.WEAK)


def _name_problems(text: str, shown: Sequence[_Shown]) -> Iterator[Problem]:
    names = list(find_names(text))
    if not names:
        return
    held = KnownNames(" ".join(f"{each.text} {each.heading}" for each in shown))
    for name in names:
        missing = tuple(word for word in name.words if word not in held)
        if not missing and _is_patched(name, shown):
            yield Problem(ProblemKind.NAME, str(name), "the evidence does not have the name as a whole", Support.WEAK)
        if missing and not held.has_initials_of(name) and (problem := _name_problem(name, missing, text, shown)):
            yield problem


def _subject_problems(text: str, shown: Sequence[_Shown]) -> Iterator[Problem]:
    """What the evidence tells of one, told of another, who stands in the title or elsewhere."""
    best = _nearest(content_stems(text), shown)
    mine, theirs = (next(iter(find_names(each)), None) for each in (text, best.text))
    if not (mine and theirs and text.startswith(str(mine)) and best.text.startswith(str(theirs))):
        return
    inside, said = KnownNames(best.text), KnownNames(text)
    if not any(word in inside for word in mine.words) and not any(word in said for word in theirs.words):
        yield Problem(ProblemKind.NAME, str(mine), f"the evidence tells it of {theirs}", Support.WEAK)


def _is_patched(name: Name, shown: Sequence[_Shown]) -> bool:
    """Whether a name joins words of the evidence with words of the title that never stand together."""
    own = [word for word in name.words if not is_title(word)]
    if len(own) < 2 or any(str(name) in each.text for each in shown):
        return False
    cited = KnownNames(" ".join(each.text for each in shown))
    inside = [word in cited for word in own]
    return any(inside) and not all(inside) and not any(" ".join(own) in each.evidence.article.text for each in shown)


def _name_problem(name: Name, missing: tuple[str, ...], text: str, shown: Sequence[_Shown]) -> Problem | None:
    missing = tuple(word for word in missing if not any(_is_implied(word, name, missing, text, each) for each in shown))
    if not missing:
        return None
    elsewhere = KnownNames(" ".join(each.evidence.article.text for each in shown))
    known = all(word in elsewhere for word in missing)
    if name.initial and any(
        re.search(rf"\b{re.escape(name.words[0].lower())}\b", each.evidence.article.text) for each in shown
    ):
        return None
    why = "stands elsewhere in the article, not in the evidence" if known else "the evidence does not have the name"
    grave = Support.WEAK if known or (name.initial and len(name.words) == 1) else Support.UNSUPPORTED
    return Problem(ProblemKind.NAME, " ".join(missing), why, grave)


def _is_implied(word: str, name: Name, missing: tuple[str, ...], text: str, each: _Shown) -> bool:
    """Whether the evidence means a name: by the rest of it, by its office, as who speaks, or by a pronoun."""
    article = each.evidence.article.text
    if is_title(word):
        return word.lower() in article.lower()
    if len(missing) < len(name.words) and str(name) in article:
        return True
    if any(word in names for names in _speakers(each, text)):
        return True
    pronoun = _ANAPHOR.match(each.text)
    return pronoun is not None and not text.lower().startswith(pronoun[1].lower()) and word in KnownNames(each.before)


def _attribution_problems(text: str, shown: Sequence[_Shown]) -> Iterator[Problem]:
    if attributes(text):
        return
    stems = content_stems(text)
    best = _nearest(stems, shown)
    shared = stems & best.stems
    own = best.stems if is_somebodys(best.evidence) else content_stems(attributed_part(best.text))
    if own and len(shared & own) > _MOST * len(shared):
        why = "the evidence has somebody say so; the sentence says it outright"
        yield Problem(ProblemKind.ATTRIBUTION, text, why, Support.WEAK)


def _nearest(stems: frozenset[str], shown: Sequence[_Shown]) -> _Shown:
    """The evidence that shares the most content words."""
    return max(shown, key=lambda each: len(stems & each.stems))


def _contrast_problems(text: str, shown: Sequence[_Shown]) -> Iterator[Problem]:
    best = _nearest(content_stems(text), shown)
    if contrast := find_contrast(text, best.text):
        why = f"the evidence says: {contrast.evidence}"
        yield Problem(ProblemKind.CONTRAST, contrast.sentence, why, Support.UNSUPPORTED)


def _wording_problems(text: str, shown: Sequence[_Shown], similarity: float | None) -> Iterator[Problem]:
    stems = content_stems(text)
    held = content_stems(" ".join(each.heading for each in shown)).union(*(each.stems for each in shown))
    share = len(stems & held) / len(stems) if stems else 0.0
    if similarity is not None and similarity >= _CLOSE:
        return
    if share < _FEW_WORDS or (similarity is not None and similarity < _FAR):
        yield Problem(ProblemKind.WORDING, text, "has next to nothing in common with the evidence", Support.UNSUPPORTED)
    elif share < _SOME_WORDS:
        yield Problem(ProblemKind.WORDING, text, "has few words in common with the evidence", Support.WEAK)
    elif _is_other_news(text, shown):
        yield Problem(ProblemKind.WORDING, text, "the evidence says something else of these names", Support.WEAK)


def _is_other_news(text: str, shown: Sequence[_Shown]) -> bool:
    """Whether hardly more than the names of a sentence stands in the evidence: names tell nothing yet."""
    claimed = content_stems(text) - content_stems(" ".join(map(str, find_names(text))))
    held = frozenset().union(*(each.stems for each in shown))
    return len(claimed) > 1 and len(claimed & held) < _SOME_WORDS * len(claimed)
