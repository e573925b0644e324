"""Quotations: words that somebody is reported to have said, with who said them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from corpus.english.calendar import WEEKDAYS
from corpus.sentences import Span, split_sentences


class QuotationKind(StrEnum):
    """How the words are reported."""

    DIRECT = "direct"  # all of them in quotation marks
    INDIRECT = "indirect"  # none of them
    MIXED = "mixed"  # some of them


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in a text, and the speaker that is named beside them; both are offsets into the text."""

    kind: QuotationKind
    words: Span  # without the quotation marks around them
    speaker: Span | None  # a name, a role or a pronoun; None for a quotation that goes on
    speaker_name: str | None  # the fullest name so far, or the role; None for a pronoun that could mean anybody


_LONGEST_SENTENCE = 4000  # characters; a longer "quotation" lacks its closing mark
_FEWEST_WORDS_ALONE = 3  # fewer words in marks without a speaker are titles and scare quotes

# Both marks, and what is between them. A speaker who goes on in the next paragraph leaves the closing mark out.
_QUOTED = re.compile(
    r"(?:\"(?P<straight>[^\"]+)(?:\"|\Z)|“(?P<curly>[^“”]+)(?:”|\Z)|«(?P<guillemets>[^«»]+)»|„(?P<low>[^„“”]+)[“”]"
    r"|(?<!\w)‘(?P<single>(?:[^‘’]|(?<=\w)’(?=\w))+)’(?!\w)|(?<!\w)'(?P<plain>(?:[^'\"]|(?<=\w)'(?=\w))+)'(?!\w))"
)
_MASK = "\ue000"

_PLAIN_VERBS = (
    "said|says|told|tells|added|adds|claimed|claims|argued|argues|insisted|insists|noted|notes|stated|states|acknowledged|"
    "admitted|predicted|announced|explained|warned|testified|conceded|contended|reiterated"
)
_OTHER_VERBS = (
    "announces|explains|warns|wrote|writes|tweeted|posted|replied|responded|declared|asked|asks|confirmed|denied|recalled|"
    "threatened|promised|vowed|suggested|suggests|complained|stressed|emphasised|emphasized|continued|concluded|remarked|"
    "commented|pledged|shouted|exclaimed|joked|cautioned|revealed|reported|began"
)
_VERBS = f"{_PLAIN_VERBS}|{_OTHER_VERBS}"
_NO_NAME = (
    "But|And|In|On|At|For|If|As|When|While|After|Before|Since|Meanwhile|However|Also|Then|Still|Speaking|Yet|Earlier|Later|"
    "Last|This|That|It|We|I|You|Asked|The|A|An|He|She|They|His|Her|Their|Its|So|Or|Not|What|Who|Why|How|Where|According|"
    f"{'|'.join(WEEKDAYS)}"
)
_NAME_WORD = (
    r"(?:(?:Mr|Mrs|Ms|Dr|Prof|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Capt|Rev|St|Adm|Maj|Jr|Sr)\.|(?:[A-Z]\.)+|[^\W\d_a-z][\w'’-]*)"
)
_NAME = (
    rf"(?!(?:{_NO_NAME})\b){_NAME_WORD}"
    rf"(?:\s+(?:(?:of|the|de|da|di|van|von|der|bin|al|el|la|le|du|den)\s+){{0,2}}{_NAME_WORD}){{0,6}}+"
)
_NO_ROLE = (
    r"(?:was|were|is|are|has|had|have|been|be|not|to|and|or|but|that|which|who|when|also|later|"
    rf"then|he|she|they|it|{_VERBS})\b"
)
_ROLE = (
    r"(?:(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Oo]ne|[Aa]nother)\s|[Oo]fficials|[Pp]olice|[Rr]esidents|[Ww]itnesses"
    r"|[Pp]rosecutors|[Aa]uthorities|[Dd]octors|[Rr]escuers|[Ee]xperts|[Aa]nalysts)"
    rf"(?:\s*(?!{_NO_ROLE})(?:(?:[A-Z]\.)+|[\w'’-]+)){{0,6}}+"
)
_PRONOUN = r"(?:[Hh]e|[Ss]he|[Tt]hey)\b"
_SPEAKER = rf"(?:{_PRONOUN}|{_ROLE}|{_NAME})"
_ASIDE = (
    rf"(?:,\s(?:an?|the|who|whose|one|his|her|its|now|then|\d\d|head|chief|director|president)\b[^{_MASK}]{{0,160}}?,)?"
)
_LISTENER = rf"(?:\s+(?:reporters|journalists|lawmakers|parliament|viewers|(?:the\s+)?{_NAME}|the\s+\w+(?:\s\w+)?))?"
_BEFORE_VERB = rf"{_ASIDE}\s+(?:(?:has|had|have|also|later|then|[a-z]+ly)\s+){{0,2}}"
_SUBJECT_VERB = re.compile(rf"\b(?P<speaker>{_SPEAKER}){_BEFORE_VERB}(?P<verb>{_VERBS})\b(?:(?<=told){_LISTENER})?")
_VERB_SUBJECT = re.compile(
    rf"[{_MASK},]\s*(?!tol|tel)(?P<verb>{_VERBS})\s+(?P<speaker>{_NAME}|{_ROLE})(?=[,.;:!?\s]|\Z)"
)
_ACCORDING = re.compile(rf"\b[Aa]ccording\s+to\s+(?P<speaker>{_NAME}|{_ROLE})(?=[,.;]|\s(?:who|in|at|on)\b|\Z){_ASIDE}")
_SPEECH = re.compile(rf"\b(?:{_VERBS}|[Aa]ccording\s+to)\b")
_WHEN = (
    r"(?:\s*(?:(?:on|in|at|during|late|early|earlier|last|this|after)\s(?:(?:an?|the|his|her|their|its)\s)?[^,:]{1,60}?"
    r"|yesterday|today|[a-z]+ly|[A-Z]\w+day)(?:\s(?:morning|afternoon|evening|night)\b)?)?"
)
_THAT = re.compile(rf"{_WHEN}\s*(?:,[^,]{{1,60}},)?\s*that\s+")
_WORDS_FOLLOW = re.compile(rf"{_WHEN}\s*[,:]?\s*(?={_MASK})")
_CLAUSE_FOLLOWS = re.compile(
    rf"{_WHEN}\s+(?!(?:of|to|about|in|on|at|by|for|so|nothing|little|no|yes|as|and|or|with)\b)(?=\w)"
)
_SENTENCE_ENDS = re.compile(rf"{_WHEN}\s*(?:[.!?;]|\Z)")
_WITHOUT_THAT = frozenset(("said", "says", "told", "tells", "added", "insisted", "warned", "argued", "claimed"))
_FULL_NAME = re.compile(rf"{_NAME_WORD}(?:\s(?:(?:de|da|van|von|der|bin|al|el|la|le)\s)?{_NAME_WORD}){{1,4}}")
_POSSESSOR = re.compile(r"^.*['’]s\s")


