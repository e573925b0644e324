"""Seeded true, altered and quoting sentences made from the sample archive, to measure the verifying of answers."""

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from chat.answer import Evidence
from corpus.article import Article, new_article
from corpus.sentences import split_sentences

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "corpus" / "sample"
WIKINEWS = ROOT.parent / "shared" / "data" / "wikinews.jsonl"
KINDS = ("number", "name", "date", "negation", "attribution")


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence, the evidence that it cites, and how it came about: `kind` is "true" or what was altered."""

    text: str
    evidence: Evidence
    kind: str
    held_out: bool


def sample_articles() -> dict[str, Article]:
    """The articles of corpus/sample by their path below it."""
    files = (file for file in sorted(SAMPLE.glob("*/*.md")) if file.name != "README.md")
    return {file.relative_to(SAMPLE).as_posix(): _read(file) for file in files}


def _read(file: Path) -> Article:
    _, head, body = file.read_text(encoding="utf-8").split("---\n", 2)
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return new_article(
        title=fields["title"],
        text=body,
        source=fields["source"],
        url=fields["url"],
        authors=tuple(re.findall(r"[A-Z][^,\]]+", fields["authors"])),
        published_at=datetime.fromisoformat(fields["published_at"].replace("Z", "+00:00")),
    )


def wikinews_articles() -> Iterator[Article]:
    """The news of the development set, where it is present."""
    if WIKINEWS.exists():
        for line in WIKINEWS.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            moment = datetime.fromisoformat(record["date"]).replace(tzinfo=UTC)
            yield new_article(title=record["title"], text=record["text"], source="Wikinews", published_at=moment)


def cite(article: Article, words: str) -> Evidence:
    """The first place of these words in an article as evidence number 1."""
    start = article.text.index(words)
    return Evidence(1, article, start, start + len(words))


def paraphrases() -> list[Case]:
    """The hand-written paraphrases; every second one is held out."""
    articles = sample_articles()
    lines = (ROOT / "tests" / "paraphrases.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [
        Case(row["paraphrase"], cite(articles[row["article"]], row["evidence"]), "true", number % 2 == 1)
        for number, row in enumerate(rows)
    ]


def sample_sentences() -> list[Case]:
    """The sentences of the sample of middling length without quotation marks, each as its own evidence."""
    cases: list[Case] = []
    for article in sample_articles().values():
        for start, end in split_sentences(article.text):
            text = article.text[start:end]
            if 60 < end - start < 260 and not re.search(r"[\"“”]|^\(?CPA|\(CPA\)", text):
                cases.append(Case(text, Evidence(1, article, start, end), "true", len(cases) % 2 == 1))
    return cases


# Transformations that keep a sentence true. Each returns the text unchanged where it does not apply.

_NUMBER_WORDS = dict(
    zip(
        (
            "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty ninety"
        ).split(),
        "2 3 4 5 6 7 8 9 10 11 12 15 20 30 40 50 60 90".split(),
        strict=True,
    )
)
_MONTH = "January|February|March|April|June|July|August|September|October|November|December"
_SHORTER = (
    (r"\bkilometres\b", "km"),
    (r"(?<=\d) per ?cent\b", "%"),
    (r"\bUnited Nations\b", "UN"),
    (r"\bEuropean Union\b", "EU"),
    (r"\bUnited States\b", "U.S."),
    (r"\bmore than\b(?= \d)", "over"),
    (r"\babout\b(?= [\d$£])", "around"),
    (r"\bkilograms\b", "kg"),
)


def _digits(text: str) -> str:
    pattern = rf"(?<![\w-])({'|'.join(_NUMBER_WORDS)})(?= [a-z])(?! (?:of|to|and|or|days? later)\b)"
    return re.sub(pattern, lambda found: _NUMBER_WORDS[found[1]], text)


def _spelled(text: str) -> str:
    words = {digits: word for word, digits in _NUMBER_WORDS.items()}
    return re.sub(
        r"(?<![\w$£.,:-])(\d{1,2})(?= [a-z]{3,})(?! per\b)", lambda found: words.get(found[1], found[1]), text
    )


def _month_first(text: str) -> str:
    return re.sub(rf"\b(\d{{1,2}}) ({_MONTH})\b(?! \d)", r"\2 \1", text)


def _shorter(text: str) -> str:
    for pattern, short in _SHORTER:
        text = re.sub(pattern, short, text)
    return text


def _without_an_aside(text: str) -> str:
    return re.sub(r", (?:which|who|where) [^,;\"]+, ", " ", re.sub(r" \([^)]*\)", "", text), count=1)


def _day_in_front(text: str) -> str:
    found = re.search(rf" (on (?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\d{{1,2}} (?:{_MONTH})))(?=\.$)", text)
    if (
        found is None
        or re.search(r"[,;]|\b(?:said|that|which|who|since|until|from|before|after|when)\b", text)
        or text == _lower(text)
    ):
        return text
    return f"O{found[1][1:]} {_lower(text[: found.start()])}."


def _lower(text: str) -> str:
    first = text.split(" ", 1)[0]
    return (
        text[0].lower() + text[1:]
        if first in ("The", "A", "An", "It", "He", "She", "They", "In", "His", "Her")
        else text
    )


def _speaker_in_front(text: str) -> str:
    found = re.fullmatch(r"([^,;\"]+(?:, [^,;\"]+)?), ([A-Z][\w ]+|the [a-z ]+|she|he|it) said\.", text)
    if found is None:
        return text
    return f"{found[2][0].upper()}{found[2][1:]} said that {_lower(found[1])}."


def _speaker_behind(text: str) -> str:
    found = re.fullmatch(r"([A-Z][\w' ]{3,40}) said (?:that )?([^,;\"]+)\.", text)
    return f"{found[2][0].upper()}{found[2][1:]}, according to {_lower(found[1])}." if found else text


KEEPING: tuple[Callable[[str], str], ...] = (
    _digits, _spelled, _month_first, _shorter, _without_an_aside, _day_in_front, _speaker_in_front, _speaker_behind,
)  # fmt: skip


def keep_true(text: str, rng: random.Random) -> str:
    """The sentence said otherwise, by up to three transformations that keep it true."""
    for transform in rng.sample(KEEPING, len(KEEPING)):
        text = transform(text)
    return text


def true_cases(count: int, *, held_out: bool, seed: int = 7) -> list[Case]:
    """The hand-written paraphrases of one half, then sentences derived from them and from the archive's own."""
    rng = random.Random(f"{seed} {held_out}")
    written = [case for case in paraphrases() if case.held_out is held_out]
    derived = [
        replace(case, text=text) for case in written for text in {keep_true(case.text, rng)} if text != case.text
    ]
    others = [case for case in sample_sentences() if case.held_out is held_out]
    rng.shuffle(others)
    derived += [replace(case, text=text) for case in others if (text := keep_true(case.text, rng)) != case.text]
    return (written + derived)[:count]


