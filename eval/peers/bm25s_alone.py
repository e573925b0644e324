"""Runs bm25s alone: BM25 over whole articles, with stop words and stemming as in its first example."""

from collections.abc import Mapping, Sequence
from typing import Any

from eval.peers.job import DEPTH, Build, Job, Search, run, titled


def prepare(job: Job) -> Build:
    """Load the stemmer."""
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("english")

    def tokens(texts: Sequence[str]) -> Any:
        return bm25s.tokenize(list(texts), stopwords="en", stemmer=stemmer, show_progress=False)

    def build() -> Search:
        ids = list(job.latest)
        retriever = bm25s.BM25()
        retriever.index(tokens([titled(article) for article in job.latest.values()]), show_progress=False)

        def search(question: Mapping[str, Any]) -> Sequence[str]:
            found, _ = retriever.retrieve(tokens([question["text"]]), k=min(DEPTH, len(ids)), show_progress=False)
            return [ids[at] for at in found[0]]

        return search

    return build


if __name__ == "__main__":
    run(prepare, ["bm25s", "PyStemmer"])
