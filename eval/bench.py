"""A set, its index and an embedding model, on which configurations are measured."""

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chat.opening import answer_settings
from eval.answers import run_answers
from eval.configurations import Configuration, as_data
from eval.datasets.form import Dataset, EvalQuestion
from eval.indexing import manifest, open_index
from eval.progress import Progress
from eval.retrieval import run_retrieval
from eval.runs import Run, surroundings
from indexer.embedding.model import EmbeddingModel

if TYPE_CHECKING:
    from llama_index.core.llms import LLM


class Bench:
    """Opened once, measured on as often as wanted."""

    def __init__(self, dataset: Dataset, model: EmbeddingModel, folder: Path, runs_folder: Path) -> None:
        """Open the set's index in `folder`; raises IndexerError or DatasetError."""
        self.dataset = dataset
        self.model = model
        self.runs_folder = runs_folder
        self.index = open_index(dataset, model, folder)
        self._manifest = manifest(self.index, folder, model)
        self._remembered = False

    def close(self) -> None:
        """Close the index."""
        self.index.close()

    def remember_queries(self) -> None:
        """Embed each question once for all configurations; times would then mean nothing, so none are kept."""
        from llama_index.core.storage.kvstore import SimpleKVStore

        self.model.embedding.embeddings_cache = SimpleKVStore()
        self._remembered = True

    def retrieval(
        self,
        configuration: Configuration,
        progress: Progress,
        ask: Callable[[EvalQuestion], EvalQuestion] | None = None,
    ) -> Run:
        """What the configuration finds for every question or, with `ask`, for what that makes of it."""
        settings = self._settings("retrieval", as_data(configuration))
        asked = replace(self.dataset, questions=tuple(map(ask, self.dataset.questions))) if ask else self.dataset
        results = run_retrieval(asked, self.index, self.model, configuration.settings, progress)
        if self._remembered:
            results = tuple(replace(result, times_ms={}) for result in results)
        return Run(settings, results)

    def answers(self, llm_name: str, llm: "LLM | None", progress: Progress) -> Run:
        """What is answered to every question; without a language model the answers are quotations."""
        self.model.get_ready()  # as the chat does
        chosen = answer_settings(llm_name)
        settings = self._settings("answers", {**asdict(chosen), "name": llm_name})
        return Run(settings, run_answers(self.dataset, self.index, self.model, llm, chosen, progress))

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
