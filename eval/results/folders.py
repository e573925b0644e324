"""Runs on disk: each in a folder whose name ends with a hash of its content."""

import hashlib
import json
import re
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eval.errors import RunError
from eval.results.run import QuestionResult, Run

SETTINGS, _QUESTIONS, _RANKING, _JUDGEMENTS = "run.json", "questions.jsonl", "run.trec", "qrels.trec"
_UNSAFE = re.compile(r"[^\w.-]+")


def write_run(root: Path, run: Run) -> Path:
    """Write a run's folder atomically; its name ends with a hash of its content."""
    if not run.results:
        raise RunError("the run is empty: no question was asked; nothing was written")
    files = _files_of(run)
    name = "-".join(_UNSAFE.sub("_", str(part)) for part in (run.settings["dataset"]["name"], run.name))
    folder = root / f"{name[:80]}-{_digest(files)}"
    if folder.is_dir():
        return folder
    root.mkdir(parents=True, exist_ok=True)
    partial = root / f".{uuid.uuid4().hex}.partial"
    partial.mkdir()
    try:
        for file, text in files.items():
            (partial / file).write_text(text, encoding="utf-8")
        partial.replace(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return folder


def read_run(folder: Path) -> Run:
    """A run from its folder; raises RunError when it is missing, damaged or empty."""
    names = (SETTINGS, _QUESTIONS, _RANKING, _JUDGEMENTS)
    try:
        files = {name: (folder / name).read_text(encoding="utf-8") for name in names}
    except OSError as error:
        raise RunError(f"no run in {folder} ({error.strerror}); make one with: python -m eval retrieval") from error
    except UnicodeDecodeError as error:
        raise RunError(f"the run in {folder} is damaged ({error.reason}); make it again") from error
    if not folder.resolve().name.endswith(_digest(files)):
        raise RunError(f"the run in {folder} is not what its name says: it was changed or renamed; make it again")
    results = tuple(_result_of(json.loads(line)) for line in files[_QUESTIONS].splitlines())
    if not results:
        raise RunError(f"the run in {folder} is empty; make it again")
    return Run(json.loads(files[SETTINGS]), results)


def _files_of(run: Run) -> dict[str, str]:
    return {
        SETTINGS: json.dumps(run.settings, indent=1, ensure_ascii=False, default=str, sort_keys=True) + "\n",
        _QUESTIONS: "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in run.results),
        _RANKING: "".join(_trec_lines(run)),
        _JUDGEMENTS: "".join(
            f"{one.id} 0 {article} {grade}\n" for one in run.results for article, grade in one.judgements.items()
        ),
    }


def _trec_lines(run: Run) -> list[str]:
    tag = _UNSAFE.sub("_", run.name)
    return [
        f"{one.id} Q0 {article} {rank} {len(one.ranking) - rank + 1} {tag}\n"
        for one in run.results
        for rank, article in enumerate(one.ranking, start=1)
    ]


def _digest(files: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0{files[name]}".encode())
    return digest.hexdigest()[:16]


def _result_of(record: Mapping[str, Any]) -> QuestionResult:
    return QuestionResult(**{**record, "ranking": tuple(record["ranking"]), "shown": tuple(record["shown"])})
