"""An optional second check of written sentences: whether an NLI cross-encoder finds that the evidence entails them."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from chat.answer import Evidence, Support
from chat.checking.problems import Problem, ProblemKind, Verification
from chat.errors import LanguageModelError
from chat.texts.notices import NoticeKind, because
from indexer.embedding.places import HUB, place_of

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


@dataclass(frozen=True, slots=True)
class Reading:
    """The probabilities that a premise entails a hypothesis, leaves it open or denies it; together 1."""

    entailment: float
    neutral: float
    contradiction: float


ReadPairs = Callable[[Sequence[tuple[str, str]]], Sequence[Reading]]  # pairs of a premise and a hypothesis


@dataclass(frozen=True, slots=True)
class NliModel:
    """A model of natural language inference (Bowman et al. 2015)."""

    name: str  # as a receipt has it: of a folder only its own name
    read: ReadPairs  # raises LanguageModelError


_DENIED = 0.5  # more probable than the two others together
_PROBE = ("The ferry burned.", "The ferry burned.")
# What libraries raise for weights, tokenizers and configurations that are missing, damaged or do not fit together.
_FAULTS = (OSError, ValueError, RuntimeError, ImportError, LookupError)


def read_again(verification: Verification, evidence: Sequence[Evidence], read: ReadPairs) -> Verification:
    """The verification by rules, made worse where the cited evidence does not entail what they found supported."""
    if verification.support is not Support.SUPPORTED:
        return verification
    [reading] = read([(" ".join(one.text for one in evidence), verification.text)])
    if reading.contradiction > _DENIED:
        problem = Problem(ProblemKind.ENTAILMENT, verification.text, "the evidence denies it", Support.UNSUPPORTED)
    elif reading.entailment > max(reading.neutral, reading.contradiction):
        return verification
    else:
        problem = Problem(ProblemKind.ENTAILMENT, verification.text, "the evidence leaves it open", Support.WEAK)
    return Verification(problem.support, (*verification.problems, problem), verification.text)


def open_nli(spec: str) -> NliModel:
    """Open a cross-encoder from a local folder or, as `hub:OWNER/NAME`, with a download; it is tried on one pair.

    Raises LanguageModelError naming the spec and what to do. Code that comes with a model is never run.
    """
    from safetensors import SafetensorError

    place = place_of(spec)
    try:
        if place is None:
            raise LookupError("no such folder")
        model = _load(place)
    except (*_FAULTS, SafetensorError) as error:
        raise LanguageModelError(
            replace(because(NoticeKind.NO_NLI, f"{HUB}OWNER/NAME", _first_line(error)), words=(spec,))
        ) from error
    read = _Reader(spec, model)
    read([_PROBE])
    return NliModel(Path(spec).resolve().name if Path(spec).exists() else spec, read)


def _load(spec: str) -> "CrossEncoder":
    from sentence_transformers import CrossEncoder
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    # Weights of another form than safetensors are pickles, which can run code.
    load = partial(CrossEncoder, spec, device="cpu", trust_remote_code=False, model_kwargs={"use_safetensors": True})
    model: CrossEncoder
    try:
        model = load(local_files_only=True)  # without a network the hub is given up only after a minute
    except OSError:
        if Path(spec).exists():
            raise
        model = load()
    return model


class _Reader:
    """Reads with a cross-encoder, whatever the order of its labels."""

    def __init__(self, spec: str, model: "CrossEncoder") -> None:
        self._spec = spec
        self._model = model
        self._columns = _columns(spec, getattr(model.config, "id2label", None) or {})
        self._alone = threading.Lock()  # two threads cannot use one tokenizer at once

    def __call__(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        from torch.nn import Identity

        try:
            with self._alone:
                rows = self._model.predict(
                    list(pairs), activation_fn=Identity(), apply_softmax=True, show_progress_bar=False
                )
        except _FAULTS as error:
            raise LanguageModelError(because(NoticeKind.MODEL_BROKE, self._spec, _first_line(error))) from error
        return [Reading(*(float(row[column]) for column in self._columns)) for row in rows]


def _columns(spec: str, labels: Mapping[int, str]) -> tuple[int, ...]:
    """Which class of a model is which field of a Reading."""
    columns = {str(label).lower(): number for number, label in labels.items()}
    if columns.keys() != set(Reading.__slots__) or len(labels) != len(columns):
        raise LanguageModelError(
            f"the model {spec!r} has the labels {', '.join(map(str, labels.values()))}; DATELINE_NLI needs a "
            f"cross-encoder whose config.json names three, under id2label: {', '.join(Reading.__slots__)}"
        )
    return tuple(columns[name] for name in Reading.__slots__)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
