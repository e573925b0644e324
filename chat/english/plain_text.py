"""One spelling for marks, dashes, spaces and word forms, so that two texts can be compared."""

import re
from functools import lru_cache

_MARKS = str.maketrans(
    dict.fromkeys("“”„‟«»″＂", '"')
    | dict.fromkeys("‘’‚‛′ʼ`´", "'")
    | dict.fromkeys("‐‑‒–—―−", "-")
    | {"…": "...", "\u00ad": "", "\u200b": "", "\ufeff": ""}
)
_LONG_DASH = re.compile(r"\s*--+\s*|\s+-+\s+|\s*[—―]\s*")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_](?:[\w'.-]*[^\W_])?")
_IRREGULAR = {
    form: base
    for base, forms in {
        "say": "said says saying", "tell": "told", "rise": "rose risen", "fall": "fell fallen", "win": "won",
        "lose": "lost", "buy": "bought", "sell": "sold", "take": "took taken", "give": "gave given", "hold": "held",
        "leave": "left", "begin": "began begun", "come": "came", "become": "became", "find": "found", "keep": "kept",
        "make": "made", "pay": "paid", "see": "saw seen", "send": "sent", "show": "shown", "speak": "spoke spoken",
        "think": "thought", "drive": "drove driven", "grow": "grew grown", "know": "knew known", "meet": "met",
        "run": "ran", "choose": "chose chosen", "build": "built", "lead": "led", "mean": "meant",
        "die": "dead death died", "person": "people", "woman": "women", "man": "men", "child": "children",
    }.items()
    for form in forms.split()
}  # fmt: skip
_ENDINGS = re.compile(r"(?:ies|ied|ing|edly|ed|es|ly|s|e|y|er|ers)$")
_FUNCTION_WORDS = frozenset(
    "a about after again all also although among an and any are around as at away be because been before being both "
    "but by can could did do does during each few for from had has have he her here him his how however if in into is "
    "it its just last later least many may might more most much must next no none nor not of off on once only onto or "
    "other our out over own per rather she should since so some still such than that the their them then there these "
    "they this those though through to too under until up us was we were what when where whereas which while who whom "
    "whose why one two three four five six seven eight nine ten will with within would year yesterday today yet you "
    "your i me my".split()
)


def plain(text: str) -> str:
    """The text with straight marks, short dashes and single spaces."""
    return _SPACE.sub(" ", _LONG_DASH.sub(" - ", text).translate(_MARKS)).strip()


def words(text: str) -> list[str]:
    """The words of a plain text, as they are written, without the genitive."""
    return [word.removesuffix("'s") for word in _WORD.findall(text)]


def is_function_word(word: str) -> bool:
    """Whether a word, in any case, carries grammar and not content."""
    return word.lower() in _FUNCTION_WORDS


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A rough common form of one word's inflections; only for comparing."""
    word = word.lower()
    word = _IRREGULAR.get(word, word)
    if len(word) < 5:
        return word.removesuffix("s") if len(word) == 4 and not word.endswith("ss") else word
    short = _ENDINGS.sub("", word)
    return short[:-1] if len(short) > 4 and short[-1] == short[-2] else short


def content_stems(text: str) -> frozenset[str]:
    """The stems of the words of a plain text that carry content; compounds count by their parts."""
    return frozenset().union(*map(_content_stems_of_word, words(text)))


@lru_cache(maxsize=8192)
def _content_stems_of_word(word: str) -> frozenset[str]:
    parts = (part for part in word.split("-") if part and not part.isdigit())
    return frozenset(stem(part) for part in parts if not is_function_word(part))
