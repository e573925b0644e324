"""When to be silent: `python -m eval.silence_calibration --set sample=DIR --set own=DIR --set PATH=DIR`.

DIR is the data folder of an index of the set's articles. `sample` are the development questions of the sample, `own`
the titles and leads of the archive's own articles, PATH is any other set that `python -m eval` reads, such as MTRAG's
tasks or the RealTimeQA folder. A question whose articles are known is asked twice: as it is, and with these, their
copies and all that print the sentence that answers hidden; the second asking is left out where the rest still has
the answer's words. A logistic model is learnt over the named signals of chat.silence, each set and each of the two
outcomes weighing the same. Prints, for each set, refusal precision and recall by cross-validation over questions
and with the weights that Dateline has, the risk-coverage curve (El-Yaniv & Wiener 2010), and what is learnt.
"""

import argparse
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from chat.answer import Evidence
from chat.chatbot import Chatbot
from chat.evidence import SentenceVectors, gather_evidence
from chat.question import Question
from chat.retrieval import Hit, retrieve
from chat.silence import Signals, SilenceSettings, has_the_words, lacks_a_name_or_year, signals
from corpus.sentences import split_sentences
from eval.datasets import open_dataset
from eval.datasets.form import EvalQuestion, Gold, Place
from eval.measures import holds_answer, holds_sentence
from eval.retrieval import as_conversation, last_moment
from indexer.embedding import EmbeddingModel, open_embedding
from indexer.index import Index

Floats = npt.NDArray[np.float64]

SAMPLE, OWN = "sample", "own"
_FOLDS = 10
_PASSAGES = 8
_BEFORE_HIDING = 60  # passages
_OWN_ARTICLES = 100
_UNCLEAR = "underspecified"  # of MTRAG's tasks: what they ask for is a question back
_NAMES = ("constant", *Signals._fields)


@dataclass(frozen=True, slots=True)
class Asked:
    """One asking of a question, with what is told of its evidence."""

    set_name: str
    fold: int
    hidden: bool
    answerable: bool
    signals: Signals
    certain: float | None  # the answerability that a rule gives, whatever the signals are


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--set", action="append", required=True, metavar="SET=DIR", help="sample, own or a path")
    arguments = parser.parse_args()
    model, settings = open_embedding(), SilenceSettings()
    sets = [named.rpartition("=")[::2] for named in arguments.set]
    asked = [one for name, folder in sets for one in _ask_set(name, folder, model)]
    found, settled = cross_validated(asked), predict(asked, np.array([getattr(settings, name) for name in _NAMES]))
    for name in dict.fromkeys(one.set_name for one in asked):
        for hidden in (False, True):
            part = np.array([one.set_name == name and (one.answerable or one.hidden == hidden) for one in asked])
            if any(not one.answerable for one in select(asked, part)):
                shown = f"{name}, {'articles hidden' if hidden else 'as it is'}"
                for how, answerability in (("cross-validated", found), ("Dateline's weights", settled)):
                    print(f"{shown}, {how}: {refusals(select(asked, part), answerability[part], settings.threshold)}")
    print("coverage  risk")
    for coverage, risk in risk_coverage(asked, found):
        print(f"{coverage:8.1f}  {risk:.3f}")
    print(", ".join(f"{name} {one:.2f}" for name, one in zip(_NAMES, learn(asked), strict=True)))


def _ask_set(name: str, folder: str, model: EmbeddingModel) -> list[Asked]:
    index = Index(Path(folder), model.fingerprint)
    if name == OWN:
        questions = tuple(own_questions(index))
    else:
        questions = open_dataset(name, split="development" if name == SAMPLE else None).questions
    asked = list(ask_all(Path(name).stem, questions, index, model))
    index.close()
    return asked


def own_questions(index: Index) -> Iterator[EvalQuestion]:
    """The titles and first sentences of some of the archive's articles, drawn by the hash of their ids."""
    drawn = sorted(index.archive.articles(), key=lambda one: hashlib.sha256(one.id.encode()).hexdigest())
    for article in drawn[:_OWN_ARTICLES]:
        lead = split_sentences(article.text)[0]
        for text in (article.title, article.text[lead.start : lead.end]):
            place = Place(Path(OWN), None)
            gold = Gold(article_id=article.id, place=place)
            yield EvalQuestion(id=article.id, text=text, place=place, gold=(gold,))


def ask_all(set_name: str, questions: Sequence[EvalQuestion], index: Index, model: EmbeddingModel) -> Iterator[Asked]:
    """Each question as it is and, where its articles are known, with them hidden."""
    latest = last_moment(index)
    bot = Chatbot(index, model, None, clock=lambda: latest)
    vectors = SentenceVectors(model.embedding)
    folds: dict[str, int] = {}
    for asked in questions:
        if asked.kind == _UNCLEAR:
            continue
        fold = folds.setdefault(asked.id, len(folds) % _FOLDS)
        question = _understood(asked, bot, asked.as_of or latest)
        for hidden in (False, True) if asked.answerable and asked.gold else (False,):
            evidence = [
                _evidence(part, asked.gold if hidden else (), index, model, vectors)
                for part in question.parts or (question,)
            ]
            told = "\n".join(one.text for some in evidence for one in some)
            if not (hidden and any(holds_answer(told, answer) for answer in asked.answers)):
                yield from (
                    Asked(set_name, fold, hidden, asked.answerable and not hidden, *_told_of(part, some, index))
                    for part, some in zip(question.parts or (question,), evidence, strict=True)
                )


