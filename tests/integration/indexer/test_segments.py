"""Segments: what Chroma writes for a few vectors holds nothing else."""

import struct
from pathlib import Path

import numpy as np
import pytest

from indexer.search.segments import FolderSegments


@pytest.mark.parametrize("passages", [1, 2, 5])
def test_the_room_for_vectors_to_come_holds_nothing_from_memory(tmp_path: Path, passages: int) -> None:
    place = FolderSegments(tmp_path)
    vectors = np.random.default_rng(passages).normal(size=(passages, 384)).astype(np.float32)
    place.write_fresh("segment-1", [(list(range(passages)), vectors)])
    with place.writing_graph("segment-1", passages) as collection:
        for _ in range(2):  # a single change would stay in Chroma's log
            collection.upsert(ids=[str(number) for number in range(passages)], embeddings=vectors)
    (header,) = (tmp_path / "segment-1").glob("*/header.bin")
    room, held, width = struct.unpack_from("<3Q", header.read_bytes(), 12)
    assert (room > held, held) == (True, passages)
    for name, row_bytes in (("data_level0.bin", width), ("length.bin", 4)):
        content = header.with_name(name).read_bytes()
        assert len(content) == room * row_bytes
        assert not any(content[held * row_bytes :])
    opened = place.open("segment-1")
    assert opened.collection
    assert opened.collection.count() == passages
    nearest = opened.collection.query(query_embeddings=vectors[0], n_results=passages)
    assert nearest["ids"][0][0] == "0"
    opened.close()
