"""The language of a text."""

import re
from dataclasses import replace

from corpus.article import Article

_ENOUGH = 1000  # characters
_SHORTEST = 40  # characters; less is not reliable
_CODE = re.compile(r"([a-z]{2})(?:[-_][^\W_]{1,8}){0,3}", re.IGNORECASE)
_CODES = dict(
    pair.split("=")
    for pair in (
        "english=en french=fr german=de spanish=es italian=it portuguese=pt dutch=nl russian=ru ukrainian=uk polish=pl "
        "turkish=tr arabic=ar persian=fa hebrew=he chinese=zh japanese=ja korean=ko hindi=hi indonesian=id "
        "vietnamese=vi swedish=sv danish=da norwegian=no finnish=fi czech=cs greek=el"
        " romanian=ro hungarian=hu thai=th catalan=ca"
    ).split()
)


def with_language(article: Article) -> Article:
    """The article with its language, detected when it is not declared."""
    return article if article.language else replace(article, language=detect_language(article.text))


def detect_language(text: str) -> str | None:
    """ISO 639-1 code of the language, or None when the text is too short."""
    sample = text[:_ENOUGH].strip()
    if len(sample) < _SHORTEST and sample.isascii():
        return None
    from py3langid import classify

    language, _ = classify(sample)
    return str(language)


def language_code(name: str) -> str | None:
    """`en` from `en`, `en-US` or `EN_us`; None for anything else."""
    match = _CODE.fullmatch(name.strip())
    return match[1].lower() if match else None


def language_of_name(name: str) -> str | None:
    """`en` from `English`, `ENGLISH; French` or a code; None for an unknown name."""
    return _CODES.get(re.split(r"[;,/ ]", name.strip().lower())[0]) or language_code(name)
