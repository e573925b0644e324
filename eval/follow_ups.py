"""Ways of asking a follow-up: what of the turns before it is searched for."""

from collections.abc import Callable
from dataclasses import replace

from eval.datasets.form import Dataset, EvalQuestion
from eval.errors import EvalError

Ask = Callable[[EvalQuestion], EvalQuestion]


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
