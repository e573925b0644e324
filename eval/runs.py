"""Runs on disk: each a folder, named by what it holds, that can be read and compared months later."""

import hashlib
import json
import math
import os
import platform
import re
import shutil
import sys
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from eval.errors import RunError
from eval.measures import Values
from eval.statistics import Estimate, estimate

_SETTINGS, _QUESTIONS, _RANKING, _JUDGEMENTS = "run.json", "questions.jsonl", "run.trec", "qrels.trec"
_PACKAGES = (
    *("chromadb", "tantivy", "llama-index-core", "sentence-transformers", "torch", "transformers", "numpy", "scipy"),
    *("ir-measures", "pytrec-eval-terrier", "openvino-genai", "xllamacpp"),
)
_ROOM = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionResult:
    """What came of one question."""

    id: str
    text: str
    kind: str
    values: Values  # by measure; a measure that is not defined for the question is left out
    times_ms: Mapping[str, float]
    ranking: tuple[str, ...] = ()  # article ids, best first
    judgements: Mapping[str, int] = field(default_factory=dict)  # article id -> grade
    shown: tuple[Mapping[str, Any], ...] = ()  # the evidence that a reader would see
    expected: Mapping[str, Any] = field(default_factory=dict)
    answer: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One configuration over one set."""

    settings: Mapping[str, Any]  # command, set, configuration, index, versions, machine, started_at
    results: tuple[QuestionResult, ...]

    @property
    def name(self) -> str:
        """The configuration's name."""
        return str(self.settings["configuration"]["name"])

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure that some question has, in the order in which they first come."""
        return tuple(dict.fromkeys(name for result in self.results for name in result.values))

    def values(self, measure: str) -> dict[str, float]:
        """Question id -> value, for the questions for which the measure is defined."""
        return {result.id: result.values[measure] for result in self.results if measure in result.values}

    def estimates(self) -> dict[str, Estimate]:
        """Every measure's mean with its interval."""
        return {name: estimate(list(self.values(name).values())) for name in self.measures}

    def times(self) -> dict[str, float]:
        """Percentiles of each time, in milliseconds."""
        names = dict.fromkeys(name for result in self.results for name in result.times_ms)
        times = {name: [one.times_ms[name] for one in self.results if name in one.times_ms] for name in names}
        return {f"{name} p{share}": percentile(times[name], share) for name in names for share in (50, 95)}


def percentile(values: Sequence[float], share: int) -> float:
    """The smallest value that `share` percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)]


def surroundings() -> dict[str, Any]:
    """What a run was made with and on: the project's code, packages, machine."""
    return {
        "code": _code(),
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in _PACKAGES}},
        "machine": {
            "system": platform.platform(),
            "processor": _processor(),
            "cores": os.cpu_count(),
            "load": list(os.getloadavg()) if hasattr(os, "getloadavg") else None,
        },
        "started_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "command_line": sys.argv[1:],
    }


def write_run(root: Path, run: Run) -> Path:
    """Write a run's folder in one piece; its name ends with a hash of all that is in it."""
    if not run.results:
        raise RunError("the run is empty: no question was asked; nothing was written")
    files = _files_of(run)
    name = "-".join(_ROOM.sub("_", str(part)) for part in (run.settings["dataset"]["name"], run.name))
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
    """A run as it was written; raises RunError when it is missing, damaged or empty."""
    names = (_SETTINGS, _QUESTIONS, _RANKING, _JUDGEMENTS)
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
    return Run(json.loads(files[_SETTINGS]), results)


def check_writable(path: Path) -> None:
    """Raises RunError for a file that could not be written when the long work before it is done."""
    if path.is_dir() or not path.parent.is_dir():
        raise RunError(f"cannot write {path} ({'it is a folder' if path.is_dir() else 'no such folder'}); name another")


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all; raises RunError."""
    partial = path.with_name(f".{path.name}.{uuid.uuid4().hex}.partial")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise RunError(f"cannot write {path} ({error.strerror}); name another file") from error


def check_comparable(runs: Sequence[Run]) -> None:
    """Raises RunError unless all runs asked the same questions of the same articles."""
    first = runs[0].settings
    for run in runs[1:]:
        for what in ("questions_content", "name"):
            if run.settings["dataset"][what] != first["dataset"][what]:
                raise RunError(
                    f"{run.name} and {runs[0].name} cannot be compared: they asked different questions "
                    f"({run.settings['dataset']['name']}, {first['dataset']['name']})"
                )
        if run.settings["command"] != first["command"]:
            raise RunError(f"{run.name} and {runs[0].name} cannot be compared: one measures answers, one retrieval")


def differences(runs: Sequence[Run]) -> list[str]:
    """What beside the configuration is not the same in all runs: told under every comparison."""
    told = []
    for what in ("code", "versions", "machine", "index"):
        held = [_comparable(run.settings.get(what)) for run in runs]
        if any(one != held[0] for one in held):
            told.append(what)
    return told


def _comparable(value: Any) -> Any:
    return {key: held for key, held in value.items() if key != "load"} if isinstance(value, dict) else value


def _files_of(run: Run) -> dict[str, str]:
    return {
        _SETTINGS: json.dumps(run.settings, indent=1, ensure_ascii=False, default=str, sort_keys=True) + "\n",
        _QUESTIONS: "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in run.results),
        _RANKING: "".join(_trec_lines(run)),
        _JUDGEMENTS: "".join(
            f"{one.id} 0 {article} {grade}\n" for one in run.results for article, grade in one.judgements.items()
        ),
    }


def _trec_lines(run: Run) -> list[str]:
    tag = _ROOM.sub("_", run.name)
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


def _code() -> str:
    """A hash of the project's own code, which tells two states of it apart where there is no version number."""
    root = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for package in ("corpus", "indexer", "chat", "eval"):
        for path in sorted((root / package).rglob("*.py")):
            digest.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    if told.is_file():
        for line in told.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()
