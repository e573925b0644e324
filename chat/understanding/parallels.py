"""What a partial follow-up is parallel to in the question before: "And the ferry?" replaces the bus.

The kind of words decides first (a name for a name, "for children" for "for adults", "the day ticket" for "the single
ticket"); where several words of a kind are there, the one whose meaning is nearest.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from chat.english.days import blank_days
from corpus.english.function_words import is_function_word
from indexer.search.stemming import stem

Likeness = Callable[[str, Sequence[str]], Sequence[float]]  # the cosine of a text with each of the others

_LEAST_LIKENESS = 0.3  # of words that replace each other
_SPEAKER_BONUS = 0.15  # "What did the company say about the strike?", "And the union?"
_PREPOSITION = r"(?:in|at|on|for|by|from|to|with|under|over|near|around|outside|inside|after|before|during|against|of)"
_PIECE = re.compile(
    rf"(?:(?P<preposition>{_PREPOSITION}) )?(?:(?:the|an?|its|their|our|your|some|any) )?(?P<words>.+)", re.IGNORECASE
)
_ITS_HEAD = re.compile(rf"(?:that|those|the ones?) (?={_PREPOSITION} )", re.IGNORECASE)
_HEAD = re.compile(
    rf"(?:the |an? )?(?P<head>[^\W\d_][\w-]*) (?P<rest>(?P<preposition>{_PREPOSITION}) .+)", re.IGNORECASE
)
_ASKING = re.compile(rf"(?P<asking>how \w+|when|where|who|why) (?={_PREPOSITION} )", re.IGNORECASE)
_POINTS_BACK = re.compile(
    r"\b(?:his|her|its|their|he|she|it|they|him|them|this|that|these|those|others?|same|else|then|there)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<=[\w,'\u2019] )[A-Z][\w.-]*(?:(?:'s|\u2019s)? (?:of |de |al-)?[A-Z][\w.-]*)*")
_WORD = re.compile(r"[^\W\d_][\w-]*")
_SPEAKER = re.compile(r"\b(?:did|does|do|has|have) (?P<speaker>.{2,40}?) (?:say|said|think|want|promise|warn|demand)\b")
_QUESTION_WORDS = frozenset("who what when where why how which whose tell show much many long say said happen".split())
_GENITIVE_START = re.compile(r"^['\u2019]s?\b")
_GENITIVE = re.compile(r"['\u2019]s?$")


@dataclass(frozen=True, slots=True)
class Parallel:
    """A question in which a part was replaced."""

    text: str
    shared: str  # the words of the question before that still count, with little weight


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    text: str


def replace_parallel(piece: str, previous: str, likeness: Likeness | None = None) -> Parallel | None:
    """`previous` with the words that `piece` is parallel to replaced by it; None where there are none."""
    asking = _ASKING.match(piece)
    rest = _without_its_head(piece[asking.end() if asking else 0 :].strip(), previous)
    found = _PIECE.fullmatch(rest)
    if found is None or _POINTS_BACK.search(rest) or not _WORD.search(found["words"]):
        return None
    words, undated = _GENITIVE.sub("", found["words"]), blank_days(previous)
    span = _same_head(words, undated, likeness) or _parallel_to(words, found["preposition"] or "", undated, likeness)
    if span is None:
        return None
    put = words if span[1] is None else span[1]
    before, after = previous[: span[0].start], previous[span[0].end :]
    text = _with_asking(f"{before}{put}{after}", asking["asking"] if asking else "")
    shared = f"{before} {_GENITIVE_START.sub('', after)}"
    return Parallel(" ".join(text.split()), " ".join(shared.split()))


def _without_its_head(piece: str, previous: str) -> str:
    """ "That of the tailors", "the strike of the tailors": what follows the word that the question before has, too."""
    if named := _HEAD.fullmatch(piece):
        before = rf"\b(?P<head>[^\W\d_][\w-]*) {named['preposition']}\b"
        if any(stem(found["head"]) == stem(named["head"]) for found in re.finditer(before, previous, re.IGNORECASE)):
            return named["rest"]
    return _ITS_HEAD.sub("", piece, 1) if _ITS_HEAD.match(piece) else piece


def _with_asking(text: str, asking: str) -> str:
    return text if not asking or text.lower().startswith(asking.lower()) else f"{asking} {text}"


def _same_head(words: str, previous: str, likeness: Likeness | None) -> tuple[_Span, str | None] | None:
    """ "The day ticket" replaces "single" in "a single bus ticket"."""
    *modifiers, head = words.split()
    if not modifiers:
        return None
    names = [_Span(one.start(), one.end(), one[0]) for one in _NAME.finditer(previous)]
    for found in _WORD.finditer(previous):
        if stem(found[0]) == stem(head):
            run = [one for one in names if one.end == found.start() - 1] or _run_before(found.start(), previous)
            if run:
                return _nearest(" ".join(modifiers), run, likeness, 0.0) or run[0], " ".join(modifiers)
    return None


def _run_before(end: int, text: str) -> list[_Span]:
    """The words with content that stand right before a place."""
    run: list[_Span] = []
    for found in reversed(list(_WORD.finditer(text[:end]))):
        stands_next = not text[found.end() : run[-1].start if run else end].strip(" '\u2019s")
        if not stands_next or is_function_word(found[0].lower()) or found[0].lower() in _QUESTION_WORDS:
            break
        run.append(_Span(found.start(), found.end(), found[0]))
    return run


def _parallel_to(
    words: str, preposition: str, previous: str, likeness: Likeness | None
) -> tuple[_Span, str | None] | None:
    names = [_Span(one.start(), one.end(), one[0]) for one in _NAME.finditer(previous)]
    is_name = all(word[0].isupper() or is_function_word(word) for word in words.split())
    if preposition:
        after = list(_after_preposition(preposition, names if is_name else [], previous, is_name=is_name))
        if after:
            return _nearest(words, after, likeness, 0.0) or after[-1], None
    if is_name:
        chosen = names[0] if len(names) == 1 else _nearest(words, names, likeness, 0.0)
        return (chosen, None) if chosen else None
    common = [*names, *_common_words(previous, names)]
    speaker = _SPEAKER.search(previous) if not preposition else None
    nearest = _nearest(words, common, likeness, _LEAST_LIKENESS, speaker.span("speaker") if speaker else (0, 0))
    return (nearest, None) if nearest else None


def _after_preposition(preposition: str, names: Sequence[_Span], previous: str, *, is_name: bool) -> Iterator[_Span]:
    """The name, or the last word or two, that follow the same preposition in the question before."""
    same = r"(?:in|at|near|around|outside)" if preposition.lower() in ("in", "at") and is_name else preposition
    if is_name:
        ends = {found.end() for found in re.finditer(rf"\b{same} (?:the )?", previous, re.IGNORECASE)}
        yield from [one for one in names if one.start in ends][:1]
        return
    found = re.search(rf"\b{same} (?:(?:the|an?) )?(?P<one>[a-z][\w-]*)(?P<other> [a-z][\w-]*)?\W*$", previous)
    if found and not is_function_word(found["one"]):
        yield _Span(*found.span("one"), found["one"])
        if found["other"] and not is_function_word(found["other"].strip()):
            yield _Span(found.start("one"), found.end("other"), found["one"] + found["other"])


def _common_words(text: str, names: Sequence[_Span]) -> Iterator[_Span]:
    for found in _WORD.finditer(text):
        word = found[0].lower()
        is_in_name = any(one.start <= found.start() < one.end for one in names)
        if len(word) > 2 and not (is_in_name or is_function_word(word) or word in _QUESTION_WORDS):
            yield _Span(found.start(), found.end(), found[0])
            name = next((one for one in names if text[one.end : found.start()] == " "), None)
            if name:
                yield _Span(name.start, found.end(), text[name.start : found.end()])


def _nearest(
    words: str,
    spans: Sequence[_Span],
    likeness: Likeness | None,
    least: float,
    preferred: tuple[int, int] = (0, 0),
) -> _Span | None:
    if likeness is None or not spans:
        return None
    near = likeness(words, [one.text for one in spans])
    bonus = [_SPEAKER_BONUS * (preferred[0] <= one.start < preferred[1]) for one in spans]
    best, span = max(
        zip((a + b for a, b in zip(near, bonus, strict=True)), spans, strict=True), key=lambda pair: pair[0]
    )
    return span if best >= least else None
