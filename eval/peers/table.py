"""The comparison with peers as a table, with notes on its limits."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from eval.peers.running import Done
from eval.results.comparing import Pairing
from eval.results.run import Run
from eval.results.tables import cell, print_table

MEASURES = ("nDCG@10", "RR@10", "Success@1", "Success@4", "Success@10")
NOT_COMPARED = """
Every peer embeds with the same model, torch and sentence-transformers and is set up as in its documentation.

Pieces differ (1,024 tokens, 200 words, or whole articles, of which the model reads the first 256 wordpieces), so
articles are measured, each at its best piece, rather than passages or answers.

Only Dateline knows when an article was published. Articles published after a question's as-of are removed from the
peers' rankings, in their favour. They index the last version of an article and are asked the last turn of a
conversation.

Dateline's retrieval weights were tuned on RealTimeQA 2022 and on half of the sample's questions, which is an advantage
there; the peers keep their defaults. With --limit-articles the gold articles stay, and others are drawn at random.

llama-index's query rewriting and Haystack's cross-encoder need models that are not part of this comparison.

Dateline indexes to disk, crash-safe, with versions and syndicated copies; Chroma to disk; the others in memory.
Memory is the peak of the whole process. Imports and loading the model are not timed.

haiku.rag is left out: by default it splits articles with a tokenizer that it downloads from a model hub.
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
    """One row per peer; means with their 95 % intervals."""
    for run in runs[:1]:
        dataset, index = run.settings["dataset"], run.settings["index"]
        print(f"{dataset['name']}: {len(run.results)} questions, {index['articles']} articles")
    rows = [_row(run) for run in runs]
    print_table(("", *MEASURES, "indexing", "query p50 / p95", "memory"), rows)
    for one in done:
        if one.missing:
            print(f"{one.peer.name}: {one.missing}")
    print("Notes:")
    for note in _paragraphs():
        print(f"- {note}")


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
