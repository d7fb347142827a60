"""Sessions in temporary folders."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.adapters.sqlite import SessionStore


@pytest.fixture
def session_path(tmp_path: Path) -> Path:
    return tmp_path / "set.inspection"


@pytest.fixture
def store(session_path: Path) -> Iterator[SessionStore]:
    with SessionStore.create(session_path) as made:
        yield made
