"""Settings of all tests, and the archive that several of them read."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

# A deadline would judge by the wall clock. CI runs the same examples each time: a new counterexample is for a developer
# to find, not for a release to fail on.
settings.register_profile("dateline", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "dateline")

SAMPLE = Path(__file__).parents[1] / "corpus" / "sample"


@pytest.fixture(scope="session")
def _sample_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from corpus.readers import read_articles
    from indexer.embedding.model import open_embedding
    from indexer.sync import sync

    data = tmp_path_factory.mktemp("sample")
    report = sync(read_articles([SAMPLE]), data, open_embedding())
    assert (report.unreadable, report.added) == ((), 76)
    return data


@pytest.fixture(scope="session")
def sample_data(_sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Gives a data folder of one's own with the sample articles, embedded once with the real model."""
    return lambda: Path(shutil.copytree(_sample_data, tmp_path_factory.mktemp("data") / "data"))


@pytest.fixture(scope="session")
def models_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds the local model as GGUF and as OpenVINO reads it, made once for all processes of a test run."""
    from chat.errors import WeightsError
    from chat.llms.openvino_files import find_openvino_files
    from chat.llms.weights import find_weights

    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "models"
    try:
        with FileLock(f"{folder}.lock"):
            find_weights(folder)
        find_openvino_files(folder)
    except WeightsError as error:
        pytest.skip(str(error))
    return folder
