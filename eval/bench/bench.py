"""A bench: an evaluation set with its index and an embedding model, on which configurations are measured."""

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chat.opening import answer_settings
from eval.bench.answers import run_answers
from eval.bench.configurations import Configuration, as_data
from eval.bench.indexing import manifest, open_index
from eval.bench.retrieval import run_retrieval
from eval.datasets.form import Dataset, EvalQuestion
from eval.progress import Progress
from eval.results.run import Run
from eval.results.surroundings import surroundings
from indexer.embedding.model import EmbeddingModel

if TYPE_CHECKING:
    from llama_index.core.llms import LLM


class Bench:
    """Opened once and used for any number of runs."""

    def __init__(self, dataset: Dataset, model: EmbeddingModel, folder: Path, runs_folder: Path) -> None:
        """Open the set's index in `folder`; raises IndexerError or DatasetError."""
        self.dataset = dataset
        self.model = model
        self.runs_folder = runs_folder
        self.index = open_index(dataset, model, folder)
        self._manifest = manifest(self.index, folder, model)
        self._cached = False

    def close(self) -> None:
        """Close the index."""
        self.index.close()

    def cache_queries(self) -> None:
        """Embed each question once for all configurations; times are then not recorded, because they would mislead."""
        from llama_index.core.storage.kvstore import SimpleKVStore

        self.model.embedding.embeddings_cache = SimpleKVStore()
        self._cached = True

    def retrieval(
        self,
        configuration: Configuration,
        progress: Progress,
        ask: Callable[[EvalQuestion], EvalQuestion] | None = None,
    ) -> Run:
        """A run of retrieval over all questions; `ask` changes each question first."""
        settings = self._settings("retrieval", as_data(configuration))
        asked = replace(self.dataset, questions=tuple(map(ask, self.dataset.questions))) if ask else self.dataset
        results = run_retrieval(asked, self.index, self.model, configuration.settings, progress)
        if self._cached:
            results = tuple(replace(result, times_ms={}) for result in results)
        return Run(settings, results)

    def answers(self, llm_name: str, llm: "LLM | None", progress: Progress) -> Run:
        """A run of answers to all questions; without a language model the answers are quotations."""
        self.model.get_ready()  # as the chat does before the first question
        used = answer_settings(llm_name)
        settings = self._settings("answers", {**asdict(used), "name": llm_name})
        return Run(settings, run_answers(self.dataset, self.index, self.model, llm, used, progress))

    def _settings(self, command: str, configuration: dict[str, Any]) -> dict[str, Any]:
        return {
            "command": command,
            "configuration": configuration,
            "dataset": {
                "name": self.dataset.name,
                "questions": len(self.dataset.questions),
                "questions_content": self.dataset.questions_content,
                "articles_content": self.dataset.content,
                "splits": sorted({question.split for question in self.dataset.questions} - {""}),
                "note": self.dataset.note,
            },
            "index": self._manifest,
            **surroundings(),
        }