# Alterations: each returns a sentence that its evidence does not hold, or None where it does not apply.

_NAME = re.compile(r"(?<=[a-z,] )(?:[A-Z][\w'’-]+)(?: [A-Z][\w'’-]+)*(?!\w)")
_NOT_NAMES = re.compile(rf"\b(?:{_MONTH}|May|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|GMT)\b")
_FLIPS = {
    "rose": "fell", "rise": "fall", "increased": "decreased", "climbed": "dropped", "up": "down", "fell": "rose",
    "slipped": "rose", "won": "lost", "beat": "lost to", "defeating": "losing to", "beating": "losing to",
    "more than": "fewer than", "over": "under", "less than": "more than", "before": "after", "after": "before",
    "accepted": "rejected", "approved": "rejected", "agreed": "refused", "refused": "agreed", "closed": "opened",
    "opened": "closed", "began": "ended", "bought": "sold", "largest": "smallest", "first": "last", "highest": "lowest",
    "against": "for", "above": "below", "launched": "scrapped", "confirmed": "denied", "remains": "resigned as",
    "stays": "resigned", "sold": "bought", "start": "stop", "biggest": "smallest", "joined": "left",
}  # fmt: skip
_SAYS = "said|says|argued|told [a-z ]+?|claimed|warned|announced|complained|argues|estimates|accused"


