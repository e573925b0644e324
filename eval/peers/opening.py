"""The peers asked for on a command line, run on an evaluation set and measured."""

from collections.abc import Sequence

from chat.settings import ChatSettings
from eval.bench.opening import Wanted
from eval.datasets import open_dataset
from eval.datasets.form import check_gold
from eval.errors import ConfigurationError
from eval.files import check_writable
from eval.peers.measuring import run_of
from eval.peers.running import PEERS, Done, drawn_articles, job_of, run_peers
from eval.progress import progress_of
from eval.results.run import Run
from indexer.settings import settings_of


def measured_peers(
    wanted: Wanted, only: Sequence[str] | None, limit_articles: int | None
) -> tuple[list[Done], list[Run]]:
    """All peers, or those named in `only`, on a set; raises ConfigurationError for an unknown name."""
    from indexer.embedding.model import open_embedding

    known = {peer.short: peer for peer in PEERS}
    for name in only or ():
        if name not in known:
            raise ConfigurationError(f"no peer {name!r}; choose among: {', '.join(known)}")
    if wanted.report:
        check_writable(wanted.report)
    settings = settings_of(ChatSettings, data=wanted.data, embedding=wanted.embedding)
    dataset = open_dataset(wanted.dataset, articles=wanted.articles, split=wanted.split)
    articles = drawn_articles(dataset, limit_articles)
    check_gold(dataset, {article.id for article in articles})
    job = job_of(dataset, articles, open_embedding(settings.embedding).embedding.model_name)
    with progress_of("peers", shown=not wanted.quiet) as progress:
        done = run_peers(job, [known[name] for name in only or known], settings.data / "eval" / "peers", progress)
    return done, [run for one in done if (run := run_of(dataset, job, one))]
