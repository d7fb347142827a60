from collections import Counter
from threading import Event

import pytest

from inspector.domain.errors import FaultCode, StoreError
from inspector.domain.events import (
    DiscoveryDone,
    FilesFound,
    ItemJudged,
    PathTrouble,
    Progress,
    ScanFinished,
)
from inspector.domain.media import Fault, ItemStatus
from inspector.domain.policy import PRESETS
from inspector.domain.verdict import Decision, Rule
from inspector.pipeline.assess import Assessor
from inspector.pipeline.scan import Scan
from inspector.pipeline.scoring import FrameScorer
from inspector.ports import Examination, ExaminePlan
from tests.fakes import (
    FakeDetector,
    FakeFinder,
    FakeMedia,
    FakeReader,
    MemoryStore,
    a_decision,
    a_file,
)


class Bench:
    """A scan over fakes, with what it needs at hand."""

    def __init__(self, count=20, jobs=3, entries=(), detector=None):
        self.files = [a_file(n) for n in range(count)]
        self.reader = FakeReader({f.path: FakeMedia.picture(n) for n, f in enumerate(self.files)})
        self.store = MemoryStore()
        self.cancel = Event()
        self.jobs = jobs
        self.finder = FakeFinder([*self.files, *entries])
        self.detector = detector or FakeDetector()

    def scan(self, policy="cautious"):
        assessor = Assessor(
            self.reader, FrameScorer(self.detector), PRESETS[policy], ExaminePlan(), {}
        )
        return Scan(["/media"], self.finder, lambda: assessor, self.store, self.jobs, self.cancel)

    def run(self, policy="cautious"):
        return list(self.scan(policy).events())


def items_of(events):
    return {e.item.path: e.item for e in events if isinstance(e, ItemJudged)}


def test_that_every_file_found_gets_one_item_and_is_stored():
    bench = Bench(50)
    events = bench.run()
    judged = Counter(e.item.path for e in events if isinstance(e, ItemJudged))
    assert judged == Counter(f.path for f in bench.files)
    assert bench.store.count() == 50


def test_that_a_file_is_found_before_it_is_judged_and_the_end_comes_last():
    events = Bench(50).run()
    found = set()
    for event in events:
        if isinstance(event, FilesFound):
            found |= {f.path for f in event.files}
        if isinstance(event, ItemJudged):
            assert event.item.path in found
    assert DiscoveryDone(50) in events
    assert events[-1] == ScanFinished(50, 50, cancelled=False)
    assert isinstance(events[-2], Progress)


def test_that_a_bad_file_shows_as_unreadable_and_the_scan_goes_on():
    bench = Bench(5)
    fault = Fault(FaultCode.CORRUPT, "The picture data is not valid.")
    bench.reader.media[bench.files[2].path] = FakeMedia(
        Examination(ItemStatus.UNREADABLE, fault=fault)
    )
    items = items_of(bench.run())
    bad = items[bench.files[2].path]
    assert bad.rule is Rule.UNREADABLE
    assert bad.score is None
    assert bad.verdict.reason == fault.message
    assert sum(item.score is not None for item in items.values()) == 4


def test_that_skipped_files_get_no_verdict():
    bench = Bench(1)
    fault = Fault(FaultCode.NOT_MEDIA, "It is neither a picture nor a clip.")
    bench.reader.media[bench.files[0].path] = FakeMedia(
        Examination(ItemStatus.SKIPPED, fault=fault)
    )
    (item,) = items_of(bench.run()).values()
    assert (item.finding, item.rule, item.decision) == (None, None, None)


def test_that_trouble_on_the_way_is_told_and_passed_by():
    trouble = PathTrouble("/gone", "It is not there.", dropped=True)
    events = Bench(3, entries=[trouble]).run()
    assert trouble in events
    assert len(items_of(events)) == 3


def test_that_an_empty_folder_is_a_finished_scan():
    events = Bench(0).run()
    assert events[-1] == ScanFinished(0, 0, cancelled=False)


def test_that_a_resumed_scan_reads_nothing_twice():
    bench = Bench(10)
    bench.run()
    bench.reader.examined.clear()
    events = bench.run()
    assert bench.reader.examined == []
    assert all(e.resumed for e in events if isinstance(e, ItemJudged))
    assert len(items_of(events)) == 10


def test_that_a_changed_file_is_read_again():
    bench = Bench(10)
    bench.run()
    bench.reader.examined.clear()
    changed = a_file(3, mtime_ns=5)
    bench.finder.entries = [*bench.files[:3], changed, *bench.files[4:]]
    bench.run()
    assert bench.reader.examined == [changed.path]


def test_that_another_policy_judges_again_without_reading():
    bench = Bench(4)
    bench.run()
    bench.reader.examined.clear()
    items = items_of(bench.run("report"))
    assert bench.reader.examined == []
    assert {item.decision for item in items.values()} == {None}
    assert bench.store.item(bench.files[0].path).policy.name == "report"


def test_that_a_persons_decision_outlives_a_rescan():
    bench = Bench(3)
    bench.run()
    item = bench.store.item(bench.files[1].path)
    bench.store.decide([a_decision(item, Decision.DROP)])
    items = items_of(bench.run())
    assert items[item.path].decision is Decision.DROP
    assert bench.store.item(item.path).decision is Decision.DROP


def test_that_cancel_ends_the_scan_and_a_later_one_finishes_it():
    bench = Bench(400, jobs=2)
    done = 0
    for event in bench.scan().events():
        if isinstance(event, ItemJudged):
            done += 1
            if done == 5:
                bench.cancel.set()
        last = event
    assert last.cancelled
    assert last.done < 400
    first = bench.store.count()
    bench.reader.examined.clear()
    bench.cancel = Event()
    assert len(items_of(bench.run())) == 400
    assert len(bench.reader.examined) == 400 - first


def test_that_a_consumer_that_goes_away_ends_every_thread():
    bench = Bench(2000)
    events = bench.scan().events()
    next(events)
    events.close()
    read = len(bench.reader.examined)
    assert read < 2000


def test_that_a_session_that_cannot_be_written_ends_the_scan_aloud():
    class FullStore(MemoryStore):
        def put(self, item, thumbnail):
            raise StoreError("The disk is full.")

    bench = Bench(20)
    bench.store = FullStore()
    with pytest.raises(StoreError, match="full"):
        bench.run()


def test_that_a_fault_of_our_own_ends_the_scan_aloud():
    class BrokenReader(FakeReader):
        def examine(self, file, plan, on_frame, cancel):
            raise RuntimeError("a bug")

    bench = Bench(20)
    bench.reader = BrokenReader()
    with pytest.raises(RuntimeError, match="a bug"):
        bench.run()


def test_that_a_detector_that_fails_gives_no_score_and_a_reason():
    bench = Bench(2, detector=FakeDetector(fail=True))
    for item in items_of(bench.run()).values():
        assert item.score is None
        assert item.fault.code is FaultCode.NO_SCORE
        assert item.decision is Decision.REVIEW


def test_that_memory_of_waiting_files_is_bounded():
    bench = Bench(3)
    scan = bench.scan()
    assert scan._files.maxsize > 0
    assert scan._events.maxsize > 0
