"""Background jobs and a parent widget for the desk's parts."""

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget

from inspector.gui.workers.background import BackgroundJobs


@pytest.fixture(autouse=True)
def collect_in_this_thread() -> Iterator[None]:
    """Have no widget taken apart by the collector in a worker's thread."""
    gc.disable()
    yield
    gc.collect(1)  # a whole collection after every test would take as long as the tests
    gc.enable()


@pytest.fixture
def jobs(qapp) -> Iterator[BackgroundJobs]:
    jobs = BackgroundJobs(qapp, threads=1)
    yield jobs
    jobs.close()


@pytest.fixture
def host(qtbot) -> QWidget:
    """Return a window that owns the part under test."""
    host = QWidget()
    host.resize(900, 600)
    qtbot.addWidget(host)
    return host
