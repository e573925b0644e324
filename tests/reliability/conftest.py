"""The process that forks those that tests kill."""

from collections.abc import Iterator

import pytest

from tests.reliability.workshop import Workshop


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    opened = Workshop()
    yield opened
    opened.close()
