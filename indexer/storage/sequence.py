"""The sequence number of an archive: it grows with every change."""

import sqlite3


def next_sequence(connection: sqlite3.Connection) -> int:
    """The number of the change that this transaction makes."""
    row = connection.execute("UPDATE state SET value = value + 1 WHERE name = 'sequence' RETURNING value").fetchone()
    return int(row[0])