def find_quotations(text: str) -> tuple[Quotation, ...]:
    """The quotations of a news text, in order.

    Direct words without a speaker are told when they are a sentence of their own. English verbs of speech only.
    """
    quoted = _quoted(text)
    masked = _masked(text, quoted)
    names = _full_names(masked)
    found: list[Quotation] = []
    for sentence, inside in _whole_sentences(text, quoted):
        attribution = _attribution(masked, sentence)
        if attribution is None:
            found.extend(_alone(text, masked, sentence, inside, found))
        else:
            speaker = Span(*attribution.span("speaker"))
            name = _speaker_name(masked, speaker, names, found)
            reported = _reported(masked, sentence, attribution, inside)
            found.extend(Quotation(kind, words, speaker, name) for kind, words in reported)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Quoted:
    outer: Span
    words: Span


def _quoted(text: str) -> list[_Quoted]:
    """What stands in quotation marks; marks never pair across a blank line."""
    quoted = []
    for start, end in _paragraphs(text):
        for match in _QUOTED.finditer(text[start:end]):
            inner = match.lastgroup or 0
            words = _strip(text, Span(start + match.start(inner), start + match.end(inner)), ",")
            if words.start < words.end:
                quoted.append(_Quoted(Span(start + match.start(), start + match.end()), words))
    return quoted


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in re.finditer(r"\n\s*\n", text):
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)


def _strip(text: str, span: Span, marks: str) -> Span:
    """The span without spaces and these marks at its ends."""
    start, end = span
    while start < end and (text[start].isspace() or text[start] in marks):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in marks):
        end -= 1
    return Span(start, end)


def _masked(text: str, quoted: list[_Quoted]) -> str:
    """The text with a mark for each quoted character, so that a pattern can tell the reporter's words from the rest."""
    pieces, done = [], 0
    for each in quoted:
        pieces += [text[done : each.outer.start], _MASK * (each.outer.end - each.outer.start)]
        done = each.outer.end
    return "".join([*pieces, text[done:]])


def _whole_sentences(text: str, quoted: list[_Quoted]) -> Iterator[tuple[Span, list[_Quoted]]]:
    """Sentences, those that one pair of marks holds together joined to one, with what is quoted in each."""
    waiting, start, inside = 0, None, list[_Quoted]()
    for sentence in split_sentences(text):
        start = sentence.start if start is None else start
        while waiting < len(quoted) and quoted[waiting].outer.start < sentence.end:
            inside.append(quoted[waiting])
            waiting += 1
        if not inside or inside[-1].outer.end <= sentence.end:
            yield Span(start, sentence.end), inside
            start, inside = None, []


