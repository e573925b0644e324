"""The figures of archives of several sizes as a picture."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_GB = 1e9


def write_plot(path: Path, sizes: Sequence[Mapping[str, Any]]) -> None:
    """Draw query times, memory and disk, start, and the time of one more article against the number of passages."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "dateline"  # the same figures give the same file
    from matplotlib import pyplot

    passages = [one["passages"] for one in sizes]
    figure, axes = pyplot.subplots(2, 2, figsize=(10, 7), layout="constrained")
    queries, bytes_, start, more = axes.flat
    for name in sizes[0]["query_ms"]:
        queries.plot(passages, [one["query_ms"][name][1] for one in sizes], marker="o", label=name)
    queries.set(title="query, p95", ylabel="ms")
    bytes_.plot(passages, [one["own_bytes"] / _GB for one in sizes], marker="o", label="memory of the process")
    bytes_.plot(passages, [one["largest_bytes"] / _GB for one in sizes], marker="o", label="with mapped files, largest")
    bytes_.plot(passages, [sum(one["disk_bytes"].values()) / _GB for one in sizes], marker="o", label="disk")
    bytes_.set(title="memory and disk", ylabel="GB", yscale="log")
    start.plot(passages, [one["start_s"] for one in sizes], marker="o", label="start to first answer")
    start.set(title="cold start", ylabel="s")
    more.plot(passages, [max(one["one_more_s"]["add"]) for one in sizes], marker="o", label="add, longest of five")
    more.plot(passages, [max(one["one_more_s"]["refresh"]) for one in sizes], marker="o", label="an open page")
    more.set(title="one more article", ylabel="s")
    for one in axes.flat:
        one.set(xscale="log", xlabel="passages")
        one.set_ylim(bottom=None if one.get_yscale() == "log" else 0)
        one.legend(fontsize=8)
        one.grid(alpha=0.3)
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
