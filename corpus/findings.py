"""What a check finds in news that was read: counts, days, sources, what is less reliable and what was not read."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from corpus.article import Article, ReadWarning, Unreadable
from corpus.duplicates import Clusters
from corpus.signatures import signature


@dataclass(slots=True)
class Findings:
    """What a check counted in the articles that it read."""

    articles: int = 0
    first: datetime | None = None
    last: datetime | None = None
    without_date: int = 0
    without_author: int = 0
    sources: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    date_origins: Counter[str] = field(default_factory=Counter)
    fingerprints: set[str] = field(default_factory=set)
    clusters: Clusters = field(default_factory=Clusters)  # of fingerprints: one entry for identical texts
    unreadable: list[Unreadable] = field(default_factory=list)
    warnings: list[ReadWarning] = field(default_factory=list)

    @property
    def duplicates(self) -> int:
        """How many articles are identical or near-identical to an earlier one."""
        repeats = self.articles - len(self.fingerprints)
        return repeats + sum(len(cluster.article_ids) - 1 for cluster in self.clusters)

    def add(self, article: Article) -> None:
        """Count one article."""
        self.articles += 1
        self.without_author += not article.authors
        self.sources[article.source] += 1
        self.languages[article.language or "unknown"] += 1
        self.date_origins[article.date_origin] += 1
        self._compare(article)
        if article.published_at is None:
            self.without_date += 1
            return
        self.first = min(self.first or article.published_at, article.published_at)
        self.last = max(self.last or article.published_at, article.published_at)

    def _compare(self, article: Article) -> None:
        if article.fingerprint not in self.fingerprints:
            self.fingerprints.add(article.fingerprint)
            text = signature(article.text, article.title)
            self.clusters.add(article.fingerprint, text, article.published_at, article.agency)


def summarise(found: Iterable[Article | Unreadable]) -> Findings:
    """The findings of everything that was read."""
    from corpus.readers.languages import with_language

    findings = Findings()
    for one in found:
        if isinstance(one, Article):
            findings.add(with_language(one))
        elif isinstance(one, ReadWarning):
            findings.warnings.append(one)
        else:
            findings.unreadable.append(one)
    return findings
