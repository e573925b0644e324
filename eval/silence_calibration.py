"""When to be silent: `python -m eval.silence_calibration --set sample=DIR --set own=DIR --set PATH=DIR`.

DIR is the data folder of an index of the set's articles. `sample` are the development questions of the sample, `own`
the titles and leads of an archive's own articles, PATH is any other set that `python -m eval` reads, such as MTRAG's
tasks or the RealTimeQA folder; `--kept FILE.npz` keeps the vectors, so that the next run takes seconds rather than
minutes. A question whose articles are known is asked twice: as it is, and with these, their copies and all that print
the sentence that answers hidden. It still counts as answerable where one of its answers stands in the first pieces of
evidence that are left. MTRAG's tasks go by their labels and are asked once, because other passages of a hidden
document would answer: PARTIAL ones can be answered, UNDERSPECIFIED ones, which ask for a question back, are left out.

A logistic model is learnt over the named signals of chat.gathering.abstention, each set and each of the two outcomes
weighing the same. Prints, for each set, refusal precision and recall, how many are told as what comes nearest or not
at all, and the risk-coverage curve (El-Yaniv & Wiener 2010), with weights learnt from the other sets and with those
that Dateline has, then what is learnt from all.
"""

import argparse
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from chat.answer import Evidence
from chat.chatbot import Chatbot
from chat.gathering.abstention import Signals, SilenceSettings, has_the_words, lacks_a_name_or_year, signals
from chat.gathering.evidence import EvidenceSettings, gather_evidence
from chat.gathering.retrieval import Hit, retrieve
from chat.gathering.sentence_vectors import SentenceVectors
from chat.understanding.question import Question
from corpus.sentences import split_sentences
from eval.datasets import SAMPLE, open_dataset
from eval.datasets.form import EvalQuestion, Gold, Place
from eval.kept_vectors import KeptVectors
from eval.measures import holds_answer, holds_sentence, risk_coverage
from eval.retrieval import last_moment
from indexer.embedding.model import EmbeddingModel, open_embedding
from indexer.search.index import Index

Floats = npt.NDArray[np.float64]

OWN = "own"
WRONGLY_REFUSED = (
    0.08  # of the questions with an answer, at most; a refusal of these costs a reader more than silence saves
)
_PASSAGES = 8
_BEFORE_HIDING = 60  # passages
_STILL_TELLING = 5  # pieces of evidence
_OWN_ARTICLES = 60
_UNCLEAR = "underspecified"
_LABELLED = ("answerable", "partial")
_COVERAGES = (0.2, 0.4, 0.6, 0.8, 1.0)
_AS_SHOWN = replace(EvidenceSettings(), same=2.0)  # the chatbot drops no repeats before it weighs
_NAMES = ("constant", *Signals._fields)


@dataclass(frozen=True, slots=True)
class Asked:
    """One asking of a question, with what is told of its evidence."""

    set_name: str
    hidden: bool
    answerable: bool
    signals: Signals
    certain: float | None  # the answerability that a rule gives, whatever the signals are


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--set", action="append", required=True, metavar="SET=DIR", help="sample, own or a path")
    parser.add_argument("--kept", type=Path, metavar="FILE", help="an .npz file that keeps vectors between runs")
    arguments = parser.parse_args()
    model = open_embedding()
    vectors = KeptVectors(model.embedding, arguments.kept)
    asked: list[Asked] = []
    for name, _, folder in (named.rpartition("=") for named in arguments.set):
        asked += _ask_set(name, Path(folder), model, vectors)
        vectors.save()
    print(*_report(asked), sep="\n")


def _report(asked: Sequence[Asked]) -> Iterator[str]:
    settings = SilenceSettings()
    found, settled = cross_validated(asked), predict(asked, weights_of(settings))
    thresholds = {"learnt from the other sets": (found, threshold(asked, found))}
    thresholds["Dateline's weights"] = (settled, settings.threshold)
    yield "                                              refusal            wrongly    in doubt     risk at coverage"
    yield (
        "set                                n  without  precision recall  refused  without   with  "
        + _columns(_COVERAGES)
    )
    for how, (answerability, limit) in thresholds.items():
        yield f"{how}, threshold {limit:.2f}"
        for title, part in _parts(asked):
            some = select(asked, part)
            curve = risk_coverage(answerability[part].tolist(), [one.answerable for one in some])
            risks = [next(risk for covered, risk in curve if covered >= wanted - 1e-9) for wanted in _COVERAGES]
            doubts = doubted(some, answerability[part], settings.sure)
            yield f"{title:32} {refusals(some, answerability[part], limit)}  {doubts}  {_columns(risks)}"
    learnt = learn(asked)
    all_at_once = threshold(asked, predict(asked, learnt))
    yield ", ".join(f"{name} {one:.2f}" for name, one in zip(_NAMES, learnt, strict=True))
    yield f"at most {WRONGLY_REFUSED:.0%} wrongly refused in each set: threshold {all_at_once:.2f}"


def _columns(values: Iterable[float]) -> str:
    return " ".join(f"{value:5.2f}" for value in values)


def _parts(asked: Sequence[Asked]) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    """Each set as it is and with articles hidden, where it has questions without an answer."""
    for name in dict.fromkeys(one.set_name for one in asked):
        for hidden in (False, True):
            part = np.array([one.set_name == name and _is_shown(one, hidden) for one in asked])
            if any(not one.answerable for one in select(asked, part)):
                yield f"{name}, {'articles hidden' if hidden else 'as it is'}", part


def _is_shown(asked: Asked, hidden: bool) -> bool:
    """Beside questions without an answer in either form stand all that are answerable as they are."""
    return asked.hidden == hidden or (asked.answerable and not asked.hidden)


