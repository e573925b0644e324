"""Whether an answer has changed since it was last known: a figure, a correction, a withdrawal, a newer report."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from chat.answer import Answer, Evidence, Status, Turn
from chat.answering.claims import Claim, moment_of
from chat.answering.quoting import attribution, in_marks, quotation, visible
from chat.answering.running_counts import Count
from chat.answering.selecting import settled_count
from chat.english.figures import read_figures
from chat.english.plain_text import plain
from chat.publishing.cards import cited
from chat.standing.question import CitedSpan, Known, Lead, Reason, ReasonKind, StatedFigure
from chat.understanding.kinds import QuestionKind
from corpus.article import Article
from indexer.storage.archive import Archive

_ANSWERS = (Status.ANSWERED, Status.PARTIAL)


def known_from(turn: Turn, archive: Archive, sequence: int) -> Known:
    """What an answer states."""
    return Known(
        sequence,
        turn.answer.status in _ANSWERS,
        _figure(turn),
        _lead(turn.answer),
        tuple(_cited_span(one, archive) for one in cited(turn.answer.sentences)),
    )


def compare(known: Known, turn: Turn, archive: Archive, sequence: int) -> tuple[Known, tuple[Reason, ...]]:
    """What is known after a further answer, and why that counts as a change; no reasons where it does not.

    A figure or a lead is replaced by a later report only, so that a search that misses a report changes nothing.
    """
    found = known_from(turn, archive, sequence)
    reasons = (
        *_corrections(known, archive),
        *_first_answer(known, found, turn.answer),
        *_new_figure(known, found, turn),
        *_newer_report(known, found, turn),
    )
    is_gone = any(reason.kind is ReasonKind.WITHDRAWAL for reason in reasons)
    return found if is_gone else _carried_over(known, found, archive), reasons


def _carried_over(known: Known, found: Known, archive: Archive) -> Known:
    """What is known after an answer that may have missed what was known before it."""
    still_cited = (replace(one, newest=newest_version(archive, one.article)) for one in known.cited)
    return replace(
        found,
        cited=found.cited or tuple(still_cited),
        has_answer=known.has_answer or found.has_answer,
        figure=found.figure if found.figure and _is_later_figure(known, found) else known.figure,
        lead=found.lead if found.lead and _is_later_lead(known, found) else known.lead,
    )


def _figure(turn: Turn) -> StatedFigure | None:
    """The newest figure of the running count that the question asks for."""
    count = _count(turn)
    if not count or turn.answer.status is Status.NOT_IN_ARCHIVE:
        return None
    newest = count[-1][0]
    article = newest.evidence.article
    return StatedFigure(visible(newest.words), _values(newest), article.id, article.version, moment_of(newest.evidence))


def _lead(answer: Answer) -> Lead | None:
    first = next(iter(cited(answer.sentences[:1])), None)
    if first is None:
        return None
    values = tuple(figure.value for figure in read_figures(plain(first.text)))
    return Lead(first.article.id, moment_of(first), values)


def _cited_span(one: Evidence, archive: Archive) -> CitedSpan:
    article = one.article
    return CitedSpan(article.id, article.version, one.start, one.end, newest_version(archive, article.id))


def newest_version(archive: Archive, article_id: str) -> int:
    """The number of an article's newest version; 0 when the archive no longer holds it."""
    return max(archive.fingerprints(article_id).values(), default=0)


def _first_answer(known: Known, found: Known, answer: Answer) -> Iterator[Reason]:
    if found.has_answer and not known.has_answer:
        first = next(iter(answer.sentences), None)
        yield Reason(ReasonKind.ANSWER, f"There is an answer now: {first.text if first else answer.notice}")


def _new_figure(known: Known, found: Known, turn: Turn) -> Iterator[Reason]:
    before, now = known.figure, found.figure
    if not (known.has_answer and before and now and _is_later_figure(known, found)):
        return
    newest = _count(turn)[-1]
    if any(_values(claim) == before.values for claim in newest):  # the same figure, rounded by one of the reports
        return
    report = attribution(newest[0].evidence)
    yield Reason(ReasonKind.FIGURE, f"The figure is now {now.words.lower()} ({report}); it was {before.words.lower()}.")


def _count(turn: Turn) -> Count:
    """The running count by the newest versions; an answer from a corrected article cites the older one, too."""
    versions = {
        one.article.id: one.article.version for one in sorted(turn.answer.evidence, key=lambda one: one.article.version)
    }
    current = [one for one in turn.answer.evidence if one.article.version == versions[one.article.id]]
    return settled_count(turn.question, current)


def _values(claim: Claim) -> tuple[float, ...]:
    return tuple(figure.value for figure in claim.figures)


def _is_later_figure(known: Known, found: Known) -> bool:
    before, now = known.figure, found.figure
    if before is None or now is None:
        return now is not None
    if before.article == now.article:
        return now.version >= before.version
    return now.reported_at >= before.reported_at


def _newer_report(known: Known, found: Known, turn: Turn) -> Iterator[Reason]:
    """Only for an answer without a running count; of one about a figure, only where its numbers differ."""
    before, now, counts = known.lead, found.lead, known.figure or found.figure
    if counts or not (known.has_answer and found.has_answer and before and now and _is_later_lead(known, found)):
        return
    cited_before = {one.article for one in known.cited}
    first = cited(turn.answer.sentences[:1])[0]
    is_known = {now.article, *(copy.article_id for copy in first.copies.listed)} & {before.article, *cited_before}
    asks_for_figure = turn.question.analysis.kind is QuestionKind.FIGURE
    if not is_known and not (asks_for_figure and before.values == now.values):
        yield Reason(ReasonKind.EVIDENCE, f"A newer report leads the answer: {quotation(first).text}")


def _is_later_lead(known: Known, found: Known) -> bool:
    before, now = known.lead, found.lead
    return now is not None and (before is None or now.reported_at > before.reported_at)


def _corrections(known: Known, archive: Archive) -> Iterator[Reason]:
    """What became of the cited articles; each article once."""
    spans: dict[str, list[CitedSpan]] = {}
    for one in known.cited:
        spans.setdefault(one.article, []).append(one)
    for article_id, cited_spans in spans.items():
        newest = newest_version(archive, article_id)
        if newest == cited_spans[0].newest:
            continue
        yield from _correction(archive, article_id, newest, cited_spans)


def _correction(archive: Archive, article_id: str, newest: int, spans: Sequence[CitedSpan]) -> Iterator[Reason]:
    held = archive.whole_articles([(article_id, newest), (article_id, spans[0].version)])
    later = next((one for one in held if one.version == newest), None)
    earlier = next((one for one in held if one.version == spans[0].version), None)
    if later is None:
        if newest == 0:
            yield Reason(ReasonKind.WITHDRAWAL, "A cited article was removed from the archive.")
    elif later.is_withdrawn:
        yield Reason(ReasonKind.WITHDRAWAL, f"{_named(later)} was withdrawn.")
    elif later.correction and (earlier is None or later.correction != earlier.correction):
        yield Reason(ReasonKind.CORRECTION, f"{_named(later)} was corrected: {in_marks(visible(later.correction))}")
    elif earlier and any(earlier.text[one.start : one.end] not in later.text for one in spans):
        yield Reason(ReasonKind.CORRECTION, f"{_named(later)} no longer has the cited words.")


def _named(article: Article) -> str:
    day: datetime | None = article.updated_at
    when = f", updated {day.day} {day:%B %Y}" if day else ""
    return f"{in_marks(visible(article.title))} ({visible(article.source)}{when})"
