"""The articles on a subject, for "find articles about the ferry": the best sentence of each, best first."""

from dataclasses import replace

from chat.answer import Evidence
from chat.gathering.coverage import articles_on_subject
from chat.gathering.evidence import EvidenceSettings
from chat.gathering.search import EvidenceSearch
from chat.understanding.question import Question

LISTED = 8
_WIDER = EvidenceSettings(passages=24, compared=64)


def articles_about(question: Question, search: EvidenceSearch) -> tuple[Evidence, ...]:
    """The best sentence of each article that has every word of the subject, numbered from 1."""
    having = articles_on_subject(question, search.index)
    best: dict[str, Evidence] = {}
    for one in search.in_reach(question, _WIDER):
        if (one.article.id, one.article.version) in having:
            best.setdefault(one.article.id, one)
    return tuple(replace(one, number=number) for number, one in enumerate(list(best.values())[:LISTED], start=1))
