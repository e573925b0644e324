"""Whether the names of a sentence are in its evidence, and what it says of them."""

import re
from collections.abc import Iterator, Sequence

from chat.answer import Support
from chat.checking.plain_evidence import PlainEvidence, nearest
from chat.checking.problems import Problem, ProblemKind
from chat.checking.speaker_checks import speakers_in
from chat.english.names import KnownNames, Name, find_names, is_title
from chat.english.plain_text import content_stems

_ANAPHOR = re.compile(
    r"(?:(?:In|On|At|By|From|Since|After|Before|When|As|But|And|If) (?:\w+ ){0,3})?"
    r"(he|she|it|they|his|her|its|their|the (?:company|two|country|bank|board|group|ship|telescope))\b",
    re.IGNORECASE,
)


def name_problems(text: str, cited: Sequence[PlainEvidence], asked: str = "") -> Iterator[Problem]:
    """Names that the evidence does not have; those in the question that was `asked` may be elsewhere in its article."""
    names = list(find_names(text))
    if not names:
        return
    known = KnownNames(" ".join(f"{each.text} {each.heading}" for each in cited))
    in_question = KnownNames(asked)
    for name in names:
        missing = tuple(word for word in name.words if word not in known)
        if all(word in in_question for word in missing) and _are_in_one_article(missing, cited):
            missing = ()
        if not missing and _is_patched(name, cited):
            yield Problem(ProblemKind.NAME, str(name), "the evidence does not have the name as a whole", Support.WEAK)
        if missing and not known.has_initials_of(name) and (problem := _name_problem(name, missing, text, cited)):
            yield problem


def _are_in_one_article(names: Sequence[str], cited: Sequence[PlainEvidence]) -> bool:
    return any(
        all(name in known for name in names) for known in (KnownNames(each.evidence.article.text) for each in cited)
    )


def subject_problems(text: str, cited: Sequence[PlainEvidence]) -> Iterator[Problem]:
    """A sentence that opens with another name than the evidence does, and says the same."""
    best = nearest(content_stems(text), cited)
    mine, theirs = (next(iter(find_names(each)), None) for each in (text, best.text))
    if not (mine and theirs and text.startswith(str(mine)) and best.text.startswith(str(theirs))):
        return
    inside, said = KnownNames(best.text), KnownNames(text)
    if not any(word in inside for word in mine.words) and not any(word in said for word in theirs.words):
        yield Problem(ProblemKind.NAME, str(mine), f"the evidence says it of {theirs}", Support.WEAK)


def _is_patched(name: Name, cited: Sequence[PlainEvidence]) -> bool:
    """Whether a name joins words of the evidence with words of the title that are never together."""
    own = [word for word in name.words if not is_title(word)]
    if len(own) < 2 or any(str(name) in each.text for each in cited):
        return False
    known = KnownNames(" ".join(each.text for each in cited))
    inside = [word in known for word in own]
    return any(inside) and not all(inside) and not any(" ".join(own) in each.evidence.article.text for each in cited)


def _name_problem(name: Name, missing: tuple[str, ...], text: str, cited: Sequence[PlainEvidence]) -> Problem | None:
    missing = tuple(word for word in missing if not any(_is_implied(word, name, missing, text, each) for each in cited))
    if not missing:
        return None
    elsewhere = KnownNames(" ".join(each.evidence.article.text for each in cited))
    known = all(word in elsewhere for word in missing)
    if name.initial and any(
        re.search(rf"\b{re.escape(name.words[0].lower())}\b", each.evidence.article.text) for each in cited
    ):
        return None
    why = "is elsewhere in the article, not in the evidence" if known else "the evidence does not have the name"
    support = Support.WEAK if known or (name.initial and len(name.words) == 1) else Support.UNSUPPORTED
    return Problem(ProblemKind.NAME, " ".join(missing), why, support)


def _is_implied(word: str, name: Name, missing: tuple[str, ...], text: str, each: PlainEvidence) -> bool:
    """Whether the evidence means a name: by the rest of it, by a title, as the speaker, or by a pronoun."""
    article = each.evidence.article.text
    if is_title(word):
        return word.lower() in article.lower()
    if len(missing) < len(name.words) and str(name) in article:
        return True
    if any(word in names for names in speakers_in(each, text)):
        return True
    pronoun = _ANAPHOR.match(each.text)
    return pronoun is not None and not text.lower().startswith(pronoun[1].lower()) and word in KnownNames(each.before)
