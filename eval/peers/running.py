"""Runs peers on one set, each in its own process and environment."""

import hashlib
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from corpus.article import Article
from eval.datasets.form import Dataset, EvalQuestion
from eval.errors import PeerError
from eval.files import write_whole
from eval.peers.environments import environment_for
from eval.progress import Progress

ROOT = Path(__file__).parents[2]
_SEED = 5
_NO_TELEMETRY = ("HF_HUB_OFFLINE=1", "HAYSTACK_TELEMETRY_ENABLED=False", "ANONYMIZED_TELEMETRY=False")


@dataclass(frozen=True, slots=True)
class Peer:
    """A system to compare with, and the packages that pip installs for it."""

    name: str
    module: str  # run with -m
    packages: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """The last part of the module's name."""
        return self.module.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Done:
    """The results of a peer, or the reason why there are none."""

    peer: Peer
    results: Mapping[str, Any] | None
    missing: str = ""


PEERS = (
    Peer("Dateline", "eval.peers.dateline"),
    Peer(
        "llama-index, default",
        "eval.peers.llama_index_default",
        ("llama-index-core", "llama-index-embeddings-huggingface"),
    ),
    Peer("llama-index, fusion", "eval.peers.llama_index_fusion", ("llama-index-retrievers-bm25",)),
    Peer("Chroma alone", "eval.peers.chroma_alone", ("chromadb",)),
    Peer("bm25s alone", "eval.peers.bm25s_alone", ("bm25s", "PyStemmer")),
    Peer("txtai, hybrid", "eval.peers.txtai_hybrid", ("txtai",)),
    Peer("Haystack, hybrid", "eval.peers.haystack_hybrid", ("haystack-ai", "sentence-transformers-haystack")),
)


def drawn_articles(dataset: Dataset, limit: int | None) -> list[Article]:
    """The set's articles; with a limit, the judged ones and others drawn with a fixed seed."""
    found = [one for one in dataset.articles() if isinstance(one, Article)]
    if limit is None:
        return found
    judged = {gold.article_id for question in dataset.questions for gold in question.gold}
    others = sorted({one.id for one in found} - judged)
    random.Random(_SEED).shuffle(others)
    kept = judged.union(others[: max(0, limit - len(judged))])
    return [one for one in found if one.id in kept]


def judged_questions(dataset: Dataset) -> list[EvalQuestion]:
    """The answerable questions with a relevant article."""
    return [one for one in dataset.questions if one.answerable and any(gold.grade > 0 for gold in one.gold)]


def job_of(dataset: Dataset, articles: Iterable[Article], model_folder: str) -> dict[str, Any]:
    """The input of every peer; the versions of one article are in order of arrival."""
    return {
        "articles": [asdict(article) for article in articles],
        "questions": [
            {"id": one.id, "text": one.text, "as_of": one.as_of, "earlier": one.earlier}
            for one in judged_questions(dataset)
        ],
        "model": model_folder,
    }


def run_peers(job: Mapping[str, Any], peers: Sequence[Peer], root: Path, progress: Progress) -> list[Done]:
    """Run each peer in turn; one that cannot be installed or fails is reported as missing, and the others run.

    Results are kept in `root` under the hash of the job, so that an interrupted comparison continues.
    """
    written = json.dumps(job, default=datetime.isoformat, sort_keys=True)
    folder = root / "results" / hashlib.sha256(written.encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "job.json", written)
    done = []
    for number, peer in enumerate(peers, start=1):
        try:
            done.append(Done(peer, _results(peer, folder, root)))
        except PeerError as error:
            done.append(Done(peer, None, str(error)))
        progress(number, len(peers))
    return done


def _results(peer: Peer, folder: Path, root: Path) -> dict[str, Any]:
    out = folder / f"{peer.short}.json"
    if not out.is_file():
        python = environment_for(peer.short, peer.packages, root) if peer.packages else Path(sys.executable)
        _run(python, peer, folder, out)
    results: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return results


def _run(python: Path, peer: Peer, folder: Path, out: Path) -> None:
    partial, log = out.with_suffix(".partial"), folder / f"{peer.short}.log"
    with tempfile.TemporaryDirectory() as work, log.open("w", encoding="utf-8") as output:
        command = ["env", *_NO_TELEMETRY, str(python), "-m", peer.module, str(folder / "job.json"), str(partial), work]
        ended = subprocess.run(command, cwd=ROOT, stdout=output, stderr=output, check=False)
    if ended.returncode:
        last = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()][-1:]
        raise PeerError(f"failed: {''.join(last):.200} ({log})")
    partial.replace(out)
