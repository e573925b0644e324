"""Find the publishers, agencies and authors of the archive that a question names.

Many names are ordinary words (Time, The Sun, The Independent), and a publisher can be what a question is about ("Why
is CNN laying off staff?"). So a name filters only beside words that make it a teller ("according to", "reported by",
"What did ... report"); without them a name that can be nothing else is preferred, and an ordinary word is left alone.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

_MANY_FORMS = 8192


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a question that name a publisher, an agency or an author."""

    start: int  # offsets into the question
    end: int
    name: str  # as the archive writes it
    firm: bool  # it is named as the teller, not just mentioned
    ordinary: bool = False  # the words may mean something else


@dataclass(frozen=True, slots=True)
class _Form:
    text: str
    lowered: str
    distinctive: bool  # cannot be an ordinary word, written as it is here
    abbreviation: bool = False


_TELLER_BEFORE = re.compile(
    r"\b(?:according to|per|citing|quoting"
    r"|(?:reported|published|written|covered|quoted|cited|told|described|carried)(?: \w+)? (?:by|in|to)"
    r"|(?:articles?|stories|story|reports?|coverage|pieces?|headlines|news|reporting|interviews?|dispatch(?:es)?)"
    r"(?: \w+)? (?:by|in|from)|only (?:by|in|from)) (?:both |either |only )?(?:the )?$",
    re.IGNORECASE,
)
_TELLER_AFTER = re.compile(
    r"(?:['\u2019]s?)? (?:reports?|reported|reporting|articles?|coverage|stor(?:y|ies)|writes|wrote|covers|covered"
    r"|correspondents?"
    r"|accounts?|headlines?)\b",
    re.IGNORECASE,
)
_ASKED_BEFORE = re.compile(r"\b(?:did|does|do|has|have|had) (?:both |either )?(?:the )?$", re.IGNORECASE)
_ASKED_AFTER = re.compile(
    r"(?: (?:and|or) [\w ]{2,40}?)? (?:have to )?"
    r"(?:report|say|tell|write|cover|publish|describe|quote|mention|put|correct|differ|agree|disagree)(?:s|d|ed)?\b",
    re.IGNORECASE,
)
_LIST_BETWEEN = re.compile(
    r"(?:['\u2019]s)?(?:,| and| or|, and|, or| with| versus| vs\.?)(?: (?:by|in|from))? (?:the )?", re.IGNORECASE
)
_SHORT_BEFORE = re.compile(
    r"\b(?:says|said|writes|wrote|reports|reported|compare|between|versus|vs\.?|in|by|from|with) the $|^the $",
    re.IGNORECASE,
)
_SHORT_AFTER = re.compile(
    r"['\u2019]s (?:report|article|coverage|stor(?:y|ies)|accounts?|version|figure|count|headline)"
    r"|:| (?:says?|said|tells?|told|ha[sd]|puts?|counts?|counted|gives?|gave|writes?|wrote|reports?|reported)\b",
    re.IGNORECASE,
)
_LONGER_NAME_AFTER = re.compile(r" [A-Z][a-z]|-\w")
_LONGER_NAME_BEFORE = re.compile(r"(?:^|\W)(?!The )[A-Z][\w'\u2019]+[ -]$")


def find_sources(text: str, names: Sequence[str]) -> tuple[Mention, ...]:
    """The publishers or agencies, of those the archive has, that `text` names, in their order."""
    lowered = text.lower()
    found = [
        mention
        for name in names
        for form in _forms(name)
        if form.lowered in lowered
        for mention in _mentions(text, name, form)
    ]
    found += _spelt_out(text, names) + _shortened(text, names)
    return _firm_lists(text, _longest(found))


@lru_cache(_MANY_FORMS)
def _forms(name: str) -> tuple[_Form, ...]:
    """The name as it stands, without its article, without its address's ends, and its initials."""
    host = re.fullmatch(r"(?:https?://)?(?:www\.)?((?:[\w-]+\.)*?([\w-]+)\.(?:co\.\w\w|\w{2,6}))/?", name)
    if host:
        return _form(host[1], distinctive=True), _form(host[2], abbreviation=len(host[2]) < 4)
    bare = re.sub(r"^the\s+|\s*\([^)]*\)$", "", name.strip(), flags=re.IGNORECASE)
    words = re.findall(r"\w+", bare)
    if len(bare) < 2 or not words:
        return ()
    short = _is_abbreviation(bare)
    forms = [_form(bare, distinctive=len(words) > 1 or short, abbreviation=short)]
    initials = "".join(word[0] for word in words if word[0].isupper())
    if len(words) > 1 and len(initials) > 1:
        forms.append(_form(initials, distinctive=len(initials) > 2, abbreviation=True))
    if re.fullmatch(r"[A-Z]{2,6} (?:News|Sports?|World|Online|Radio|TV|Newswires?)", bare):
        forms.append(_form(words[0], distinctive=True, abbreviation=True))
    return tuple(forms)


