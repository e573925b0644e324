"""Segmenting: text of scripts that write no spaces as overlapping pieces of words, which an analyser takes for words.

Pairs of characters for Chinese, Japanese and Korean and triples for Thai, Lao, Burmese and Khmer, as Lucene's
CJKAnalyzer has them (Luk and Kwok 2002, "A comparison of Chinese document indexing strategies and retrieval models").
Names that are in no dictionary are found, too.
"""

import re

_PAIRED = (
    "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003134f"
)
_TRIPLED = "\u0e01-\u0e3e\u0e40-\u0e4f\u0e81-\u0ecf\u1000-\u103f\u1050-\u109f\u1780-\u17d3"
_RUN = re.compile(f"(?P<paired>[{_PAIRED}]+)|[{_TRIPLED}]+")
_HIRAGANA = re.compile("[\u3040-\u309f]+")
# What a question asks with, and particles: no report has them because a question does.
_ASKING = re.compile(
    "为什么|為什麼|什么时候|什麼時候|什么|什麼|怎么样|怎麼樣|怎么|怎麼|怎样|怎樣|如何|哪里|哪裡|哪儿|哪个|哪個|哪些|哪|何时|何時|谁|誰|多少|几个|幾個"
    "|多久|是否|吗|嗎|呢|的|なぜ|どうして|どこ|だれ|いつ|どの|どれ|どう|いくら|いくつ|何人|何が|何を|ですか|ますか|ましたか|でしたか"
    "|왜|어디|누가|누구|언제|무엇|얼마|몇|어떻게"
    "|ทำไม|อะไร|ที่ไหน|เมื่อไร|เมื่อไหร่|เมื่อใด|เท่าไร|เท่าไหร่|อย่างไร|ใคร|หรือไม่|ไหม|กี่"
)


def segmented(text: str) -> str:
    """The text with every run of such a script as pieces between spaces; all other text as it is."""
    return text if text.isascii() else _RUN.sub(_pieces, text)


def without_asking(text: str) -> str:
    """The text without the words of these languages that only ask."""
    if text.isascii():
        return text
    return _RUN.sub(lambda run: _HIRAGANA.sub(_long, _ASKING.sub(" ", run[0])), text)


def _pieces(run: re.Match[str]) -> str:
    length, characters = 2 if run["paired"] else 3, run[0]
    pieces = [characters[at : at + length] for at in range(max(1, len(characters) - length + 1))]
    return f" {' '.join(pieces)} "


def _long(hiragana: re.Match[str]) -> str:
    """Of a run of hiragana up to three letters nothing: they are particles and endings."""
    return hiragana[0] if len(hiragana[0]) > 3 else " "
