"""Planted near-duplicates, and stories that only share a template, made from articles with a seed."""

import random
import re
from dataclasses import dataclass
from pathlib import Path

_NUMBER = re.compile(r"\d[\d.,:]*\d|\d")
_NAME_PART = r"[A-Z][\w'’-]+"
_NAME = re.compile(rf"(?<=[a-z,] ){_NAME_PART}(?: {_NAME_PART})*")
_FIRST_NAMES = (
    "Ana Boris Chidi Dana Emil Fatou Goran Hana Ivo Jun Kofi Lena Marek Nadia Omar Petra Rosa Sven Tomas Vera"
)
_LAST_NAMES = "Adler Bakke Castro Drossel Eder Farkas Gomez Hult Ito Jansen Kamara Lindt Moreau Novak Okoye Pell Quist"
_PLACES = "Alton Brevik Corran Delmar Esker Falun Gavle Hallow Istra Jarrow Kelso Lodz Mirna Norden Orsha Parla Quila"
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_TEMPLATES = """\
At least {n} people died in {place} after {cause} on {day}, the authorities said.

Another {m} people were taken to hospitals in {town}, {k} of them in a critical condition, said {name}, who
leads the emergency service there.

Rescue workers searched through the night for {l} people who were still missing. Roads into the area were closed
and schools will stay shut until {later}.

"We have never seen anything like this," {name} told reporters. The government promised {money} million dollars
in aid for the families, and flags on public buildings will fly at half-mast for {k} days.


Shares on the {place} exchange closed {n}.{m} percent higher on {day}, led by banks and miners.

The main index gained {money} points to end at {k},{money}, its best day since {later}. Volume was {l} million
shares, against an average of {m} million over the past month.

{name}, an analyst in {town}, said investors were betting that the central bank would leave interest rates where
they are when it meets on {later}. Bond yields were little changed, and the currency slipped {m} cents against
the dollar.


{place} beat {town} {k}-{m} on {day} evening in front of {n},{money} spectators.

The home side went ahead after {l} minutes through {name}, who scored the goal of the evening from outside the
penalty area. The visitors hit the post twice in the second half, but the defence held until the final whistle.

The coach said the players had earned the win with patience. The two sides meet again on {later}, and the
winners will go on to a semi-final that is expected to draw a crowd of {money},000.


An earthquake of magnitude {k}.{m} struck {n} kilometres off {place} on {day}, the geological survey said.

It was felt as far away as {town}, {money} kilometres inland, where people ran into the streets. No tsunami
warning was issued, and there were no reports of serious damage, said {name} of the civil protection agency.

The quake was {l} kilometres deep and was followed by {m} aftershocks within the hour. The region was last hit
by a strong earthquake on a {later}, when {n} houses lost their roofs and a bridge was closed for repairs.
""".strip().split("\n\n\n")
_CAUSES = ["a bus left the road", "a river burst its banks", "a storm tore through", "a fire swept a market"]
_AGENCIES = ["AFP", "AP", "Reuters", "CPA", "dpa"]
_LOCAL = (
    "In {place}, {name} of the local council said that {n} families with relatives in the region had asked for news. "
    "A collection in the town hall on {day} brought in {money} dollars within {m} hours, and a second is planned."
)


@dataclass(frozen=True, slots=True)
class Planted:
    """A pair of texts, and whether the second is a copy of the first or another story that looks like it."""

    kind: str
    one: str
    other: str
    same: bool


def sample_texts(folder: Path) -> list[str]:
    """The bodies of the Markdown articles below a folder, without their front matter, in the order of their paths."""
    pages = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.md"))]
    return [page.split("---\n", 2)[2].strip() for page in pages if page.startswith("---\n")]


def planted_pairs(texts: list[str], seed: int, count: int) -> list[Planted]:
    """`count` pairs of copies of all kinds and as many hard negatives, every pair a story of its own.

    The same few texts serve as templates of all stories, so that any two pairs can be mistaken for each other as well.
    """
    chance = random.Random(seed)
    copies = [_copy(kind, _retold(chance.choice(texts), chance), chance) for kind in _kinds(_COPIES, count)]
    negatives = [_hard_negative(kind, texts, chance) for kind in _kinds(_NEGATIVES, count)]
    return copies + negatives


_COPIES = ["reheadlined", "trimmed", "localised", "re-agencied", "trimmed and localised"]
_NEGATIVES = ["retold article", "filled template", "number changed", "two facts changed", "four facts changed"]


def _kinds(kinds: list[str], count: int) -> list[str]:
    return [kinds[number % len(kinds)] for number in range(count)]