def alter_number(case: Case, rng: random.Random) -> str | None:
    """One number becomes another that the evidence does not have."""
    pattern = (
        rf"(?<![\w.,:-])(?:\d[\d,]*(?:\.\d+)?|(?:{'|'.join(_NUMBER_WORDS)})\b)(?![\d:])(?!st|nd|rd|th| (?:{_MONTH})\b)"
    )
    spots = [found for found in re.finditer(pattern, case.text) if not re.search(rf"(?:{_MONTH}|May) $|(?:in|since|until|by|of) $", case.text[: found.start()]) or not re.fullmatch(r"\d{1,2}|(?:19|20)\d\d", found[0])]  # fmt: skip  # noqa: E501
    if not spots:
        return None
    spot = rng.choice(spots)
    value = float(_NUMBER_WORDS.get(spot[0], spot[0]).replace(",", ""))
    for factor in rng.sample((0.4, 0.6, 0.7, 1.3, 1.5, 2.0, 3.0), 7):
        changed = _like(spot[0], max(2.0, value * factor))
        if changed and changed != spot[0] and not _has_number(case.evidence.text, changed):
            return case.text[: spot.start()] + changed + case.text[spot.end() :]
    return None


def _like(old: str, value: float) -> str:
    words = {digits: word for word, digits in _NUMBER_WORDS.items()}
    if old in _NUMBER_WORDS:
        return words.get(str(round(value)), "")
    decimals = len(old.split(".")[1]) if "." in old else 0
    return f"{value:,.{decimals}f}" if "," in old or decimals else str(round(value))


def _has_number(text: str, number: str) -> bool:
    words = {digits: word for word, digits in _NUMBER_WORDS.items()}
    forms = {number, words.get(number, number), _NUMBER_WORDS.get(number, number)}
    return any(re.search(rf"(?<![\w.,]){re.escape(form)}(?![\w])", text) for form in forms)


def alter_name(case: Case, rng: random.Random) -> str | None:
    """One name becomes another, of the same article when it has one that the evidence has not."""
    spots = [found for found in _NAME.finditer(case.text) if not _NOT_NAMES.search(found[0])]
    others = _names_of(case.evidence.article, case.evidence.text + case.text) or ["Pelham Quist"]
    if not spots:
        return None
    spot = rng.choice(spots)
    return case.text[: spot.start()] + rng.choice(others) + case.text[spot.end() :]


def _names_of(article: Article, without: str) -> list[str]:
    names = sorted({found[0] for found in _NAME.finditer(article.text) if not _NOT_NAMES.search(found[0])})
    return [name for name in names if not any(word.rstrip("s'") in without for word in name.split())]


def alter_date(case: Case, rng: random.Random) -> str | None:
    """A day, month, weekday or year becomes another one."""
    months = f"{_MONTH}|May".split("|")
    weekdays = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
    spots = [
        found
        for found in re.finditer(
            rf"\b(?:(\d{{1,2}})(?= (?:{_MONTH}|May)\b)|({_MONTH})\b|(\w+day)\b|((?:19|20)\d\d)\b)", case.text
        )
        if not found[3] or found[3] in weekdays
    ]
    if not spots:
        return None
    spot = rng.choice(spots)
    pool = (
        [str(day) for day in range(2, 29)] if spot[1] else months if spot[2] else weekdays if spot[3]
        else [str(int(spot[0]) + step) for step in (-3, -2, -1, 1, 2)]
    )  # fmt: skip
    published = case.evidence.article.published_at
    own = f"{case.evidence.text} {published:%Y %B %A} {published.day if published else ''}"
    pool = [other for other in pool if not re.search(rf"\b{other}\b", own)]
    return case.text[: spot.start()] + rng.choice(pool) + case.text[spot.end() :] if pool else None


def alter_negation(case: Case, rng: random.Random) -> str | None:
    """The sentence is denied, a denial is dropped, or one word becomes its opposite."""
    options = [
        case.text[: found.start()] + _FLIPS[found[1]] + case.text[found.end() :]
        for found in re.finditer(rf"\b({'|'.join(_FLIPS)})\b", case.text)
        if found[1] not in ("over", "up", "for") or re.match(r" [\d$£]", case.text[found.end() :])
    ]
    if found := re.search(r"\b(was|were|is|are|has|had|will|would|could|may|can)\b(?! not| be no|n't)", case.text):
        options += [case.text[: found.end()] + " not" + case.text[found.end() :]]
    if found := re.search(r"\b(?:not |never )", case.text):
        options = [case.text[: found.start()] + case.text[found.end() :]]
    return rng.choice(options) if options else None