def _form(text: str, *, distinctive: bool = False, abbreviation: bool = False) -> _Form:
    return _Form(text, text.lower(), distinctive, abbreviation)


def _is_abbreviation(word: str) -> bool:
    return 2 <= len(word) <= 6 and word.isupper() and word.isalpha()


def _is_written_as_a_name(words: str, form: _Form) -> bool:
    """ "TechCrunch" and "CNN" are no ordinary words; "Time" is, and so is "TIME"."""
    return bool(re.search(r"[a-z][A-Z]", words)) or (form.abbreviation and len(words) > 2 and words.isupper())


def _mentions(text: str, name: str, form: _Form) -> Iterable[Mention]:
    pattern = rf"(?<![\w@]){re.escape(form.text)}(?!\w)"
    for match in re.finditer(pattern, text, re.IGNORECASE):
        firm = _is_teller(text, match)
        ordinary = not form.distinctive or match.group().islower()
        if form.abbreviation and not match.group().isupper() and not firm:
            continue
        if not form.abbreviation and len(form.text.split()) == 1 and _in_longer_name(text, match):
            continue
        if firm or not match.group().islower():
            yield Mention(
                match.start(), match.end(), name, firm, ordinary and not _is_written_as_a_name(match.group(), form)
            )


def _is_teller(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 60) : match.start()]
    if _TELLER_BEFORE.search(before):
        # "According to the sun's position" and "to the White House's doctor" tell of somebody else.
        return not re.match(r"['\u2019]s\b(?! (?:report|article|coverage|story|account))", text[match.end() :])
    if _ASKED_BEFORE.search(before):
        return bool(_ASKED_AFTER.match(text, match.end()))
    if match.start() == 0 and " " in match.group() and text[match.end() :].startswith(":"):
        return True
    return bool(match.group()[:1].isupper() and _TELLER_AFTER.match(text, match.end()))


def _in_longer_name(text: str, match: re.Match[str]) -> bool:
    """ "Time Warner", "New York Times" and "Sunday Times" are not Time and The Times."""
    return bool(_LONGER_NAME_AFTER.match(text, match.end()) or _LONGER_NAME_BEFORE.search(text[: match.start()]))


def _spelt_out(text: str, names: Sequence[str]) -> list[Mention]:
    """ "Agence France-Presse", where the archive writes AFP."""
    return [
        Mention(match.start(), match.end(), name, True)
        for name in names
        if len(name) > 2 and _is_abbreviation(name)
        for match in re.finditer(r"\b" + r"[ -]".join(rf"{letter}[a-z]+" for letter in name) + r"\b", text)
        if _is_teller(text, match)
    ]


def _shortened(text: str, names: Sequence[str]) -> list[Mention]:
    """ "The Courier", where the archive has one publisher whose name of several words ends so, and it is the teller."""
    return [
        Mention(match.start(), match.end(), name, _is_teller(text, match) or _is_short_teller(text, match), True)
        for last, name in _last_words(tuple(names)).items()
        if last in text
        for match in re.finditer(rf"(?:(?<=\b[Tt]he )|(?<= and )|(?<= or )){re.escape(last)}(?!\w)", text)
        if not _LONGER_NAME_AFTER.match(text, match.end())
    ]


def _is_short_teller(text: str, match: re.Match[str]) -> bool:
    return bool(_SHORT_BEFORE.search(text[: match.start()]) or _SHORT_AFTER.match(text, match.end()))


