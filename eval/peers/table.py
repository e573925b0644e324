"""The comparison with peers as one table, with what it cannot compare."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from eval.comparing import Pairing
from eval.peers.running import Done
from eval.runs import Run
from eval.tables import cell, print_table

MEASURES = ("nDCG@10", "RR@10", "Success@1", "Success@4", "Success@10")
NOT_COMPARED = """
Every peer embeds with the same model, torch and sentence-transformers (its environment sees the project's packages
behind its own), and is set up as its documentation does.

Pieces differ (1,024 tokens, 200 words, or whole articles, of which the model reads the first 256 wordpieces): articles
are measured, each at its best piece, and neither passages nor answers.

Only Dateline knows when an article came out. What came out after a question's moment is taken out of the peers'
rankings, in their favour. Of versions they hold the last, of a conversation they are asked the last turn.

Dateline's weights of retrieval were chosen on RealTimeQA 2022 and on half of the sample's questions, so on these it has
an advantage; the peers keep their defaults. With --limit-articles the articles that answer stay, and others are drawn.

llama-index's rewriting of questions and Haystack's cross-encoder need models that nobody is given here.

Dateline indexes to disk, crash-safe, with versions and wire copies; Chroma to disk; the others in memory, lost with
the process. Memory is the peak of the whole process. Importing and loading the model are not timed.

haiku.rag is left out: in its documented default it cuts articles by a tokenizer that it fetches from a model hub.
"""


def data(done: Sequence[Done], runs: Sequence[Run], pairings: Sequence[Pairing]) -> dict[str, Any]:
    """All figures of the comparison, in plain JSON types."""
    return {
        "dataset": runs[0].settings["dataset"] if runs else {},
        "articles": runs[0].settings["index"]["articles"] if runs else 0,
        "machine": runs[0].settings["machine"] if runs else {},
        "peers": [_figures(run) for run in runs],
        "missing": {one.peer.name: one.missing for one in done if one.missing},
        "comparisons": [asdict(one) for one in pairings],
        "not_compared": _paragraphs(),
    }


def _figures(run: Run) -> dict[str, Any]:
    estimates, index = run.estimates(), run.settings["index"]
    return {
        "name": run.name,
        "versions": run.settings["configuration"]["versions"],
        "measures": {name: asdict(estimates[name]) for name in MEASURES},
        "index_s": index["seconds"],
        "times_ms": run.times(),
        "peak_bytes": index["peak_bytes"],
    }


def print_peers(done: Sequence[Done], runs: Sequence[Run]) -> None:
    """One row a peer; means with their 95 % intervals."""
    for run in runs[:1]:
        dataset, index = run.settings["dataset"], run.settings["index"]
        print(f"{dataset['name']}: {len(run.results)} questions, {index['articles']} articles")
    rows = [_row(run) for run in runs]
    print_table(("", *MEASURES, "indexing", "query p50 / p95", "memory"), rows)
    for one in done:
        if one.missing:
            print(f"{one.peer.name}: {one.missing}")
    print("What the table cannot compare:")
    for told in _paragraphs():
        print(f"- {told}")


def _paragraphs() -> list[str]:
    return [" ".join(one.split()) for one in NOT_COMPARED.strip().split("\n\n")]


def _row(run: Run) -> list[str]:
    estimates: Mapping[str, Any] = run.estimates()
    times, index = run.times(), run.settings["index"]
    return [
        run.name,
        *(cell(estimates, name) for name in MEASURES),
        f"{index['seconds']:.0f} s",
        f"{times['query p50']:.0f} / {times['query p95']:.0f} ms",
        f"{index['peak_bytes'] / 1e6:.0f} MB",
    ]