def alter_attribution(case: Case, rng: random.Random) -> str | None:
    """What somebody says is told as a fact, or given to somebody else of the article."""
    options = []
    front = re.match(rf"(?:[A-Z][^\"]{{2,60}}? )(?:{_SAYS}) (?:that )?(?=[a-z\d$])", case.text)
    if front and not re.match(r"(?:to|of|in|on|at|by|for|from|earlier|later|last)\b", case.text[front.end() :]):
        rest = case.text[front.end() :]
        options.append(rest[0].upper() + rest[1:])
    if behind := re.search(
        rf", (?:[^,\"]{{2,50}} (?:{_SAYS})|(?:said|says) [^,\"]{{2,50}}|according to [^,\"]+)\.$", case.text
    ):
        options.append(case.text[: behind.start()] + ".")
    if opening := re.match(r"According to [^,\"]+, ", case.text):
        options.append(case.text[opening.end()].upper() + case.text[opening.end() + 1 :])
    speaker = re.search(rf"^(?:[A-Z][\w'-]+ ?){{1,3}}(?= (?:{_SAYS})\b)", case.text)
    others = _names_of(case.evidence.article, case.evidence.text + case.text)
    if speaker and others:
        options.append(rng.choice(others) + case.text[speaker.end() :])
    return rng.choice(options) if options else None


_ALTER = {
    "number": alter_number, "name": alter_name, "date": alter_date, "negation": alter_negation,
    "attribution": alter_attribution,
}  # fmt: skip


