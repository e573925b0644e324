"""Whatever is done to an archive, in whatever order, it holds and finds what a dictionary says."""

import shutil
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from corpus.article import Article
from indexer.adding import Report
from indexer.compacting import compact
from indexer.doctor import examine, fix
from indexer.rebuilding import rebuild
from indexer.removing import purge, remove
from indexer.search.index import Index
from indexer.search.scope import Scope
from indexer.storage.archive import Archive
from indexer.storage.file import FILE_NAME
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model
from tests.published import publish, so_many

EXAMPLES, STEPS = so_many(100, 4), so_many(40, 12)
NUMBERS = st.integers(0, 7)
POINTS = "keep_vectors add _number_versions join_cluster _commit _add _sign write_fresh _check_graph _swap"
FIRST = datetime(2023, 4, 1, tzinfo=UTC)


class Crash(BaseException):
    """What ends an add in the middle."""


def story(number: int, day: int, long: bool, paper: str) -> Article:
    """A version of an article; what two papers print on one day is the same word for word."""
    text = f"Report {number} said tale{number}day{day}."
    if long:  # three passages
        text += "".join(f" The mayor spoke of matter {one} in the harbour council for an hour." for one in range(40))
    updated = (FIRST + timedelta(days=day)).date().isoformat()
    return article(f"Report {number}", text, url=f"https://{paper}.example/{number}", updated=updated)


STORIES = st.builds(story, NUMBERS, st.integers(0, 4), st.booleans(), st.sampled_from(["gazette", "courier"]))
BATCHES = st.lists(STORIES, min_size=1, max_size=6)


def tale_of(one: Article) -> str:
    return one.text.split()[3].rstrip(".")


