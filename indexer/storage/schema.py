"""The tables of an archive and the steps from older schemas to this one."""

SCHEMA_VERSION = 5

_TABLES = """
CREATE TABLE articles (
    article_key INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    url TEXT,
    source TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    authors TEXT NOT NULL,
    agency TEXT,
    section TEXT,
    keywords TEXT NOT NULL,
    language TEXT,
    published_at INTEGER,
    updated_at INTEGER,
    date_origin TEXT NOT NULL,
    fetched_at INTEGER,
    correction TEXT,
    fingerprint TEXT NOT NULL,
    stood_from INTEGER,
    signature BLOB NOT NULL,
    UNIQUE (article_id, version)
);
CREATE TABLE passages (
    passage_id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_key INTEGER NOT NULL REFERENCES articles (article_key) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    text_hash BLOB NOT NULL,
    sequence INTEGER NOT NULL
);
CREATE INDEX passages_by_article ON passages (article_key);
CREATE INDEX passages_by_sequence ON passages (sequence);
CREATE TABLE clusters (
    article_id TEXT PRIMARY KEY,
    cluster_id TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE embeddings (
    text_hash BLOB NOT NULL,
    model TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (text_hash, model)
) WITHOUT ROWID;
CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO state VALUES ('sequence', '0');
"""
_FROM_1_TO_2 = """
CREATE TABLE IF NOT EXISTS removals (passage_id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS removals_by_sequence ON removals (sequence);
CREATE INDEX IF NOT EXISTS articles_by_cluster ON clusters (cluster_id);
"""
_FROM_2_TO_3 = """
ALTER TABLE articles ADD COLUMN utc_offset_minutes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE articles ADD COLUMN warnings TEXT NOT NULL DEFAULT '[]';
ALTER TABLE articles ADD COLUMN is_withdrawn INTEGER NOT NULL DEFAULT 0;
"""
_FROM_3_TO_4 = """
ALTER TABLE articles ADD COLUMN checksum BLOB;
ALTER TABLE embeddings ADD COLUMN checksum BLOB;
CREATE TABLE removed_articles (
    article_hash TEXT NOT NULL,
    url_hash TEXT,
    source TEXT NOT NULL,
    published_at INTEGER,
    traces TEXT NOT NULL,
    to_purge INTEGER NOT NULL DEFAULT 0
);
"""
# Clusters of a filled archive are computed again by its next writer, because SQL cannot read signatures.
_FROM_4_TO_5 = """
ALTER TABLE articles ADD COLUMN signature_hash INTEGER;
CREATE INDEX articles_by_signature ON articles (signature_hash);
CREATE TABLE signature_keys (
    key INTEGER NOT NULL,
    signature_hash INTEGER NOT NULL,
    PRIMARY KEY (key, signature_hash)
) WITHOUT ROWID;
ALTER TABLE clusters ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE clusters ADD COLUMN component_id TEXT;
CREATE INDEX clusters_by_sequence ON clusters (sequence);
CREATE INDEX clusters_by_component ON clusters (component_id);
DELETE FROM state WHERE name = 'clusters_checksum';
INSERT INTO state SELECT 'clusters_sum', '0' WHERE NOT EXISTS (SELECT 1 FROM articles);
"""
_MIGRATIONS = {1: _FROM_1_TO_2, 2: _FROM_2_TO_3, 3: _FROM_3_TO_4, 4: _FROM_4_TO_5}  # from this version to the next


def creation() -> str:
    """The script that makes all tables in an empty file."""
    return f"BEGIN;{_TABLES}{''.join(_MIGRATIONS.values())}PRAGMA user_version = {SCHEMA_VERSION};COMMIT;"


def migration(found: int) -> str:
    """The script that brings the tables of schema `found` up to date."""
    steps = "".join(_MIGRATIONS[version] for version in range(found, SCHEMA_VERSION))
    return f"BEGIN IMMEDIATE;{steps}PRAGMA user_version = {SCHEMA_VERSION};COMMIT;"
