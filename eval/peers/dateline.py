"""Runs Dateline itself as its page does: with the as-of and the earlier turns of each question."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from corpus.article import Article, DateOrigin
from corpus.article_warnings import ArticleWarning
from eval.peers.job import DEPTH, Build, Job, Search, run

_MOMENTS = ("published_at", "updated_at", "fetched_at")


def article_of(record: Mapping[str, Any]) -> Article:
    """An article from a job's record."""
    moments = {name: datetime.fromisoformat(record[name]) for name in _MOMENTS if record[name]}
    plain = {"authors": tuple(record["authors"]), "keywords": tuple(record["keywords"])}
    warnings = tuple(map(ArticleWarning, record["warnings"]))
    return Article(
        **{**record, **moments, **plain, "date_origin": DateOrigin(record["date_origin"]), "warnings": warnings}
    )


def prepare(job: Job) -> Build:
    """Load the model."""
    from chat.chatbot import Chatbot
    from chat.gathering.retrieval import retrieve
    from eval.bench.asking import last_moment
    from indexer.embedding.model import open_embedding
    from indexer.search.index import Index
    from indexer.sync import sync

    model = open_embedding(job.model, job.folder)

    def build() -> Search:
        sync(map(article_of, job.articles), job.folder, model)
        index = Index(job.folder, model.fingerprint)
        latest = last_moment(index)
        chatbot = Chatbot(index, model, None, clock=lambda: latest)

        def search(question: Mapping[str, Any]) -> Sequence[str]:
            as_of = datetime.fromisoformat(question["as_of"]) if question["as_of"] else latest
            conversation = chatbot.conversation_of(question["earlier"], as_of)
            understood = chatbot.understand(question["text"], conversation=conversation, as_of=as_of)
            return [hit.passage.article_id for hit in retrieve(understood, index, model.embedding, DEPTH)]

        return search

    return build


if __name__ == "__main__":
    run(prepare, ["chromadb", "tantivy", "sentence-transformers"])