class History(RuleBasedStateMachine):
    """An archive, a page that is open on it, and the dictionary."""

    def __init__(self) -> None:
        super().__init__()
        self._place = tempfile.TemporaryDirectory()
        self.folder = Path(self._place.name) / "data"
        self.model = word_hash_model("first")
        self.held: dict[str, list[Article]] = {}  # the versions of an article in the order in which they stand
        self.tales: set[str] = set()  # that were ever told
        self.pages: list[Index] = []
        sync([], self.folder, self.model)
        self._open()

    def teardown(self) -> None:
        for page in self.pages:
            page.close()
        try:
            fix(self.folder)
            advised = {finding.what for finding in examine(self.folder) if finding.advice} - {"disk"}
            assert advised <= (set() if self.held else {"model"})  # an empty archive is not yet of any model
        finally:
            self._place.cleanup()

    def _open(self) -> None:
        self.pages.append(Index(self.folder, self.model.fingerprint))
        while self.page.is_repairing:
            self.page.close()  # waits for it
            self.pages[-1] = Index(self.folder, self.model.fingerprint)

    @property
    def page(self) -> Index:
        """The page opened last; those before were never closed."""
        return self.pages[-1]

    def _note(self, came: Iterable[Article]) -> tuple[int, int, int]:
        """Write down what came; returns how many are new articles, new versions, and known."""
        counts = [0, 0, 0]
        for one in came:
            versions = self.held.setdefault(one.id, [])
            known = any(one.fingerprint == held.fingerprint for held in versions)
            counts[2 if known else bool(versions)] += 1
            if not known:
                versions.append(one)
                versions.sort(key=lambda version: version.updated_at or FIRST)
            self.tales.add(tale_of(one))
        return counts[0], counts[1], counts[2]

    def _sync(self, came: list[Article], **how: Any) -> Report:
        return sync(came, self.folder, self.model, **how)

    @rule(came=BATCHES)
    def add(self, came: list[Article]) -> None:
        report = self._sync(came)
        assert (report.added, report.new_versions, report.kept) == self._note(came)

    @precondition(lambda self: self.held)
    @rule(random=st.randoms(use_true_random=False))
    def add_everything_again(self, random: Any) -> None:
        every = [version for versions in self.held.values() for version in versions]
        random.shuffle(every)
        report = self._sync(every)
        assert (report.kept, report.embedded) == (len(every), 0)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def remove_some(self, data: st.DataObject) -> None:
        ids = data.draw(st.lists(st.sampled_from(sorted(self.held)), min_size=1, max_size=3, unique=True))
        assert remove(self.folder, lambda _: ids) == len(ids)
        for one in ids:
            del self.held[one]

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def purge_some(self, data: st.DataObject) -> None:
        ids = data.draw(st.lists(st.sampled_from(sorted(self.held)), min_size=1, max_size=3, unique=True))
        assert purge(self.folder, lambda _: ids).articles == len(ids)
        for one in ids:
            del self.held[one]
        kept = {tale_of(version) for versions in self.held.values() for version in versions}
        gone = [tale.encode() for tale in self.tales - kept]
        for path in (path for path in self.folder.rglob("*") if path.is_file()):
            content = path.read_bytes()
            assert not [tale for tale in gone if tale in content], path

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def prune(self, data: st.DataObject) -> None:
        ids = data.draw(st.sets(st.sampled_from(sorted(self.held)), max_size=3))
        report = self._sync([self.held[one][0] for one in ids], prune=1.0)
        assert report.removed == len(self.held) - len(ids)
        self.held = {one: self.held[one] for one in ids}

    @rule(came=BATCHES, name=st.sampled_from(POINTS.split()), event=st.sampled_from(["call", "return"]))
    def crash_while_adding(self, came: list[Article], name: str, event: str) -> None:
        def watch(frame: Any, what: str, _: Any) -> None:
            if what == event and frame.f_code.co_name == name and "/indexer/" in frame.f_code.co_filename:
                raise Crash

        sys.setprofile(watch)
        try:
            self._sync(came)
        except Crash:
            pass
        finally:
            sys.setprofile(None)
        archive = Archive(self.folder / FILE_NAME)
        self._note(one for one in came if one.fingerprint in archive.fingerprints(one.id))
        archive.close()
        self.open_another_page()

    @rule()
    def build_graphs(self) -> None:
        compact(self.folder, graph_from=2)

    @rule()
    def open_another_page(self) -> None:
        self._open()

    @rule(lost=st.sampled_from([["keywords"], ["vectors"], ["vectors", "keywords"]]))
    def lose_what_is_derived(self, lost: list[str]) -> None:
        for name in lost:
            shutil.rmtree(self.folder / name, ignore_errors=True)
        self._open()

    @rule(fingerprint=st.sampled_from(["first", "second"]))
    def embed_with_another_model(self, fingerprint: str) -> None:
        self.model = word_hash_model(fingerprint)
        rebuild(self.folder, self.model)
        self._open()

    @invariant()
    def all_is_held_and_nothing_else(self) -> None:
        archive = self.page.archive
        held = {one: [(version.text, version.title) for version in versions] for one, versions in self.held.items()}
        every = sorted(archive.articles(), key=lambda one: one.version)
        assert {one.id: [(two.text, two.title) for two in every if two.id == one.id] for one in every} == held
        assert all(
            sorted(two.version for two in every if two.id == one) == list(range(1, len(held[one]) + 1)) for one in held
        )
        assert archive.problems() == []
        assert archive.passages_without_vector(self.model.fingerprint) == 0

    @invariant()
    def offsets_reproduce_the_text(self) -> None:
        archive = self.page.archive
        for one in archive.articles():
            passages = archive.passages_of(one.id, one.version)
            assert all(passage.text == one.text[passage.start : passage.end] for passage in passages)
            assert "".join(passage.text for passage in passages).split() == one.text.split() or len(passages) > 1
            assert sum(len(passage.text.split()) for passage in passages) == len(one.text.split())

    @invariant()
    def words_and_vectors_find_exactly_what_stands(self) -> None:
        page = self.page
        page.refresh()
        standing = self._standing(None)
        assert page.keywords.passages == len(page.table)
        assert self._found(page.by_words("report", 999)) == standing
        vector = self.model.embedding.get_query_embedding("the mayor spoke")
        assert self._found(page.by_vector(vector, 999)) == standing
        self._all_vectors_are_those_of_passages(vector)
        for tale in self.tales:
            told = {(one, number) for one, number in standing if tale_of(self.held[one][number - 1]) == tale}
            assert self._found(page.by_words(tale, 999)) == told
        as_of = FIRST + timedelta(days=2, hours=1)
        assert self._found(page.by_words("report", 999, Scope(as_of=as_of))) == self._standing(as_of)

    def _all_vectors_are_those_of_passages(self, vector: list[float]) -> None:
        page = self.page
        held = page.archive.passage_vectors(page.model, page.table.passage_ids.tolist())
        exact = {key: float(one @ np.asarray(vector, np.float32)) for key, one in held.items()}
        found = {key: score for key, score in page.vectors.search(vector, 999) if key in exact}
        assert found.keys() == exact.keys()
        assert all(abs(found[key] - exact[key]) < 0.01 for key in exact)

    def _found(self, hits: list[tuple[int, float]]) -> set[tuple[str, int]]:
        passages = self.page.archive.passages([passage_id for passage_id, _ in hits]).values()
        assert len(passages) == len(hits)
        return {(passage.article_id, passage.version) for passage in passages}

    def _standing(self, as_of: datetime | None) -> set[tuple[str, int]]:
        standing = {
            one: sum(as_of is None or (version.updated_at or FIRST) <= as_of for version in versions)
            for one, versions in self.held.items()
        }
        return {(one, number) for one, number in standing.items() if number}


def test_any_history_leaves_what_a_dictionary_says() -> None:
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
    publish("any history of an archive, with crashes", f"{EXAMPLES} of up to {STEPS} steps", "all as a dictionary says")
