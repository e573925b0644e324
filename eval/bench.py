"""A set, its index and an embedding model, on which configurations are measured."""

from pathlib import Path
from typing import Any

from eval.configurations import Configuration, as_data
from eval.datasets.form import Dataset
from eval.indexing import Progress, manifest, open_index
from eval.retrieval import run_retrieval
from eval.runs import Run, surroundings
from indexer.embedding import EmbeddingModel


class Bench:
    """Opened once, measured on as often as wanted."""

    def __init__(
        self, dataset: Dataset, model: EmbeddingModel, folder: Path, runs_folder: Path, *, split: str | None = None
    ) -> None:
        """Open the set's index in `folder`; raises IndexerError or DatasetError."""
        self.dataset = dataset
        self.model = model
        self.runs_folder = runs_folder
        self.index = open_index(dataset, model, folder)
        self._split = split
        self._manifest = manifest(self.index, folder, model)

    def close(self) -> None:
        """Close the index."""
        self.index.close()

    def retrieval(self, configuration: Configuration, progress: Progress) -> Run:
        """What the configuration finds for every question."""
        settings = self._settings("retrieval", as_data(configuration))
        results = run_retrieval(self.dataset, self.index, self.model, configuration.settings, progress)
        return Run(settings, results)

    def _settings(self, command: str, configuration: dict[str, Any]) -> dict[str, Any]:
        return {
            "command": command,
            "configuration": configuration,
            "dataset": {
                "name": self.dataset.name,
                "questions": len(self.dataset.questions),
                "questions_content": self.dataset.questions_content,
                "articles_content": self.dataset.content,
                "split": self._split,
                "note": self.dataset.note,
            },
            "index": self._manifest,
            **surroundings(),
        }
