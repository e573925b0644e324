"""Embeds an archive with another model beside the live index, then switches to it."""

from itertools import islice
from pathlib import Path

from indexer.adding import embed_missing
from indexer.embedding.canary import set_canary
from indexer.embedding.model import EmbeddingModel
from indexer.search.derived import bring_into_step, rebuild_vectors
from indexer.storage.archive import Archive
from indexer.storage.file import FILE_NAME
from indexer.storage.lock import writing
from indexer.storage.passage import embedded_text

_ARTICLES = 200  # embedded at a time; finished batches survive an interruption


def rebuild(folder: Path, model: EmbeddingModel, chroma: str | None = None) -> int:
    """Embed every passage without a vector of this model, then switch to it; returns how many were embedded."""
    with writing(folder):
        archive = Archive(folder / FILE_NAME)
        try:
            same_model = archive.state("model_fingerprint") == model.fingerprint
            embedded = _embed(archive, model)
            archive.set_state("model_fingerprint", model.fingerprint)
            archive.set_state("model_name", model.name)
            set_canary(archive, model)
            if embedded and same_model:  # damaged vectors were replaced
                rebuild_vectors(folder, archive, model.fingerprint, chroma)
            bring_into_step(folder, archive, model.fingerprint, chroma)
        finally:
            archive.close()
    return embedded


def _embed(archive: Archive, model: EmbeddingModel) -> int:
    embedded = 0
    articles = archive.articles()
    while some := list(islice(articles, _ARTICLES)):
        texts = (
            embedded_text(one, passage.text) for one in some for passage in archive.passages_of(one.id, one.version)
        )
        embedded += embed_missing(texts, archive, model)
    return embedded
