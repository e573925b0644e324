"""The keyword index: BM25 over passages with tantivy, derived from the archive."""

import contextlib
import math
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import tantivy

from indexer.errors import DamagedIndexError, IndexerError
from indexer.search.segmenting import segmented
from indexer.search.stemming import INDEX_VERSION, STEMMED, UNSTEMMED, stem, terms
from indexer.search.temporary import TemporaryFolder
from indexer.search.words import SearchedWords
from indexer.storage.archive import Archive
from indexer.storage.checksums import Checksums, checksums, is_unchanged, is_whole, read_signed, write_signed
from indexer.storage.rows import Integers, PassageRow

_ANALYZER = "news"
_EXACT = "exact"
_CHECKSUMS = f"checksums-{INDEX_VERSION}.json"  # an index of another version is not found, and made anew
_LOCKS = (".tantivy-meta.lock", ".tantivy-writer.lock")
_HEAP_BYTES = 64_000_000
_TITLE_WEIGHT = 2.0  # of a word in a title, in a list that a reader looks through
_MOST_LONGER = 200  # words that start as an unfinished one does: the most frequent

Floats = npt.NDArray[np.float32]
_NONE: Integers = np.empty(0, dtype=np.int64)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("passage_id", stored=True, indexed=True, fast=True)
    builder.add_text_field("title", tokenizer_name=_ANALYZER)
    builder.add_text_field("text", tokenizer_name=_ANALYZER)
    builder.add_text_field("exact", tokenizer_name=_EXACT)
    # A separate row has the sequence number, so that it is committed together with the passages.
    builder.add_integer_field("sequence", stored=True, indexed=True, fast=True)
    return builder.build()


