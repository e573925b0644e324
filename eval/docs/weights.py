"""The table of weight files that can be installed or downloaded, read from the code that verifies them."""

from chat.llms.known_weights import KNOWN, LOCAL, Weights


def weights_text() -> str:
    """One row per file."""
    return "\n".join(
        ["| file | size | packages | hub | SHA-256 |", "| --- | --- | --- | --- | --- |", *map(_row, KNOWN)]
    )


def _row(weights: Weights) -> str:
    name = f"`{weights.file_name}`{' (`local`)' if weights is LOCAL else ''}"
    first, last = weights.packages[0], weights.packages[-1].rpartition("-")[2]
    hub = f"`{weights.repository}`"
    return f"| {name} | {weights.size_bytes / 1e6:.0f} MB | `{first}` to `{last}` | {hub} | `{weights.sha256}` |"