def _attribution(masked: str, sentence: Span) -> re.Match[str] | None:
    """The first place of a sentence that says who speaks."""
    if sentence.end - sentence.start > _LONGEST_SENTENCE or not _SPEECH.search(masked, *sentence):
        return None
    patterns = (_ACCORDING, _VERB_SUBJECT, _SUBJECT_VERB)
    found = [match for pattern in patterns if (match := pattern.search(masked, sentence.start, sentence.end))]
    return min(found, key=_start, default=None)


def _start(attribution: re.Match[str]) -> int:
    if attribution.re is _ACCORDING:
        return attribution.start()
    return min(attribution.start("verb"), attribution.start("speaker"))


def _reported(
    masked: str, sentence: Span, attribution: re.Match[str], inside: list[_Quoted]
) -> Iterator[tuple[QuotationKind, Span]]:
    """What the speaker of an attribution is reported to have said in the same sentence."""
    start, end = _start(attribution), attribution.end()
    before = _strip(masked, Span(sentence.start, start), ",")
    after = _strip(masked, Span(end, sentence.end), ",")
    leads = not any(character.isalnum() or character == _MASK for character in masked[before.start : before.end])
    if attribution.re is _ACCORDING:
        yield from _words_of(masked, after if leads else before, inside)
        return
    previous = masked[sentence.start : start].rstrip()[-1:]
    if previous == _MASK:
        yield from _words_of(masked, before, inside)
        yield from ((QuotationKind.DIRECT, each.words) for each in inside if each.outer.start >= end)
        return
    follows = _clause_start(masked, attribution, sentence.end)
    if follows is not None:
        yield from _words_of(masked, Span(follows, sentence.end), inside)
    elif previous == "," and not leads and _SENTENCE_ENDS.match(masked, end, sentence.end):
        yield from _words_of(masked, before, inside)


def _clause_start(masked: str, attribution: re.Match[str], end: int) -> int | None:
    """Where the words start that follow "X said", if they do."""
    place = attribution.end()
    found = _THAT.match(masked, place, end) or _WORDS_FOLLOW.match(masked, place, end)
    has_listener = attribution["verb"] not in ("told", "tells") or place > attribution.end("verb")
    if found is None and has_listener and attribution["verb"] in _WITHOUT_THAT:
        found = _CLAUSE_FOLLOWS.match(masked, place, end)
    return found.end() if found else None


def _words_of(masked: str, span: Span, inside: list[_Quoted]) -> Iterator[tuple[QuotationKind, Span]]:
    quotes = [each for each in inside if span.start <= each.outer.start and each.outer.end <= span.end]
    if quotes and not _reporters_words(masked, span):
        yield from ((QuotationKind.DIRECT, each.words) for each in quotes)
        return
    span = _strip(masked, span, ",.;:")
    if span.start < span.end:
        yield (QuotationKind.MIXED if quotes else QuotationKind.INDIRECT), span


def _reporters_words(masked: str, span: Span) -> bool:
    return any(character.isalnum() for character in masked[span.start : span.end])


def _alone(
    text: str, masked: str, sentence: Span, inside: list[_Quoted], before: list[Quotation]
) -> Iterator[Quotation]:
    """Quoted words that no attribution stands beside: of the last speaker when they go on in one paragraph."""
    if not inside or _reporters_words(masked, sentence):
        return
    goes_on = bool(before) and "\n\n" not in text[before[-1].words.end : sentence.start]
    name = before[-1].speaker_name if goes_on else None
    for each in inside:
        if len(text[each.words.start : each.words.end].split()) >= _FEWEST_WORDS_ALONE:
            yield Quotation(QuotationKind.DIRECT, each.words, None, name)


def _full_names(masked: str) -> dict[str, tuple[int, str]]:
    """By its last word, the first full name in the reporter's words that ends so, with its place."""
    names: dict[str, tuple[int, str]] = {}
    for match in _FULL_NAME.finditer(masked):
        name = _POSSESSOR.sub("", " ".join(match[0].split()))
        first, _, rest = name.partition(" ")
        name = rest if first in _NO_NAME.split("|") else name
        if " " in name:
            names.setdefault(name.rpartition(" ")[2], (match.start(), name))
    return names


def _speaker_name(masked: str, speaker: Span, names: dict[str, tuple[int, str]], before: list[Quotation]) -> str | None:
    said = " ".join(masked[speaker.start : speaker.end].split())
    if re.fullmatch(_PRONOUN, said):
        return _antecedent(masked, speaker, before)
    place, name = names.get(said.rpartition(" ")[2], (speaker.start, said))
    return name if place < speaker.start and name.endswith(said) else _POSSESSOR.sub("", said)


def _antecedent(masked: str, speaker: Span, before: list[Quotation]) -> str | None:
    """The last speaker, when it is near and nobody else was named since."""
    if not before:
        return None
    between = masked[before[-1].words.end : speaker.start]
    near = between.count("\n\n") <= 1 and _FULL_NAME.search(between) is None
    return before[-1].speaker_name if near else None
