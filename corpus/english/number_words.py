"""Number words and their values."""

from collections.abc import Iterable

ONES = {word: n for n, word in enumerate("one two three four five six seven eight nine".split(), 1)}
TEENS = {
    word: n
    for n, word in enumerate(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), 10
    )
}
TENS = {word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
SCALES = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
ORDINALS = {
    word: n
    for n, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), 1
    )
}

UP_TO_TWELVE = ONES | {word: n for word, n in TEENS.items() if n <= 12}  # those that newspapers spell out
BELOW_HUNDRED = ONES | TEENS | TENS  # without compounds: "sixty-two" is two words


def alternatives(words: Iterable[str]) -> str:
    """A pattern of these words, the longer ones first; not grouped."""
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))
