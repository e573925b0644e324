"""Measures of one answer: accuracy, the first line, citations, quotations, abstention."""

import re
from collections.abc import Sequence

from chat.answer import Answer, Evidence, Sentence, Status, Support
from chat.answering.quoting import in_marks, visible
from corpus.agencies import dateline_end
from eval.bench.asking import Asked
from eval.datasets.form import EvalQuestion, Gold
from eval.measures.rankings import Values, chosen, exactly, holds_answer, holds_sentence, holds_words
from indexer.storage.archive import Archive

_EVIDENCE_DEPTHS = (1, 3, 5)
_QUOTED = re.compile(r"[“\"]([^”\"]+)[”\"]")
_QUOTED_WORDS = 3  # fewer are a name or a term rather than a quotation


def answer_values(asked: Asked, archive: Archive) -> Values:
    """Every measure that is defined for the question and its answer.

    Abstention recall is defined for questions without an answer, abstention precision for abstentions, so that their
    means over the questions that have them are the rates. An answer is in doubt when its status is uncertain or it is
    an abstention.
    """
    question, values = asked.question, Values(asked.tokens)
    if question.answerable:
        values.update(_accuracy(asked))
        values.update(_citations(asked))
    else:
        values["abstention recall"] = float(asked.abstained)
    doubt = float(asked.abstained or asked.answer.status is Status.UNCERTAIN)
    values["doubt with an answer" if question.answerable else "doubt without an answer"] = doubt
    if asked.abstained:
        values["abstention precision"] = float(not question.answerable)
    sentences = asked.answer.sentences
    if sentences:
        for name, support in (("unsupported", Support.UNSUPPORTED), ("weak", Support.WEAK)):
            values[f"{name} sentences"] = sum(one.support is support for one in sentences) / len(sentences)
        exact = [exact_quotation(one, archive) for one in sentences]
        quoting = [one for one in exact if one is not None]
        if quoting:
            values["quotation exactness"] = sum(quoting) / len(quoting)
    return values


def accepted(question: EvalQuestion, text: str) -> bool:
    """Whether a text gives the answer: every item of a list, one accepted answer per part, or any accepted answer."""
    if question.all_answers:
        return all(holds_answer(text, answer) for answer in question.answers)
    parts: dict[int, list[str]] = {}
    for gold in question.gold:
        found = [answer for answer in question.answers if gold.sentence and holds_answer(gold.sentence, answer)]
        parts.setdefault(gold.part, []).extend(found)
    wanted = [answers for answers in parts.values() if answers] if len(parts) > 1 else [list(question.answers)]
    return all(any(holds_answer(text, answer) for answer in answers) for answers in wanted)


def chosen_right(question: EvalQuestion, text: str) -> bool:
    """Whether a text contains the right one of the choices and no other."""
    found = {choice for choice in question.choices if holds_answer(text, choice)}
    return bool(found) and found <= set(question.answers)


def exact_quotation(sentence: Sentence, archive: Archive) -> bool | None:
    """Whether the quoted words are in a cited article, read from the archive; None where nothing is quoted."""
    texts = [archive.article(one.article.id, one.article.version).text for one in sentence.citations]
    spaced = [" ".join(text.split()) for text in texts]
    if sentence.support is Support.QUOTED:
        cited = sentence.citations[0].text
        candidates = (visible(cited), visible(cited[dateline_end(cited) :]))
        return any(in_marks(one) in sentence.text and any(one in text for text in spaced) for one in candidates)
    quoted = [words for words in _QUOTED.findall(sentence.text) if len(words.split()) >= _QUOTED_WORDS]
    return all(any(words.strip(" ,.") in text for text in spaced) for words in quoted) if quoted else None


def answer_text(answer: Answer) -> str:
    """The text of an answer without the labels of its quotations, whose dates would match accepted answers."""
    return "\n".join(map(_bare_text, answer.sentences))


def _bare_text(sentence: Sentence) -> str:
    if sentence.support is Support.QUOTED:
        return "\n".join(cited.text for cited in sentence.citations)
    return sentence.text


def first_line_values(question: EvalQuestion, sentences: Sequence[Sentence]) -> Values:
    """Whether the first sentence has the accepted answer, only a known wrong one, or neither; one of three is 1."""
    text = _bare_text(sentences[0]) if sentences else ""
    right = accepted(question, text)
    wrong_ones = (*question.wrong, *(choice for choice in question.choices if choice not in question.answers))
    wrong = not right and any(holds_answer(text, one) for one in wrong_ones)
    return {
        "first line right": float(right),
        "first line wrong": float(wrong),
        "first line absent": float(not right and not wrong),
    }


def _accuracy(asked: Asked) -> Values:
    question, text = asked.question, answer_text(asked.answer)
    if not question.answers:
        return {}
    written = [one.text for one in asked.answer.sentences if one.support is Support.SUPPORTED]
    values = {
        "accuracy": float(accepted(question, text)),
        **({"right where written": _holds_words(question, "\n".join(written))} if written else {}),
        "answer words": _holds_words(question, text),
        "exact match": float(exactly(text, question.answers)),
        **first_line_values(question, asked.answer.sentences),
    }
    if question.choices:
        values["choice"] = float(chosen_right(question, text))
        best = chosen(question.choices, [one.text for one in asked.reached])
        values["choice by evidence"] = sum(one in question.answers for one in best) / len(best)
    for depth in _EVIDENCE_DEPTHS:
        gathered = "\n".join(one.text for one in asked.gathered[:depth])
        values[f"answer in evidence@{depth}"] = float(accepted(question, gathered))
        values[f"answer words in evidence@{depth}"] = _holds_words(question, gathered)
    return values


def _holds_words(question: EvalQuestion, text: str) -> float:
    found = (holds_words(text, answer) for answer in question.answers)
    return float(all(found) if question.all_answers else any(found))


def _citations(asked: Asked) -> Values:
    gold = asked.question.gold
    if not gold:
        return {}
    cited = {(one.article.id, one.start): one for sentence in asked.answer.sentences for one in sentence.citations}
    parts: dict[int, bool] = {}
    for judged in gold:
        covered = any(is_gold(one, judged) for one in cited.values())
        parts[judged.part] = parts.get(judged.part, False) or covered
    values = {"citation recall": sum(parts.values()) / len(parts)}
    if cited:
        right = sum(any(is_gold(one, judged) for judged in gold) for one in cited.values())
        values["citation precision"] = right / len(cited)
    return values


def is_gold(evidence: Evidence, gold: Gold) -> bool:
    """Whether evidence is gold: by the sentence where the gold has one, otherwise by the article."""
    if evidence.article.id != gold.article_id:
        return False
    if gold.sentence is None:
        return gold.grade > 0
    return holds_sentence(evidence.text, gold.sentence) or holds_sentence(gold.sentence, evidence.text)
