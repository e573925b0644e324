"""An archive with its derived indexes, opened for searching."""

import contextlib
import logging
import math
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from corpus.article import Article
from indexer.errors import ArchiveBusyError, ChromaServerError, DamagedIndexError, IndexerError, ModelMismatchError
from indexer.search.derived import KEYWORDS_FOLDER, bring_into_step, keywords_in_step, segment_place
from indexer.search.keywords import KeywordIndex
from indexer.search.scope import Mask, PassageTable, Scope, Years
from indexer.search.vectors import Found, VectorIndex, best_of
from indexer.storage.archive import Archive
from indexer.storage.file import FILE_NAME
from indexer.storage.lock import writing
from indexer.storage.rows import Integers

Hits = list[tuple[int, float]]

_TRIES = 20  # to open what another process is writing, about a second each
_FEW = 50_000  # passages whose vectors are compared one by one rather than searched for, or half of all: .45 us each
_FEW_FROM_ARCHIVE = 2_000  # 40 ms
_SERVER_TRIES = 2
_MANY = 20_000  # passages of segments that are opened in the background: checking and reading them takes seconds


class Index:
    """A searchable archive; what another process adds is found after `refresh`.

    A damaged keyword index is rebuilt when it is opened. Damaged or missing vector segments are rebuilt in the
    background, without embedding anything, while keyword search answers.
    """

    def __init__(self, folder: Path, model: str, chroma: str | None = None) -> None:
        """Open the data folder for a model's fingerprint; raises ArchiveError or ModelMismatchError.

        With `chroma`, the Chroma server at that address searches the vectors; while it is away, only words are used.
        """
        self.archive = Archive(folder / FILE_NAME)
        _check_made_with(self.archive, folder, model)
        self._folder = folder
        self.model = model
        self.keywords = _open_keywords(folder, self.archive)
        self._chroma = chroma
        self.vectors = VectorIndex(segment_place(folder, self.archive, chroma), model)
        self._sequence = self.archive.sequence()
        self._through = self._last_in_all()
        self.table = PassageTable(self.archive, self._through)
        self._refreshing = threading.Lock()
        self._starting = threading.Lock()
        self._reloading: threading.Thread | None = None
        self._repairing: threading.Thread | None = None
        if self._is_behind(self._sequence):
            self._repairing = threading.Thread(target=self._repair, name="repairing the index", daemon=True)
            self._repairing.start()

    def close(self) -> None:
        """Close the archive and the vector index."""
        for thread in (self._repairing, self._reloading):
            if thread:
                thread.join()
        self.vectors.close()
        self.archive.close()

    def refresh(self) -> bool:
        """Make visible what was added since; returns whether anything was."""
        sequence = self.archive.sequence()
        is_behind = sequence != self._sequence or sequence != self._through or self._is_behind(sequence)
        if (not is_behind and not self.vectors.is_replaced) or self.vectors.is_away():
            return False
        if self.vectors.passages_to_open() > _MANY:
            self._reload_in_background()
            return False
        self._reload()
        return is_behind

    def _reload(self) -> None:
        with self._refreshing:
            sequence = self.archive.sequence()
            self.keywords.reload()
            self.vectors.reload()
            self._through = self._last_in_all()
            self.table = self.table.brought_to(self.archive, self._through)
            self._sequence = sequence

    def _reload_in_background(self) -> None:
        """Open merged segments while the earlier ones answer."""
        with self._starting:
            if self._reloading is None or not self._reloading.is_alive():
                self._reloading = threading.Thread(target=self._reload, name="reloading the index", daemon=True)
                self._reloading.start()

    def _last_in_all(self) -> int:
        """The last change in all indexes: a new version must not hide the old one before it can be found."""
        keywords = self.keywords.sequence()
        return min(keywords, self.vectors.generation.sequence or keywords)

    @property
    def searched_through(self) -> int:
        """The sequence number of the last change of the archive that a search finds, as of the last `refresh`."""
        return self._through

    @property
    def is_repairing(self) -> bool:
        """Whether vector segments are being rebuilt."""
        return self._repairing is not None and self._repairing.is_alive()

    def _is_behind(self, sequence: int) -> bool:
        vectors = self.vectors
        return vectors.generation.sequence < sequence or bool(vectors.damaged) or self.keywords.sequence() < sequence

    def _repair(self) -> None:
        try:
            with writing(self._folder):
                bring_into_step(self._folder, self.archive, self.model, self._chroma)
            self.refresh()
        except (IndexerError, OSError) as error:
            logging.getLogger(__name__).warning("the index is behind the archive: %s", str(error))

    def by_words(
        self, words: str | Mapping[str, float], limit: int, scope: Scope = Scope(), *, title_weight: float = 1.0
    ) -> Hits:
        """The best passages for the words of a text, or of weighted texts, with BM25 scores."""
        return self._within(partial(self.keywords.search, words, title_weight=title_weight), limit, scope)

    def by_phrase(self, phrase: str, limit: int, scope: Scope = Scope()) -> Hits:
        """Passages with the words of a phrase in that order."""
        return self._within(partial(self.keywords.search_phrase, phrase), limit, scope)

    def by_vector(self, vector: Sequence[float], limit: int, scope: Scope = Scope()) -> Hits:
        """The passages nearest to a unit vector, with cosine similarities."""
        table, years = self.table, scope.years
        mask = table.allowed(scope)
        searched = self.vectors.passages_in(years)
        few = max(_FEW, searched // 2) if self.vectors.is_quick_to_compare else _FEW_FROM_ARCHIVE
        if mask.sum() <= max(few, 4 * limit) and not mask.all():
            return self._nearest_of(table.passage_ids[mask], vector, limit, years)
        for _ in range(_SERVER_TRIES):
            try:
                return _filtered(lambda n: self.vectors.search(vector, n, years), limit, table, mask, searched)
            except ChromaServerError as error:
                self.vectors.forget_connections(str(error))
                self.vectors.reload()  # a server that was started again has closed its connections
        return []

    def newest_articles(self, limit: int) -> list[Article]:
        """The articles published last as they stand now, newest first, without damaged ones."""
        return self.archive.whole_articles(self.table.newest_versions(limit))

    def similarities(self, vector: Sequence[float], passage_ids: Sequence[int]) -> dict[int, float]:
        """The cosine similarities of these passages to a unit vector."""
        wanted = np.unique(np.asarray(passage_ids, dtype=np.int64))
        ids, scores = self.vectors.similarities(vector, wanted)
        found = dict(zip(ids.tolist(), scores.tolist(), strict=True))
        return found | self._by_the_archive(vector, [one for one in wanted.tolist() if one not in found])

    def _within(self, search: Callable[..., Hits], limit: int, scope: Scope) -> Hits:
        """Among the allowed passages, where they are fewer than the hits that would have to be filtered."""
        table = self.table
        mask = table.allowed(scope)
        if (allowed := int(mask.sum())) ** 2 < limit * len(table):
            return search(limit, among=table.passage_ids[mask].tolist()) if allowed else []
        return _filtered(search, limit, table, mask, len(table))

    def _nearest_of(self, passage_ids: Integers, vector: Sequence[float], limit: int, years: Years) -> Hits:
        """With the matrices of the segments or, where some passages are in none (damaged, on a server), the archive."""
        found, known = self.vectors.nearest_of(vector, passage_ids, limit, years)
        if known < len(passage_ids):
            return best_of(_arrays(self.similarities(vector, passage_ids.tolist())), limit)
        return best_of(found, limit)

    def _by_the_archive(self, vector: Sequence[float], passage_ids: Sequence[int]) -> dict[int, float]:
        stored = self.archive.passage_vectors(self.model, passage_ids)
        return {key: float(one @ np.asarray(vector, dtype=np.float32)) for key, one in stored.items()}


def _arrays(similarities: Mapping[int, float]) -> Found:
    ids, scores = list(similarities), list(similarities.values())
    return np.array(ids, dtype=np.int64), np.array(scores, dtype=np.float32)


def _check_made_with(archive: Archive, folder: Path, model: str) -> None:
    made_with = archive.state("model_fingerprint")
    if made_with not in (None, model):
        name = archive.state("model_name") or made_with
        archive.close()
        raise ModelMismatchError(
            f"the index in {folder} was made with the embedding model {name} ({made_with}), not with this one "
            f"({model}); open it with --embedding {name}, or embed it again: python -m indexer rebuild --model NAME"
        )


def _open_keywords(folder: Path, archive: Archive) -> KeywordIndex:
    """Rebuilt where it is damaged; a commit looks damaged until the writer has signed it."""
    for _ in range(_TRIES):
        try:
            return KeywordIndex(folder / KEYWORDS_FOLDER)
        except DamagedIndexError:
            with contextlib.suppress(ArchiveBusyError), writing(folder):
                keywords = keywords_in_step(folder, archive)
                keywords.finish()
                return keywords
    return KeywordIndex(folder / KEYWORDS_FOLDER)


def _filtered(search: Callable[[int], Hits], limit: int, table: PassageTable, mask: Mask, searched: int) -> Hits:
    """Search among so many passages for as many hits as should include enough allowed ones, then for more."""
    allowed = int(mask.sum())
    if not allowed:
        return []
    asked = max(limit, math.ceil(limit * searched / allowed))
    while True:
        hits = search(asked)
        rows = table.rows_of([passage_id for passage_id, _ in hits])
        found = [hit for hit, row in zip(hits, rows, strict=True) if row >= 0 and mask[row]]
        if len(found) >= limit or len(hits) < asked:
            return found[:limit]
        asked *= 4
