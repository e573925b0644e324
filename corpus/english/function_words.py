"""Words that carry grammar and not content."""

_GRAMMAR = frozenset(
    "a about after all also an and any are as at be been before but by can could did do does for from had has have he "
    "her his how i if in into is it its may me more most my no not of on or our out over she should so some such than "
    "that the their them then there these they this those to under up was we were what when where which who whom whose "
    "why will with would you your".split()
)
# They narrow a search ("seven", "last", "during"), but two sentences do not mean the same because both have them.
_OF_LITTLE_CONTENT = frozenset(
    "again although among around away because being both during each few here him however just last later least many "
    "might much must next none nor off once only onto other own per rather since still though through too until us "
    "whereas while within yet one two three four five six seven eight nine ten year yesterday today".split()
)
_LEFT_BY_A_TOKENIZER = frozenset("s t".split())  # of "mayor's" and "don't"

FUNCTION_WORDS = _GRAMMAR | _OF_LITTLE_CONTENT
SEARCH_STOP_WORDS = _GRAMMAR | _LEFT_BY_A_TOKENIZER | {"doing", "said"}


def is_function_word(word: str) -> bool:
    """Whether a word, in any case, carries grammar and not content."""
    return word.lower() in FUNCTION_WORDS
