"""Ways of asking a follow-up, by how the earlier turns enter the search; and questions that change the subject."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice

from eval.datasets.form import Dataset, EvalQuestion
from eval.errors import EvalError

Ask = Callable[[EvalQuestion], EvalQuestion]
_TURNS_BEFORE = 2


def _as_one_text(turns: int | None) -> Ask:
    """The last question after that many earlier ones, or all of them, as one text without a conversation."""

    def ask(question: EvalQuestion) -> EvalQuestion:
        earlier = [asked for asked, _ in question.earlier]
        kept = earlier if turns is None else earlier[len(earlier) - turns :]
        return replace(question, text=" ".join([*kept, question.text]), earlier=())

    return ask


def _unchanged(question: EvalQuestion) -> EvalQuestion:
    return question


WAYS: dict[str, Ask] = {
    "Dateline": _unchanged,
    "last turn": _as_one_text(0),
    "last two turns": _as_one_text(1),
    "whole conversation": _as_one_text(None),
}


def follow_ups_of(dataset: Dataset) -> Dataset:
    """The follow-up questions of a set that some article answers; raises EvalError for none."""
    kept = tuple(one for one in dataset.questions if one.earlier and one.answerable and one.gold)
    if not kept:
        raise EvalError(f"{dataset.name} has no follow-up questions; give a file of conversations, such as MTRAG's")
    return replace(dataset, questions=kept)


def changes_of_subject(dataset: Dataset) -> Dataset:
    """The first questions of a set, each asked after two about other articles; raises EvalError for too few."""
    alone = [one for one in dataset.questions if not one.earlier and one.answerable and one.gold]
    kept = tuple(replace(one, earlier=_other_turns(at, alone)) for at, one in enumerate(alone))
    if not all(len(one.earlier) == _TURNS_BEFORE for one in kept) or not kept:
        raise EvalError(f"{dataset.name} has too few questions about different articles to change the subject")
    return replace(dataset, questions=kept)


def _other_turns(at: int, questions: Sequence[EvalQuestion]) -> tuple[tuple[str, str], ...]:
    """The next questions about other articles, half the set further on, each with its answer."""
    start, own = at + len(questions) // 2, {gold.article_id for gold in questions[at].gold}
    around = (questions[(start + step) % len(questions)] for step in range(len(questions)))
    others = (one for one in around if own.isdisjoint(gold.article_id for gold in one.gold))
    return tuple((one.text, _answer_to(one)) for one in islice(others, _TURNS_BEFORE))


def _answer_to(question: EvalQuestion) -> str:
    sentences = (gold.sentence for gold in question.gold if gold.sentence)
    return next(sentences, None) or next(iter(question.answers), "")