@lru_cache(maxsize=8)
def _last_words(names: tuple[str, ...]) -> Mapping[str, str]:
    """The capitalised last word of each name of several words, where it is no other's."""
    bare = {name: re.sub(r"^the\s+", "", name.strip(), flags=re.IGNORECASE).split() for name in names}
    last = [words[-1] for words in bare.values() if words]
    return {
        words[-1]: name
        for name, words in bare.items()
        if len(words) > 1 and re.fullmatch(r"[A-Z][a-z]{2,}", words[-1]) and last.count(words[-1]) == 1
    }


def _longest(mentions: Iterable[Mention]) -> list[Mention]:
    """Of overlapping mentions the longest, in the order of the text."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda each: (each.start - each.end, each.start, not each.firm)):
        if all(mention.end <= other.start or other.end <= mention.start for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda each: each.start)


def _firm_lists(text: str, mentions: list[Mention]) -> tuple[Mention, ...]:
    """What is listed with a teller is one too: "according to AFP and the Moscow Times"."""
    for here, there in [(at, at + 1) for at in range(len(mentions) - 1)]:
        first, second = mentions[here], mentions[there]
        if _LIST_BETWEEN.fullmatch(text[first.end : second.start]) and (first.firm or second.firm):
            mentions[here], mentions[there] = replace(first, firm=True), replace(second, firm=True)
    return tuple(mention for mention in mentions if mention.firm or not mention.ordinary)


def find_name(typed: str, names: Sequence[str]) -> str | None:
    """The archive's own name for what was typed: the same words, or a short form that only one name has."""
    wanted = _plain(typed)
    same = next((name for name in names if _plain(name) == wanted), None)
    if same or not wanted:
        return same
    fitting = [name for name in names if any(_plain(form.text) == wanted for form in _forms(name))]
    return fitting[0] if len(fitting) == 1 else None


def find_author(typed: str, authors: Sequence[str]) -> str | None:
    """The author whose name was typed, or the only one with that surname."""
    wanted = _plain(typed)
    fitting = [name for name in authors if wanted and _plain(name) == wanted] or [
        name for name in authors if wanted and _plain(name).split()[-1:] == [wanted]
    ]
    return fitting[0] if len(fitting) == 1 else None


def _plain(name: str) -> str:
    return re.sub(r"^the ", "", " ".join(name.casefold().split()))


_BYLINE = re.compile(
    r"\b(?:(?:articles?|stories|story|reports?|pieces?|columns?|analys[ei]s|coverage|reporting|dispatch(?:es)?"
    r"|anything|everything"
    r"|something|work)(?: [\w' ]{1,60}?)?|written|authored|reported|bylined|co-written) by (?P<by>)"
    r"|^by (?P<start>)|(?-i:[A-Z])\w+ by (?P<bare>)|\b(?:did|does|has|have) (?P<asked>)",
    re.IGNORECASE,
)
_WROTE = re.compile(r" (?:write|written|report|reported|publish|published|file|filed|cover|covered)\b", re.IGNORECASE)


def find_authors(text: str, authors: Sequence[str]) -> tuple[Mention, ...]:
    """The authors that `text` asks for ("articles by ..."); a surname serves where only one author has it."""
    found: list[Mention] = []
    for cue in _BYLINE.finditer(text):
        start: int | None = cue.end()
        while start is not None:
            mention = _author_at(text, start, authors, surnames=cue["by"] is not None)
            if mention is None or (cue["asked"] is not None and not _WROTE.match(text, mention.end)):
                break
            if mention not in found:
                found.append(mention)
            following = re.match(r"(?:,| and| or|, and)(?: by)? ", text[mention.end :])
            start = mention.end + following.end() if following else None
    return tuple(found)


def _author_at(text: str, start: int, authors: Sequence[str], *, surnames: bool) -> Mention | None:
    ahead = text[start : start + 80].casefold()
    initials = (ahead[:1], ahead[:1].upper())  # a look at one letter spares folding thousands of names
    whole = [name for name in authors if name.startswith(initials) and _begins(ahead, name.casefold())] if ahead else []
    if whole:
        name = max(whole, key=len)
        return Mention(start, start + len(name), name, True)
    if not surnames or not text[start : start + 1].isupper():
        return None
    fitting = [name for name in authors if name.split() and _begins(ahead, name.split()[-1].casefold())]
    return Mention(start, start + len(fitting[0].split()[-1]), fitting[0], True) if len(fitting) == 1 else None


def _begins(text: str, name: str) -> bool:
    return text.startswith(name) and not text[len(name) : len(name) + 1].isalnum()