class KeywordIndex:
    """An open keyword index; searching is safe beside a writer in this or another process."""

    def __init__(self, folder: Path, *, trusting: bool = False) -> None:
        """Open the index in `folder`; raises DamagedIndexError when its files are not what they were when closed.

        Every file is read for that or, `trusting`, only those that were written to since: enough for a writer, whose
        cost is then that of its changes.
        """
        if not _is_signed(folder, trusting=trusting):
            raise DamagedIndexError(f"the keyword index in {folder} is missing or damaged")
        self._folder = folder
        self._beside = None if os.access(folder, os.W_OK) else TemporaryFolder()
        self._schema = _schema()
        self._writer: tantivy.IndexWriter | None = None
        self._index = self._open()
        self._searcher = self._index.searcher()

    @classmethod
    def create(cls, folder: Path) -> "KeywordIndex":
        """Create an empty index, replacing what is in `folder`."""
        _empty(folder)
        tantivy.Index(_schema(), path=str(folder))
        _sign(folder)
        return cls(folder)

    def _open(self) -> tantivy.Index:
        try:
            index = tantivy.Index(self._schema, path=str(self._place()))
        except ValueError as error:
            raise DamagedIndexError(f"the keyword index in {self._folder} cannot be read ({error})") from error
        index.register_tokenizer(_ANALYZER, STEMMED)
        index.register_tokenizer(_EXACT, UNSTEMMED)
        index.config_reader(reload_policy="manual")
        return index

    def _place(self) -> Path:
        """The folder or, where it is read-only, links to its files in a folder where tantivy can create its locks."""
        if self._beside is None:
            return self._folder
        beside = self._beside.path
        for path in self._folder.iterdir():
            if path.name not in _LOCKS and not (beside / path.name).is_symlink():
                (beside / path.name).symlink_to(path.absolute())
        return beside

    def sequence(self) -> int:
        """The archive's sequence number up to which its passages are indexed."""
        self.reload()
        return self._sequence_of(self._searcher)

    def _sequence_of(self, searcher: tantivy.Searcher) -> int:
        query = tantivy.Query.range_query(self._schema, "sequence", tantivy.FieldType.Integer, 0, 2**62)
        hits = searcher.search(query, 1).hits
        return int(searcher.doc(hits[0][1])["sequence"][0]) if hits else 0

    def catch_up(self, archive: Archive) -> int:
        """Index what changed in the archive; returns the number of new passages. One process at a time.

        The changes can then be searched; call `finish` to wait for the merging of small files that they caused.
        """
        indexed, wanted = self.sequence(), archive.sequence()
        if indexed == wanted:
            return 0
        try:
            new = self._commit(archive, indexed, wanted)
        except BaseException as error:
            with contextlib.suppress(ValueError):
                self._stop_writing()
            if not isinstance(error, ValueError | OSError):
                raise
            raise IndexerError(
                f"the keyword index in {self._folder} cannot be written ({error}); mend that and run the command again"
            ) from error
        self.reload()
        return new

    def _commit(self, archive: Archive, indexed: int, wanted: int) -> int:
        rows = archive.passages_between(indexed, wanted)
        writer = self._writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        for some in (rows[first : first + 500] for first in range(0, len(rows), 500)):
            self._add(writer, archive, some)
        for passage_id in archive.passages_removed_between(indexed, wanted):
            writer.delete_documents_by_term("passage_id", passage_id)
        writer.delete_documents_by_query(
            tantivy.Query.range_query(self._schema, "sequence", tantivy.FieldType.Integer, 0, 2**62)
        )
        writer.add_document(tantivy.Document(sequence=wanted))
        writer.commit()
        _sign(self._folder)
        return len(rows)

    def finish(self) -> None:
        """Wait until what `catch_up` has begun to merge is merged."""
        if self._stop_writing():
            if not _is_signed(self._folder, trusting=True):
                _sign(self._folder)
            self.reload()

    def _stop_writing(self) -> bool:
        """Wait for the writer's threads, which would change an index made anew; returns whether there was a writer."""
        writer, self._writer = self._writer, None
        if writer:
            writer.wait_merging_threads()
        return writer is not None

    def _add(self, writer: tantivy.IndexWriter, archive: Archive, rows: Sequence[PassageRow]) -> None:
        titles = archive.titles([row.passage_id for row in rows])
        for passage_id, passage in archive.passages([row.passage_id for row in rows]).items():
            title, text = segmented(titles[passage_id]), segmented(passage.text)
            writer.add_document(tantivy.Document(passage_id=passage_id, title=title, text=text, exact=text))

    def reload(self) -> None:
        """Make visible what another process has committed."""
        # While another process rebuilds the index it is empty or incomplete; the open one continues to be searched.
        with contextlib.suppress(ValueError):
            self._place()
            self._index.reload()
            searcher = self._index.searcher()
            if self._sequence_of(searcher) >= self._sequence_of(self._searcher):
                self._searcher = searcher

    def search(
        self,
        words: str | Mapping[str, float],
        limit: int,
        *,
        title_weight: float = 1.0,
        among: Sequence[int] | None = None,
    ) -> list[tuple[int, float]]:
        """Passage ids with their BM25 scores, best first; ties in the order of their ids.

        `words` is a text, or texts with their weights: the score is then the weighted sum. `among` limits the search
        to these passages, of which there should be few: 10,000 take some 40 ms.
        """
        weights = self._weights(words)
        if not weights:
            return []
        terms = [_weighted(self._term(term, title_weight), weight) for term, weight in weights.items()]
        return self._hits(_any_of(terms), limit, among)

    def worth(self, words: str | Mapping[str, float]) -> float:
        """The BM25 score of a passage of average length with one occurrence of each word."""
        passages = self.passages
        weights = self._weights(words)
        frequencies = {term: self.frequency(term) for term in weights}
        return sum(
            weight * math.log(1 + (passages - frequencies[term] + 0.5) / (frequencies[term] + 0.5))
            for term, weight in weights.items()
        )

    def _weights(self, words: str | Mapping[str, float]) -> dict[str, float]:
        weights: dict[str, float] = {}
        for text, weight in ({words: 1.0} if isinstance(words, str) else words).items():
            for term in self.terms(text):
                weights[term] = weights.get(term, 0.0) + weight
        return weights

    def search_phrase(self, phrase: str, limit: int, *, among: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """Passages with these words in this order, whatever punctuation is between them."""
        words = UNSTEMMED.analyze(segmented(phrase))
        return self._hits(self._phrase(words), limit, among) if words else []

    def mentioning(self, word: str) -> Integers:
        """Every passage that has a word in any form, in its text or its title.

        A word of a script without spaces is indexed in pieces, which must follow each other.
        """
        pieces = UNSTEMMED.analyze(segmented(word))
        if len(pieces) < 2:
            terms = self.terms(word)
            return self._all(_any_of([self._term(term, 1.0) for term in terms]))[0] if terms else _NONE
        in_title = tantivy.Query.phrase_query(self._schema, "title", list(STEMMED.analyze(segmented(word))))
        return self._all(_any_of([self._phrase(pieces), in_title]))[0]

    def with_all_words(self, words: SearchedWords) -> tuple[Integers, Floats]:
        """Every passage that has all these words in its text or its title: passage ids and BM25 scores."""
        wanted = [*map(self._phrase, words.phrases), *(self._term(one, _TITLE_WEIGHT) for one in words.stems)]
        if words.beginning:
            wanted.append(self._begun(words.beginning))
        return self._all(tantivy.Query.boolean_query([(tantivy.Occur.Must, one) for one in wanted]))

    def _all(self, query: tantivy.Query) -> tuple[Integers, Floats]:
        searcher = self._searcher
        hits = searcher.search(query, max(1, int(searcher.num_docs)), count=False).hits
        ids = searcher.fast_field_values("passage_id", [address for _, address in hits])
        return np.array(ids, dtype=np.int64), np.array([score for score, _ in hits], dtype=np.float32)

    def _begun(self, beginning: str) -> tantivy.Query:
        """A word that starts so; what it is when it ends there counts most."""
        whole = self._term(stem(beginning), _TITLE_WEIGHT)
        longer = [
            tantivy.Query.term_set_query(self._schema, field, [term for term, _ in terms])
            for field in ("exact", "title")
            if (terms := self._searcher.terms_with_prefix(field, beginning, limit=_MOST_LONGER))
        ]
        return _any_of([whole, *longer])

    def _phrase(self, words: Sequence[str]) -> tantivy.Query:
        if len(words) == 1:
            return tantivy.Query.term_query(self._schema, "exact", words[0])
        return tantivy.Query.phrase_query(self._schema, "exact", list(words))

    def terms(self, text: str) -> tuple[str, ...]:
        """The stemmed words of a question that are worth searching for, each once."""
        return terms(text)

    @property
    def passages(self) -> int:
        """The number of indexed passages."""
        return max(0, int(self._searcher.num_docs) - 1)

    def frequency(self, term: str) -> int:
        """The number of passages with a stemmed word."""
        return int(self._searcher.doc_freq("text", term))

    def _term(self, term: str, title_weight: float) -> tantivy.Query:
        in_text = tantivy.Query.term_query(self._schema, "text", term)
        if title_weight <= 0:
            return in_text
        in_title = tantivy.Query.term_query(self._schema, "title", term)
        return _any_of([in_text, _weighted(in_title, title_weight)])

    def _hits(self, query: tantivy.Query, limit: int, among: Sequence[int] | None = None) -> list[tuple[int, float]]:
        searcher = self._searcher
        if among is not None:
            one_of = tantivy.Query.term_set_query(self._schema, "passage_id", list(among))
            unscored = tantivy.Query.const_score_query(one_of, 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, unscored)])
        hits = searcher.search(query, limit, count=False).hits
        ids = searcher.fast_field_values("passage_id", [address for _, address in hits])
        found = [(int(passage_id or 0), float(score)) for passage_id, (score, _) in zip(ids, hits, strict=True)]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))


