import sys

import pytest
from PySide6.QtCore import QObject

CALLS = 1000


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_that_a_void_call_loses_no_reference_to_none():
    """PySide6 6.12.0 on Python 3.11 loses one per call, and the process aborts in the end."""
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        thing.setObjectName("a")
    assert abs(sys.getrefcount(None) - before) < CALLS / 2
