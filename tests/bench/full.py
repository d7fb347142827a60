"""A scan with the large detector on a CPU: its speed, and the memory of the scanning process."""

from inspector.bootstrap.detectors import FULL
from tests.bench.measured import Measured
from tests.bench.scan import measure_scan

FILES, ROUNDS = 12, 2


def run() -> list[Measured]:
    return measure_scan(FULL, "cpu", FILES, ROUNDS)
