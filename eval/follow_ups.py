"""Ways of asking a follow-up: what of the turns before it is searched for; and questions that change the subject."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice

from eval.datasets.form import Dataset, EvalQuestion
from eval.errors import EvalError

Ask = Callable[[EvalQuestion], EvalQuestion]
_TURNS_BEFORE = 2


def _as_one_text(turns: int | None) -> Ask:
    """With so many of the turns before, or all, written before the last one and the conversation forgotten."""

    def ask(question: EvalQuestion) -> EvalQuestion:
        before = [asked for asked, _ in question.earlier]
        kept = before if turns is None else before[len(before) - turns :]
        return replace(question, text=" ".join([*kept, question.text]), earlier=())

    return ask


def _as_it_is(question: EvalQuestion) -> EvalQuestion:
    return question


WAYS: dict[str, Ask] = {
    "Dateline": _as_it_is,
    "last turn": _as_one_text(0),
    "last two turns": _as_one_text(1),
    "whole conversation": _as_one_text(None),
}


def follow_ups_of(dataset: Dataset) -> Dataset:
    """The questions of a set that follow another and that some article answers; raises EvalError for none."""
    kept = tuple(one for one in dataset.questions if one.earlier and one.answerable and one.gold)
    if not kept:
        raise EvalError(f"no question of {dataset.name} follows another; give a file of conversations, such as MTRAG's")
    return replace(dataset, questions=kept)


def changes_of_subject(dataset: Dataset) -> Dataset:
    """The questions of a set that follow none, each after two others about other articles; raises EvalError for few."""
    alone = [one for one in dataset.questions if not one.earlier and one.answerable and one.gold]
    kept = tuple(replace(one, earlier=_other_turns(at, alone)) for at, one in enumerate(alone))
    if not all(len(one.earlier) == _TURNS_BEFORE for one in kept) or not kept:
        raise EvalError(f"{dataset.name} has too few questions about different articles to ask them after one another")
    return replace(dataset, questions=kept)


def _other_turns(at: int, questions: Sequence[EvalQuestion]) -> tuple[tuple[str, str], ...]:
    """The next questions about other articles, from half of the set further on, each with what answers it."""
    start, own = at + len(questions) // 2, {gold.article_id for gold in questions[at].gold}
    around = (questions[(start + step) % len(questions)] for step in range(len(questions)))
    others = (one for one in around if own.isdisjoint(gold.article_id for gold in one.gold))
    return tuple((one.text, _answer_to(one)) for one in islice(others, _TURNS_BEFORE))


def _answer_to(question: EvalQuestion) -> str:
    sentences = (gold.sentence for gold in question.gold if gold.sentence)
    return next(sentences, None) or next(iter(question.answers), "")