def _empty(folder: Path) -> None:
    """Make the folder, or empty it; an open index may create its lock there meanwhile."""
    folder.mkdir(parents=True, exist_ok=True)
    while left := [path for path in folder.iterdir() if path.name not in _LOCKS]:
        for path in left:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    for name in _LOCKS:
        (folder / name).unlink(missing_ok=True)


def _sign(folder: Path) -> None:
    write_signed(folder / _CHECKSUMS, _checksums(folder))
    for name in ("meta.json", ".managed.json"):  # tantivy makes them unreadable for others
        (folder / name).chmod((folder / _CHECKSUMS).stat().st_mode)


def _checksums(folder: Path) -> Checksums:
    """Of all files; while small ones are merged, some may vanish."""
    known = read_signed(folder / _CHECKSUMS) or {}
    while True:
        names = sorted(path.name for path in folder.iterdir() if path.name[0] != "." and path.name != _CHECKSUMS)
        with contextlib.suppress(FileNotFoundError):
            return checksums(folder, [*names, ".managed.json"], known)


def _is_signed(folder: Path, *, trusting: bool) -> bool:
    stored = read_signed(folder / _CHECKSUMS)
    return stored is not None and (is_unchanged if trusting else is_whole)(folder, stored)


def _any_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _weighted(query: tantivy.Query, weight: float) -> tantivy.Query:
    return query if weight == 1.0 else tantivy.Query.boost_query(query, weight)