def altered_cases(count: int, *, held_out: bool, seed: int = 11) -> list[Case]:
    """As many alterations of each kind of the true sentences of one half."""
    rng = random.Random(f"{seed} {held_out}")
    true = true_cases(10_000, held_out=held_out)
    cases = []
    for kind in KINDS:
        changed = [replace(case, text=text, kind=kind) for case in true if (text := _ALTER[kind](case, rng))]
        rng.shuffle(changed)
        cases += changed[: count // len(KINDS)]
    return cases


# Quotations.

_SPEAKER = r"(?:(?:[A-Z][\w'’-]+ ){0,2}[A-Z][\w'’-]+|s?he)"
_QUOTE = r"[\"“](?P<{}>[^\"“”\n]{{15,240}})[\"”]"
_SPOKEN = re.compile(
    rf"{_QUOTE.format('q1')},? (?:said|says|asked|added|told) (?P<s1>{_SPEAKER})(?=[,. ])"
    rf"|{_QUOTE.format('q2')},? (?P<s2>{_SPEAKER}) (?:said|says|asked|added|told|wrote)\b"
    rf"|(?:(?<=[.] )|(?<=\n))(?P<s3>{_SPEAKER}) (?:said|says|stated|added)[,:]? {_QUOTE.format('q3')}"
)
_GOES_ON = re.compile(rf"[^.\n\"“”]*\. {_QUOTE.format('more')}")
_NOBODY = re.compile(
    r"^(?:The|A|An|They|It|We|I|In|On|At|But|And|Officials|Police|One|This|That|Following)\b"
    r"|^(?:Dr|Mr|Ms|Mrs|Captain|Mayor)$"
)
_PRONOUNS = ("he", "she")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A quotation with its speaker, as an article has them next to each other."""

    words: str
    speaker: str
    evidence: Evidence


def spoken(article: Article) -> list[Spoken]:
    """The quotations of an article with a speaker right beside them, whole and sentence by sentence.

    The evidence is the sentences that the words touch, so it often holds no speaker.
    """
    found = []
    for match in _SPOKEN.finditer(article.text):
        name = next(filter(None, (match["s1"], match["s2"], match["s3"])))
        quote = next(group for group in ("q1", "q2", "q3") if match[group])
        found.append(_spoken(article, match.span(quote), name, match.span()))
        found += [_spoken(article, span, name, span) for span in _sentences(article, *match.span(quote))]
        if more := _GOES_ON.match(article.text, match.end()):
            found.append(_spoken(article, more.span("more"), name, more.span("more")))
    return [each for each in found if not _NOBODY.match(each.speaker) and not re.search(r"[\[\]]", each.words)]


def _spoken(article: Article, quote: tuple[int, int], name: str, touched: tuple[int, int]) -> Spoken:
    spans = [span for span in split_sentences(article.text) if span.start < touched[1] and span.end > touched[0]]
    words = article.text[slice(*quote)].rstrip(" ,")
    speaker = name.lower() if name.lower() in _PRONOUNS else name
    return Spoken(words, speaker, Evidence(1, article, spans[0].start, spans[-1].end))


def _sentences(article: Article, start: int, end: int) -> list[tuple[int, int]]:
    """The sentences of a quotation of several, without short ones."""
    spans = [(start + span.start, start + span.end) for span in split_sentences(article.text[start:end])]
    return [span for span in spans if span[1] - span[0] > 20] if len(spans) > 1 else []


def _say(words: str, speaker: str, rng: random.Random) -> str:
    if speaker in _PRONOUNS:
        return rng.choice(('{Speaker} said: "{words}."', '"{words}," {speaker} said.')).format(
            words=words, speaker=speaker, Speaker=speaker.title()
        )
    forms = ('{0} said: "{1}."', '"{1}," said {0}.', "According to {0}, “{1}”.", '"{1}," {0} said.')
    return rng.choice(forms).format(speaker, words)


def real_quotation(each: Spoken, rng: random.Random) -> str:
    """A sentence that quotes it rightly: in one of four forms, at times with words left out or put in brackets."""
    words = each.words.rstrip(".")
    tokens = words.split()
    chance = rng.random()
    if re.search(r"n['’]t\b|\b(?:not?|never|none|nobody|nothing|neither)\b", words, re.IGNORECASE):
        chance = 1.0  # what is left out could turn the meaning
    if chance < 0.15 and len(tokens) > 9:
        words = " ".join(tokens[:4]) + rng.choice((" ... ", " […] ", "… ")) + " ".join(tokens[-4:])
    elif chance < 0.25 and len(tokens) > 6:
        words = " ".join([*tokens[:2], "[the matter]", *tokens[3:]])
    elif chance < 0.35:
        words = words.replace("'", "’").replace(" - ", " — ")
    return _say(words, each.speaker, rng)


def mutated_quotation(each: Spoken, everything: list[Spoken], kind: str, rng: random.Random) -> str:
    """A sentence that quotes it wrongly: "word", "spliced" or "speaker"."""
    words = each.words.rstrip(".")
    if kind == "word":
        return _say(_with_another_word(words, rng.choice(everything).words, rng), each.speaker, rng)
    if kind == "spliced":
        return _say(_spliced(each, everything, rng), each.speaker, rng)
    return _say(words, _another_speaker(each, everything, rng), rng)


def _with_another_word(words: str, other: str, rng: random.Random) -> str:
    tokens = words.split()
    others = [word for word in other.split() if word.isalpha() and _bare(word) not in map(_bare, tokens)]
    place = rng.randrange(len(tokens))
    return " ".join([*tokens[:place], rng.choice(others or ["otherwise"]), *tokens[place + 1 :]])


def _spliced(each: Spoken, everything: list[Spoken], rng: random.Random) -> str:
    others = [other for other in everything if other.words not in each.words and each.words not in other.words]
    others = [other for other in others if other.words not in each.evidence.text]
    near = [other for other in others if other.evidence.article is each.evidence.article]
    first, second = each.words.rstrip(".").split(), rng.choice(near or others).words.rstrip(".").split()
    glue = rng.choice((" ", " ", " ... "))
    return " ".join(first[: max(2, len(first) // 2)]) + glue + " ".join(second[-max(2, len(second) // 2) :])


def _another_speaker(each: Spoken, everything: list[Spoken], rng: random.Random) -> str:
    article = each.evidence.article
    named = [one for one in everything if one.speaker not in _PRONOUNS]
    others = [one for one in named if not set(one.speaker.split()) & set(each.speaker.split())]
    near = [one for one in others if one.evidence.article is article and each.speaker not in _PRONOUNS]
    far = [one for one in others if not any(word in article.text for word in one.speaker.split())]
    return rng.choice(near or far).speaker


def _bare(word: str) -> str:
    return re.sub(r"\W", "", word).lower()
