"""What the command `peers` leaves behind: a report page, a file of figures, and a table or JSON on stdout."""

import json
from collections.abc import Sequence
from pathlib import Path

from eval.files import write_whole
from eval.peers import table
from eval.peers.running import Done
from eval.results.comparing import compare_runs
from eval.results.report import render_report
from eval.results.run import Run
from eval.results.tables import print_pairings

_COMPARED_BY = ("nDCG@10", "Success@1")


def write_comparison(
    done: Sequence[Done], runs: Sequence[Run], *, report: Path | None, figures: Path | None, as_json: bool
) -> None:
    """Compare the peers with Dateline, write the files that were asked for, then print the comparison."""
    pairings = compare_runs(runs, _COMPARED_BY) if len(runs) > 1 else []
    data = json.dumps(table.data(done, runs, pairings), ensure_ascii=False, indent=1)
    if figures:
        write_whole(figures, data + "\n")
    if report and runs:
        write_whole(report, render_report(runs))
    if as_json:
        print(data)
        return
    table.print_peers(done, runs)
    if pairings:
        print_pairings(pairings)