def _understood(asked: EvalQuestion, bot: Chatbot, as_of: datetime) -> Question:
    return bot.understand(asked.text, conversation=as_conversation(asked.earlier, as_of), as_of=as_of)


def _told_of(question: Question, evidence: Sequence[Evidence], index: Index) -> tuple[Signals, float | None]:
    if not evidence:
        return Signals(*(0.0 for _ in Signals._fields)), 0.0
    told = signals(question, evidence, index.keywords)
    if has_the_words(question, evidence, index.keywords):
        return told, 1.0
    return told, 0.0 if lacks_a_name_or_year(question, evidence) else None


def _evidence(
    question: Question, hidden: Sequence[Gold], index: Index, model: EmbeddingModel, vectors: SentenceVectors
) -> tuple[Evidence, ...]:
    """The evidence without the hidden articles, their copies and all that print the sentence that answers."""
    hits = retrieve(question, index, model.embedding, _BEFORE_HIDING if hidden else _PASSAGES)
    ids = {gold.article_id for gold in hidden}
    ids |= {copy.id for article_id in ids for copy in index.archive.copies_of(article_id)}
    sentences = [gold.sentence for gold in hidden if gold.sentence]
    shown = [hit for hit in hits if hit.passage.article_id not in ids and not _prints_any(sentences, hit, index)]
    return gather_evidence(question, shown[:_PASSAGES], index.archive, index.keywords, vectors)


def _prints_any(sentences: Sequence[str], hit: Hit, index: Index) -> bool:
    text = index.archive.article(hit.passage.article_id, hit.passage.version).text if sentences else ""
    return any(holds_sentence(text, sentence) for sentence in sentences)


def select(asked: Sequence[Asked], part: npt.NDArray[np.bool_]) -> list[Asked]:
    """Those that are in the part."""
    return [one for one, is_in in zip(asked, part, strict=True) if is_in]


def learn(asked: Sequence[Asked]) -> Floats:
    """The constant and the weights, from the askings that no rule decides; each set's two outcomes count the same."""
    from sklearn.linear_model import LogisticRegression

    open_ones = [one for one in asked if one.certain is None]
    cells = Counter((one.set_name, one.answerable) for one in open_ones)
    counts = [len(open_ones) / len(cells) / cells[one.set_name, one.answerable] for one in open_ones]
    model = LogisticRegression(C=1.0, max_iter=1000)
    model.fit(np.array([one.signals for one in open_ones]), [one.answerable for one in open_ones], counts)
    return np.concatenate([model.intercept_, model.coef_[0]])


def predict(asked: Sequence[Asked], weights: Floats) -> Floats:
    """Answerability, one an asking."""
    logits = np.array([one.signals for one in asked]) @ weights[1:] + weights[0]
    ruled = np.array([np.nan if one.certain is None else one.certain for one in asked])
    return np.where(np.isnan(ruled), 0.5 * (1.0 + np.tanh(logits / 2.0)), ruled)


def cross_validated(asked: Sequence[Asked]) -> Floats:
    """Answerability, each question's by a model that has seen none of its askings."""
    folds, found = np.array([one.fold for one in asked]), np.zeros(len(asked))
    for fold in range(_FOLDS):
        held = folds == fold
        found[held] = predict(select(asked, held), learn(select(asked, ~held)))
    return found


def refusals(asked: Sequence[Asked], probabilities: Floats, threshold: float) -> str:
    """Of what was refused, how much had no answer; of what had none, how much was refused."""
    refused, without = probabilities < threshold, np.array([not one.answerable for one in asked])
    both, wrong = int((refused & without).sum()), int((refused & ~without).sum())
    precision, recall = both / max(1, int(refused.sum())), both / max(1, int(without.sum()))
    return (
        f"refusal precision {precision:.2f}, recall {recall:.2f} ({without.sum()} of {len(asked)} without an answer), "
        f"wrongly refused {wrong / max(1, int((~without).sum())):.2f} of those with one"
    )


def risk_coverage(asked: Sequence[Asked], probabilities: Floats) -> Iterator[tuple[float, float]]:
    """For each tenth of the questions, surest first: the share of those answered that have no answer."""
    without = np.array([not one.answerable for one in asked])[np.argsort(-probabilities, kind="stable")]
    for tenth in range(1, 11):
        answered = round(len(asked) * tenth / 10)
        yield tenth / 10, float(without[:answered].mean())


if __name__ == "__main__":
    main()
