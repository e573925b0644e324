"""Irregular verbs and plurals, whose forms no stemmer joins: "Did prices rise?" is answered by "Prices rose"."""

from indexer.search.stemming import stem

_BASES = {
    form: base
    for base, forms in {
        "say": "said", "tell": "told", "rise": "rose risen", "fall": "fell fallen", "win": "won",
        "lose": "lost", "buy": "bought", "sell": "sold", "take": "took taken", "give": "gave given", "hold": "held",
        "leave": "left", "begin": "began begun", "come": "came", "become": "became", "find": "found", "keep": "kept",
        "make": "made", "pay": "paid", "see": "saw seen", "send": "sent", "show": "shown", "speak": "spoke spoken",
        "think": "thought", "drive": "drove driven", "grow": "grew grown", "know": "knew known", "meet": "met",
        "run": "ran", "choose": "chose chosen", "build": "built", "lead": "led", "mean": "meant",
        "die": "dead death", "person": "people", "woman": "women", "man": "men", "child": "children",
    }.items()
    for form in forms.split()
}  # fmt: skip


def base_stem(word: str) -> str:
    """The stem of a word's base form: "rose" and "rises" give that of "rise"."""
    return stem(_BASES.get(word.lower(), word))
