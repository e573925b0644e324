"""Measures of rankings and of texts, question by question."""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

import ir_measures

from corpus.english.function_words import is_function_word
from indexer.search.stemming import stem

_LATER = 0.9  # the weight of a text relative to the one before it, when choices are scored
_NUMBER_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_DIGITS = {word: str(number) for number, word in enumerate(_NUMBER_WORDS)}
ARTICLE_MEASURES = ("nDCG@10", "RR@10", "Success@1", "Success@4", "Success@10", "R@5", "R@10", "AP")
STORY_MEASURES = ("RR@10", "Success@1", "Success@4", "Success@10")
PASSAGE_MEASURES = ("nDCG@10", "RR@10", "Success@1", "Success@4", "Success@10", "R@10")

Values = dict[str, float]


def measure(
    names: Sequence[str], judgements: Mapping[str, Mapping[str, int]], rankings: Mapping[str, Sequence[str]]
) -> dict[str, Values]:
    """Each measure, by its ir_measures name, for each judged question; a question without a ranking scores zero.

    A ranking lists each result once, best first; the caller has broken all ties.
    """
    parsed = [ir_measures.parse_measure(name) for name in names]
    qrels = {question: dict(judged) for question, judged in judgements.items()}
    run = {question: _scores(rankings.get(question, ())) for question in qrels}
    values: dict[str, Values] = {question: dict.fromkeys(names, 0.0) for question in qrels}
    for metric in ir_measures.iter_calc(parsed, qrels, run):
        values[metric.query_id][str(metric.measure)] = float(metric.value)
    return values


def _scores(ranking: Sequence[str]) -> dict[str, float]:
    return {found: float(len(ranking) - at) for at, found in enumerate(ranking)}


def first_each(items: Sequence[str]) -> list[str]:
    """Items at their best rank, which turns the articles of passages into a ranking of articles."""
    return list(dict.fromkeys(items))


def subtopic_recall(parts: Mapping[int, Collection[str]], ranking: Sequence[str], depth: int) -> float:
    """The share of an answer's parts covered by the first `depth` results (Zhai, Cohen & Lafferty 2003)."""
    found = set(ranking[:depth])
    return sum(not found.isdisjoint(covering) for covering in parts.values()) / len(parts)


def multihop_measures(facts: Sequence[str], texts: Sequence[str]) -> Values:
    """Hits@4, Hits@10, MAP@10 and MRR@10 as the script published with MultiHop-RAG computes them.

    Its MAP is not average precision: at each rank it adds the number of new facts divided by the rank.
    """
    wanted = [_without_spaces(fact) for fact in facts]
    ranked = [_without_spaces(text) for text in texts[:10]]
    holding = [{fact for fact in wanted if fact in text} for text in ranked]
    ranks = [rank for rank, found in enumerate(holding, start=1) if found]
    first = ranks[0] if ranks else math.inf
    seen: set[str] = set()
    total = 0.0
    for rank, found in enumerate(holding, start=1):
        total += len(found - seen) / rank
        seen |= found
    return {
        "Hits@4": float(first <= 4),
        "Hits@10": float(first <= 10),
        "MAP@10": total / min(len(wanted), 10),
        "MRR@10": 1.0 / first,
    }


def _without_spaces(text: str) -> str:
    return text.replace(" ", "").replace("\n", "")


def holds_sentence(text: str, sentence: str) -> bool:
    """Whether a text contains a sentence, ignoring white space."""
    return "".join(sentence.split()) in "".join(text.split())


def holds_answer(text: str, answer: str) -> bool:
    """Whether a text contains an accepted answer as whole words, ignoring case, spacing and outer quotation marks."""
    return bool(_answer_pattern(answer).search(" ".join(text.split())))


def exactly(text: str, answers: Sequence[str]) -> bool:
    """Whether a text is an accepted answer and nothing else, compared as SQuAD does (Rajpurkar et al. 2016)."""
    return _bare(text) in {_bare(answer) for answer in answers}


def _bare(text: str) -> str:
    """Lower case, without punctuation, articles and repeated spaces."""
    words = re.sub(r"[^\w\s]", "", text.lower()).split()
    return " ".join(word for word in words if word not in ("a", "an", "the"))


def holds_words(text: str, answer: str) -> bool:
    """Whether a text contains every content word of an answer, in any order and form: "six" matches 6."""
    return _words_of(answer) <= _words_of(text)


@lru_cache(maxsize=10_000)
def _words_of(text: str) -> frozenset[str]:
    whole = re.sub(r"(?<=\d),(?=\d)", "", text.lower())
    found = re.findall(r"\d[\d.]*\d|\w+", re.sub(r"['’]s\b", "", whole))
    words = [_DIGITS.get(word, word) for word in found]
    return frozenset(map(stem, [word for word in words if not is_function_word(word)] or words))


def chosen(choices: Sequence[str], texts: Sequence[str]) -> list[str]:
    """The choices that the texts support best, earlier texts counting more; several on a tie.

    The share of a choice's words found in a text is squared, so that one text with all of them scores higher than
    several with some.
    """
    score = {one: sum(_share(one, text) ** 2 * _LATER**at for at, text in enumerate(texts)) for one in choices}
    return [choice for choice in choices if score[choice] == max(score.values())]


def _share(choice: str, text: str) -> float:
    """The share of a choice's words found in a text."""
    words = _words_of(choice)
    return len(words & _words_of(text)) / len(words) if words else 0.0


@lru_cache(maxsize=10_000)
def _answer_pattern(answer: str) -> re.Pattern[str]:
    """A number does not match inside a longer one: 5.9 is neither in 15.9 nor in 5.91."""
    words = " ".join(answer.strip().strip("\"'“”‘’").split())
    return re.compile(rf"(?<!\w)(?<!\d[.,]){re.escape(words)}(?!\w|[.,]\d)", re.IGNORECASE)


def risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> list[tuple[float, float]]:
    """(coverage, risk) as less and less confident answers are included (El-Yaniv & Wiener 2010).

    Equal confidences enter together, so that their order does not matter.
    """
    curve: list[tuple[float, float]] = []
    ordered = sorted(zip(confidences, right, strict=True), key=lambda pair: -pair[0])
    wrong = 0
    for answered, (confidence, is_right) in enumerate(ordered, start=1):
        wrong += not is_right
        if answered == len(ordered) or ordered[answered][0] != confidence:
            curve.append((answered / len(ordered), wrong / answered))
    return curve


def area_under_roc(scores: Sequence[float], positive: Sequence[bool]) -> float:
    """The probability that a positive scores higher than a negative, ties counting half; nan where one is missing."""
    ups = [score for score, is_positive in zip(scores, positive, strict=True) if is_positive]
    downs = [score for score, is_positive in zip(scores, positive, strict=True) if not is_positive]
    if not ups or not downs:
        return math.nan
    return sum((up > down) + 0.5 * (up == down) for up in ups for down in downs) / (len(ups) * len(downs))


def area_under_risk(curve: Sequence[tuple[float, float]]) -> float:
    """The area under the curve, which is the mean risk over all coverages; lower is better."""
    area, before = 0.0, 0.0
    for coverage, risk in curve:
        area += (coverage - before) * risk
        before = coverage
    return area