def _copy(kind: str, story: str, chance: random.Random) -> Planted:
    agency, other_agency = chance.sample(_AGENCIES, 2)
    place = chance.choice(_PLACES.split()).upper()
    one = f"{place} ({agency}) - {story}"
    copy = story
    if kind == "reheadlined":
        copy = _new_lead(copy, chance)
    if "trimmed" in kind:
        copy = _trimmed(copy, 0.6)
    if "localised" in kind:
        copy = _with_local_paragraph(copy, chance)
    if kind == "re-agencied":
        one = one.replace(" said", f" told {agency}", 1)
        copy = copy.replace(" said", f" told {other_agency}", 1).replace('"', "”").replace(" percent", " per cent")
    copy = _copy_edited(copy, chance)
    dateline = chance.choice([f"{place} ({other_agency}) — ", f"{place} — ", f"By {other_agency}\n\n", ""])
    return Planted(kind, one, dateline + copy, same=True)


def _hard_negative(kind: str, texts: list[str], chance: random.Random) -> Planted:
    if kind == "retold article":
        text = _retold(chance.choice(texts), chance)
        return Planted(kind, text, _retold(text, chance), same=False)
    if kind.endswith("changed"):
        text = _retold(chance.choice([text for text in texts if len(_NUMBER.findall(text)) > 3]), chance)
        numbers, names = {"number": (1, 0), "two": (1, 1), "four": (2, 2)}[kind.partition(" ")[0]]
        return Planted(kind, text, _with_other_facts(text, numbers, names, chance), same=False)
    template = chance.choice(_TEMPLATES)
    return Planted(kind, _filled(template, chance), _filled(template, chance), same=False)


def _with_other_facts(text: str, changed_numbers: int, changed_names: int, chance: random.Random) -> str:
    """The text with so many numbers and names changed, each wherever it occurs."""
    numbers, names = sorted(set(_NUMBER.findall(text))), sorted(set(_NAME.findall(text)))
    changes = {number: _other_number(number, chance) for number in chance.sample(numbers, changed_numbers)}
    changes |= {name: _person(chance) for name in chance.sample(names, changed_names)}
    for old, new in changes.items():
        text = re.sub(rf"(?<![\w.,]){re.escape(old)}(?!\w)", new, text)
    return text


def _retold(text: str, chance: random.Random) -> str:
    """The text with another number for each number and another name for each name, wherever they occur."""
    names: dict[str, str] = {}
    for name in _NAME.findall(text):
        names.setdefault(name, _person(chance) if " " in name else chance.choice(_PLACES.split()))
    pattern = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    if pattern:
        text = re.sub(rf"\b(?:{pattern})\b", lambda found: names[found[0]], text)
    return _NUMBER.sub(lambda found: _other_number(found[0], chance), text)


def _other_number(number: str, chance: random.Random) -> str:
    other = "".join(str(chance.randint(1, 9)) if character.isdigit() else character for character in number)
    return other if other != number else _other_number(number, chance)


def _person(chance: random.Random) -> str:
    return f"{chance.choice(_FIRST_NAMES.split())} {chance.choice(_LAST_NAMES.split())}"


def _filled(template: str, chance: random.Random) -> str:
    place, town = chance.sample(_PLACES.split(), 2)
    day, later = chance.sample(_DAYS.split(), 2)
    numbers = {letter: chance.randint(2, 60) for letter in "nmkl"}
    return template.format(
        place=place,
        town=town,
        day=day,
        later=later,
        name=_person(chance),
        cause=chance.choice(_CAUSES),
        money=chance.randint(100, 999),
        **numbers,
    )


def _copy_edited(text: str, chance: random.Random) -> str:
    """The text with every fiftieth word or so gone, as an editor does it; never a "not"."""
    return re.sub(
        r"(?<= )(?!(?:not|no|never)\b)[a-z]+ ", lambda found: "" if chance.random() < 0.02 else found[0], text
    )


def _new_lead(text: str, chance: random.Random) -> str:
    """The text with a desk's own sentence in front of it."""
    day = chance.choice(_DAYS.split())
    return f"Our desk reports on a story that {_person(chance)} has followed since {day}.\n\n{text}"


def _trimmed(text: str, share: float) -> str:
    """The first part of a text, cut at the end of a word."""
    words = re.split(r"(?<=\s)", text)
    return "".join(words[: round(len(words) * share)]).strip()


def _with_local_paragraph(text: str, chance: random.Random) -> str:
    paragraphs = text.split("\n\n")
    paragraphs.insert(chance.randint(1, len(paragraphs)), _filled(_LOCAL, chance))
    return "\n\n".join(paragraphs)