def _ask_set(name: str, folder: Path, model: EmbeddingModel, vectors: SentenceVectors) -> list[Asked]:
    index = Index(folder, model.fingerprint)
    if name == OWN:
        title, questions = f"{OWN} of {folder.name}", tuple(own_questions(index))
    else:
        title, questions = (
            Path(name).stem,
            open_dataset(name, split="development" if name == SAMPLE else None).questions,
        )
    asked = list(ask_all(title, questions, index, model, vectors))
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


def ask_all(
    set_name: str,
    questions: Sequence[EvalQuestion],
    index: Index,
    model: EmbeddingModel,
    vectors: SentenceVectors,
) -> Iterator[Asked]:
    """Each question as it is and, where its articles are known, with them hidden."""
    latest = last_moment(index)
    bot = Chatbot(index, model, None, clock=lambda: latest)
    for asked in questions:
        if asked.kind == _UNCLEAR:
            continue
        hides = asked.answerable and bool(asked.gold) and asked.kind not in _LABELLED
        question = _understood(asked, bot, asked.as_of or latest)
        parts = question.parts or (question,)
        found = [
            retrieve(one, index, model.embedding, _BEFORE_HIDING, vector=vectors.of_question(one)) for one in parts
        ]
        for hidden in (False, True) if hides else (False,):
            evidence = [
                gather_evidence(
                    part,
                    (_without(asked.gold, hits, index) if hidden else hits)[:_PASSAGES],
                    index.archive,
                    index.keywords,
                    vectors,
                    _AS_SHOWN,
                )
                for part, hits in zip(parts, found, strict=True)
            ]
            answerable = asked.answerable and (not hidden or _still_tell(evidence, asked.answers))
            for part, some in zip(parts, evidence, strict=True):
                yield Asked(set_name, hidden, answerable, *_told_of(part, some, index))


def _understood(asked: EvalQuestion, bot: Chatbot, as_of: datetime) -> Question:
    return bot.understand(asked.text, conversation=bot.conversation_of(asked.earlier, as_of), as_of=as_of)


def _without(hidden: Sequence[Gold], hits: Sequence[Hit], index: Index) -> list[Hit]:
    """The hits but for the hidden articles, their copies and all that print the sentence that answers."""
    ids = {gold.article_id for gold in hidden}
    ids |= {copy.id for article_id in ids for copy in index.archive.copies_of(article_id)}
    sentences = [gold.sentence for gold in hidden if gold.sentence]
    return [hit for hit in hits if hit.passage.article_id not in ids and not _prints_any(sentences, hit, index)]


def _prints_any(sentences: Sequence[str], hit: Hit, index: Index) -> bool:
    text = index.archive.article(hit.passage.article_id, hit.passage.version).text if sentences else ""
    return any(holds_sentence(text, sentence) for sentence in sentences)


def _still_tell(evidence: Sequence[Sequence[Evidence]], answers: Sequence[str]) -> bool:
    told = "\n".join(one.text for some in evidence for one in some[:_STILL_TELLING])
    return any(holds_answer(told, answer) for answer in answers)


def _told_of(question: Question, evidence: Sequence[Evidence], index: Index) -> tuple[Signals, float | None]:
    if not evidence:
        return Signals(*(0.0 for _ in Signals._fields)), 0.0
    told = signals(question, evidence, index.keywords)
    if has_the_words(question, evidence, index.keywords):
        return told, 1.0
    return told, 0.0 if lacks_a_name_or_year(question, evidence) else None


def select(asked: Sequence[Asked], part: npt.NDArray[np.bool_]) -> list[Asked]:
    """Those that are in the part."""
    return [one for one, is_in in zip(asked, part, strict=True) if is_in]


def weights_of(settings: SilenceSettings) -> Floats:
    """The constant and the weights that Dateline has."""
    return np.array([getattr(settings, name) for name in _NAMES])


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
    """Answerability, each set's by a model learnt from the other sets; from its own where there is no other."""
    names, found = np.array([one.set_name for one in asked]), np.zeros(len(asked))
    for name in set(names):
        taught = select(asked, names != name) or list(asked)
        found[names == name] = predict(select(asked, names == name), learn(taught))
    return found


def threshold(asked: Sequence[Asked], probabilities: Floats) -> float:
    """The highest that refuses, beyond what rules do, no more than WRONGLY_REFUSED of any set's answerable askings."""
    names = np.array([one.set_name for one in asked])
    with_answer = np.array([one.answerable and one.certain != 0.0 for one in asked])
    return float(min(np.quantile(probabilities[with_answer & (names == name)], WRONGLY_REFUSED) for name in set(names)))


def refusals(asked: Sequence[Asked], probabilities: Floats, limit: float) -> str:
    """Askings, how many have no answer; refusal precision and recall; the share refused of those with an answer."""
    refused, without = probabilities < limit, np.array([not one.answerable for one in asked])
    both, wrong = int((refused & without).sum()), int((refused & ~without).sum())
    precision, recall = both / max(1, int(refused.sum())), both / max(1, int(without.sum()))
    wrongly = wrong / max(1, int((~without).sum()))
    return f"{len(asked):4}  {without.sum():7}  {precision:9.2f} {recall:6.2f}  {wrongly:7.2f}"


def doubted(asked: Sequence[Asked], probabilities: Floats, sure: float) -> str:
    """Of the askings without an answer and of those with one, how many are not told as an answer."""
    doubtful, without = probabilities < sure, np.array([not one.answerable for one in asked])
    return f"{doubtful[without].mean():7.2f} {doubtful[~without].mean():6.2f}"


if __name__ == "__main__":
    main()
