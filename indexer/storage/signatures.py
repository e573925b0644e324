"""The signatures of an archive's articles by their keys, so that the copies of one text are found without the others.

Articles with the same signature share one entry, as they are one node in the graph of near-duplicates.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.duplicates import COMMON_KEY, SHARED_KEYS
from corpus.signatures import Signature, contradict, share_words
from indexer.storage.rows import placeholders

_IS_LATEST = "version = (SELECT max(version) FROM articles WHERE article_id = one.article_id)"


def unpacked(packed: object) -> Signature:
    """A stored signature; empty, which matches nothing, where it is damaged or of an older format."""
    known = Signature.unpack(packed) if isinstance(packed, bytes) else None
    return known or Signature(b"", b"")


def add_signature(connection: sqlite3.Connection, packed: bytes) -> int | None:
    """Enter a signature by its keys; returns its hash, or None when its text is too short to be compared."""
    keys = unpacked(packed).keys
    if not keys:
        return None
    digest = _hash(packed)
    connection.executemany("INSERT OR IGNORE INTO signature_keys VALUES (?, ?)", [(key, digest) for key in keys])
    return digest


def drop_signatures(connection: sqlite3.Connection, stored: Iterable[bytes]) -> None:
    """Drop the entries of signatures that no article has any more."""
    for packed in set(stored):
        digest = _hash(packed)
        if not connection.execute("SELECT 1 FROM articles WHERE signature_hash = ? LIMIT 1", (digest,)).fetchone():
            rows = [(key, digest) for key in unpacked(packed).keys]
            connection.executemany("DELETE FROM signature_keys WHERE key = ? AND signature_hash = ?", rows)


@dataclass(frozen=True, slots=True)
class Near:
    """What the archive has near a text."""

    copies: tuple[str, ...] = ()  # articles; of those with the same text, one
    is_contradicted: bool = False  # by a text with the same words and other facts


def near(connection: sqlite3.Connection, article_id: str, packed: bytes) -> Near:
    """Other articles whose latest version is a near-duplicate of an article's latest version."""
    own = unpacked(packed)
    if not own.keys:
        return Near()
    digest = _hash(packed)
    same = _holder(connection, digest, article_id)
    copies, is_contradicted = [] if same is None else [same[0]], False
    for candidate in _candidates(connection, own.keys, digest):
        holder = _holder(connection, candidate, article_id)
        if holder and share_words(own, other := unpacked(holder[1])):
            if contradict(own, other):
                is_contradicted = True
            else:
                copies.append(holder[0])
    return Near(tuple(copies), is_contradicted)


def _candidates(connection: sqlite3.Connection, keys: Sequence[int], own: int) -> list[int]:
    rare = [key for key in keys if not _is_common(connection, key, own)]
    rows = connection.execute(
        f"SELECT signature_hash FROM signature_keys WHERE key IN ({placeholders(rare)}) AND signature_hash <> ? "
        "GROUP BY signature_hash HAVING count(*) >= ?",
        (*rare, own, SHARED_KEYS),
    )
    return [digest for (digest,) in rows]


def _is_common(connection: sqlite3.Connection, key: int, own: int) -> bool:
    rows = connection.execute(
        "SELECT 1 FROM signature_keys WHERE key = ? AND signature_hash <> ? LIMIT ?", (key, own, COMMON_KEY + 1)
    )
    return len(rows.fetchall()) > COMMON_KEY


def _holder(connection: sqlite3.Connection, digest: int, besides: str) -> tuple[str, bytes] | None:
    found: tuple[str, bytes] | None = connection.execute(
        "SELECT article_id, signature FROM articles AS one WHERE signature_hash = ? AND article_id <> ? "
        f"AND {_IS_LATEST} LIMIT 1",
        (digest, besides),
    ).fetchone()
    return found


def _hash(packed: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(packed, digest_size=8).digest(), "little", signed=True)
