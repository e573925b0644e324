"""Near-duplicates: which articles of an archive are syndicated copies of one story."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from corpus.signatures import Signature, contradict, share_words

SHARED_KEYS = 2
COMMON_KEY = 1000  # a key shared by more signatures is boilerplate


@dataclass(frozen=True, slots=True)
class Cluster:
    """Syndicated copies of one story, the earliest first; those without a date come last."""

    article_ids: tuple[str, ...]
    agency: str | None  # the first one named, from the earliest article on

    @property
    def id(self) -> str:
        """The earliest article's id, independent of the order in which the articles arrived."""
        return self.article_ids[0]


class Clusters:
    """The clusters of an archive, kept up to date as articles come and go.

    A cluster is a connected component of the graph of near-duplicates, so it does not depend on the order in which
    articles arrive (except for keys so common that they count as boilerplate). Where two articles of a component
    contradict each other, as a report and its update do beside a short copy that fits both, it is divided. The id of a
    cluster changes when an earlier article joins it.
    """

    def __init__(self) -> None:
        self._articles: dict[str, _Entry] = {}
        self._holders: dict[Signature, dict[str, None]] = {}  # identical texts are one node
        self._by_key: dict[int, list[Signature]] = {}
        self._neighbours: dict[Signature, set[Signature]] = {}
        self._contradicting: dict[Signature, set[Signature]] = {}

    def add(
        self, article_id: str, text: Signature, published_at: datetime | None = None, agency: str | None = None
    ) -> None:
        """Add an article, or replace it."""
        self.remove(article_id)
        self._articles[article_id] = _Entry(text, published_at or datetime.max.replace(tzinfo=UTC), agency)
        if text not in self._holders:
            self._link(text)
        self._holders.setdefault(text, {})[article_id] = None

    def remove(self, article_id: str) -> None:
        """Remove an article, if it was added."""
        entry = self._articles.pop(article_id, None)
        if entry is None:
            return
        del self._holders[entry.text][article_id]
        if not self._holders[entry.text]:
            self._unlink(entry.text)

    def cluster(self, article_id: str) -> Cluster:
        """The cluster of an article, possibly of that article alone; raises KeyError when it was not added."""
        entry = self._articles[article_id]
        if not entry.text.keys:
            return Cluster((article_id,), entry.agency)
        return self._cluster(next(group for group in self._groups(entry.text) if entry.text in group))

    def __iter__(self) -> Iterator[Cluster]:
        """Every cluster of two articles or more."""
        return (cluster for clusters in self.components() for cluster in clusters if len(cluster.article_ids) > 1)

    def components(self) -> Iterator[tuple[Cluster, ...]]:
        """The clusters of each connected component of two articles or more, that of the earliest article first."""
        seen: set[Signature] = set()
        for text, holders in self._holders.items():
            if text in seen or not text.keys or (len(holders) < 2 and text not in self._neighbours):
                continue
            groups = self._groups(text)
            seen.update(*groups)
            yield tuple(map(self._cluster, groups))

    def _link(self, text: Signature) -> None:
        for candidate in self._candidates(text):
            if share_words(text, candidate):
                edges = self._contradicting if contradict(text, candidate) else self._neighbours
                edges.setdefault(text, set()).add(candidate)
                edges.setdefault(candidate, set()).add(text)
        for key in text.keys:
            self._by_key.setdefault(key, []).append(text)

    def _candidates(self, text: Signature) -> list[Signature]:
        shared = Counter(
            candidate
            for key in text.keys
            if len(holders := self._by_key.get(key, ())) <= COMMON_KEY
            for candidate in holders
        )
        return [candidate for candidate, count in shared.items() if count >= SHARED_KEYS]

    def _unlink(self, text: Signature) -> None:
        del self._holders[text]
        for key in text.keys:
            self._by_key[key].remove(text)
        for edges in (self._neighbours, self._contradicting):
            for other in edges.pop(text, set()):
                edges[other].discard(text)
                if not edges[other]:
                    del edges[other]

    def _groups(self, text: Signature) -> list[set[Signature]]:
        """The texts connected with this one, divided so that no two of a group contradict each other."""
        left = self._connected(text)
        if not any(self._contradicting.get(each, set()) & left for each in left):
            return [left]
        groups = []
        for first in sorted(left, key=self._earliest):
            if first in left:
                groups.append(self._group(first, left))
                left -= groups[-1]
        return groups

    def _connected(self, text: Signature) -> set[Signature]:
        found, waiting = {text}, [text]
        while waiting:
            for neighbour in self._neighbours.get(waiting.pop(), ()):
                if neighbour not in found:
                    found.add(neighbour)
                    waiting.append(neighbour)
        return found

    def _group(self, first: Signature, among: set[Signature]) -> set[Signature]:
        """The texts connected with this one that contradict none of the group, the nearest and earliest first."""
        found, waiting = {first}, deque([first])
        while waiting:
            for neighbour in sorted(self._neighbours.get(waiting.popleft(), set()) & among, key=self._earliest):
                if neighbour not in found and self._contradicting.get(neighbour, set()).isdisjoint(found):
                    found.add(neighbour)
                    waiting.append(neighbour)
        return found

    def _earliest(self, text: Signature) -> tuple[datetime, str]:
        return min((self._articles[article_id].published_at, article_id) for article_id in self._holders[text])

    def _cluster(self, texts: set[Signature]) -> Cluster:
        ids = [article_id for text in texts for article_id in self._holders[text]]
        ids.sort(key=lambda article_id: (self._articles[article_id].published_at, article_id))
        return Cluster(tuple(ids), next((agency for each in ids if (agency := self._articles[each].agency)), None))


@dataclass(frozen=True, slots=True)
class _Entry:
    text: Signature
    published_at: datetime
    agency: str | None
