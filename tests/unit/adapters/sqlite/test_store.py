"""What a session keeps, and what people decided in it."""

import os
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.adapters.sqlite import SessionStore
from inspector.domain.columns import UNKNOWN
from inspector.domain.errors import FaultCode, StoreError
from inspector.domain.item import Item
from inspector.domain.media import Fault, ItemStatus
from inspector.domain.provenance import (
    AiDeclared,
    Permission,
    Provenance,
    ProvenanceState,
    TrainingUse,
    TrustTier,
)
from inspector.domain.score import CopyKind, CopyScore, Region, ViewScore
from inspector.domain.traces import Says, Trace
from inspector.domain.verdict import Decision, Finding, PersonDecision
from inspector.ports import SessionInfo, Store
from tests.fakes import (
    MemoryStore,
    a_clip,
    a_decision,
    a_file,
    a_hash,
    a_score,
    a_skipped_item,
    a_thumbnail,
    an_item,
    an_unreadable_item,
)


def same(one: Item | None, other: Item | None) -> bool:
    """Whether two items are equal, maps compared cell by cell."""
    if one is None or other is None or one.score is None or other.score is None:
        return one == other
    ours = [one.score.heatmap, *(frame.heatmap for frame in one.score.frames)]
    theirs = [other.score.heatmap, *(frame.heatmap for frame in other.score.frames)]
    for mine, its in zip(ours, theirs, strict=True):
        if (mine is None) != (its is None):
            return False
        if mine is None or its is None:
            continue
        if mine.cell_px != its.cell_px or not np.array_equal(mine.values, its.values):
            return False
    return bare(one) == bare(other)


def bare(item: Item) -> Item:
    assert item.score is not None
    frames = tuple(replace(frame, heatmap=None) for frame in item.score.frames)
    return replace(item, score=replace(item.score, heatmap=None, frames=frames))


def a_rich_item(n: int) -> Item:
    provenance = Provenance(
        state=ProvenanceState.TRUSTED,
        trust_tier=TrustTier.USER,
        hash_ok=True,
        signature_ok=False,
        manifests=3,
        depth=2,
        signer="Ein Haus, ünïcode",
        claim_generator="cam/1",
        digital_source_types=("digitalCapture", "trainedAlgorithmicMedia"),
        ai_declared=AiDeclared.PART,
        ai_declared_by="urn:x/c2pa.actions",
        ai_signed=True,
        capture_trusted=True,
        training=((TrainingUse.DATA_MINING, Permission.CONSTRAINED),),
        codes=("claimSignature.validated",),
    )
    score = a_score(
        0.7,
        regions=(Region(1, 2, 3, 4, 0.9),),
        views=(ViewScore("native", 0.4),),
        copies=(CopyScore(CopyKind.SCALE_075, 0.6, stands_out=True, abstained=True),),
        abstain_reason="It is too small.",
    )
    trace = Trace("a1111", "tEXt parameters", "a cat, steps: 20", Says.AI)
    return an_item(
        n,
        status=ItemStatus.DAMAGED,
        fault=Fault(FaultCode.TRUNCATED, "The last third is missing."),
        provenance=provenance,
        traces=(trace,),
        score=score,
    )


def test_that_every_kind_of_item_comes_back_as_it_was(store):
    given = [an_item(1), a_clip(2), a_skipped_item(3), an_unreadable_item(4), a_rich_item(5)]
    for item in given:
        store.put(item, None)
    store.flush()
    assert store.count() == len(given)
    for item in given:
        assert same(store.item(item.path), item)


def test_that_items_come_in_the_order_they_were_first_put_even_over_many_pages(store):
    for n in range(1203):
        store.put(an_item(n), None)
    store.put(an_item(0, sha256=a_hash(77)), None)
    store.flush()
    paths = [item.path for item in store.items()]
    assert paths == [a_file(n).path for n in range(1203)]


def test_that_items_have_their_own_map_and_none_of_their_frames(store):
    clip = a_clip(1)
    store.put(clip, None)
    store.flush()
    (listed,) = store.items()
    assert listed.score.heatmap is not None
    assert all(frame.heatmap is None for frame in listed.score.frames)
    assert [f.pts_s for f in listed.score.frames] == [f.pts_s for f in clip.score.frames]


def test_that_maps_and_thumbnails_are_found_by_path_and_time(store):
    clip, pixels = a_clip(1), a_thumbnail(3)
    store.put(clip, pixels)
    store.flush()
    assert np.array_equal(store.heatmap(clip.path).values, clip.score.heatmap.values)
    third = clip.score.frames[2]
    assert np.array_equal(store.heatmap(clip.path, third.pts_s).values, third.heatmap.values)
    assert store.heatmap(clip.path, 99.0) is None
    assert store.heatmap("/no/such") is None
    shown = store.thumbnail(clip.path)
    assert shown.shape == pixels.shape
    assert np.abs(shown.astype(int) - pixels).mean() < 6
    assert store.thumbnail("/no/such") is None


def test_that_a_thumbnail_stays_with_the_same_bytes_and_goes_with_others(store):
    item = an_item(1)
    store.put(item, a_thumbnail())
    store.put(item, None)
    store.flush()
    assert store.thumbnail(item.path) is not None
    store.put(replace(item, sha256=a_hash(2)), None)
    store.flush()
    assert store.thumbnail(item.path) is None


def test_that_an_item_put_again_replaces_the_old_one_with_its_maps(store):
    clip = a_clip(1)
    store.put(clip, None)
    score = replace(clip.score, frames=clip.score.frames[:2])
    store.put(replace(clip, score=score), None)
    store.flush()
    assert store.count() == 1
    assert len(store.item(clip.path).score.frames) == 2
    assert store.heatmap(clip.path, clip.score.frames[5].pts_s) is None


@given(
    name=st.binary(min_size=1, max_size=60).filter(lambda b: b"\0" not in b and b"/" not in b),
    message=st.text(alphabet=st.characters(), max_size=40),
)
@settings(max_examples=20, deadline=None)
def test_that_names_of_any_bytes_survive(tmp_path_factory, name, message):
    path = os.fsdecode(b"/set/" + name)
    folder = tmp_path_factory.mktemp("odd")
    fault = Fault(FaultCode.CORRUPT, message)
    item = an_unreadable_item(1, file=a_file(1, path=path, root=path), fault=fault)
    with SessionStore.create(folder / "odd.inspection", SessionInfo(roots=(path,))) as store:
        store.put(item, None)
        store.flush()
        store.decide([a_decision(path, Decision.KEEP)])
        assert store.item(path).file == item.file
        assert [d.path for d in store.history(path)] == [path]
        assert store.info().roots == (path,)
    with SessionStore.open(folder / "odd.inspection") as store:
        (listed,) = store.items()
        assert (listed.path, listed.person) == (path, Decision.KEEP)
        assert store.columns().paths == (path,)


def test_that_a_sentence_quoting_an_odd_name_does_not_stop_the_session(store):
    fault = Fault(FaultCode.FORBIDDEN, "Cannot open /set/\udcff.jpg.")
    store.put(an_unreadable_item(1, fault=fault), None)
    store.flush()
    (item,) = store.items()
    assert item.fault.message == "Cannot open /set/\ufffd.jpg."


def test_that_values_sqlite_cannot_hold_do_not_stop_the_session(store, session_path):
    odd_score = a_score(float("nan"), likelihood_max=-0.0)
    store.put(an_item(1, file=a_file(1, mtime_ns=1 << 63)), None)
    store.put(an_item(2, score=odd_score, verdict=an_item(2).verdict), None)
    store.put(an_item(3, score=a_score(np.float64(0.25))), None)
    store.flush()
    first, second, third = store.items()
    assert first.file.mtime_ns == (1 << 63) - 1
    assert np.isnan(second.score.likelihood)
    assert third.score.likelihood == 0.25
    store.close()
    with SessionStore.open(session_path) as reopened:
        assert reopened.count() == 3


def test_that_a_session_keeps_its_facts(session_path):
    info = SessionInfo(("/a", "/b"), "fast", "strict", "2026-01-01T00:00:00Z", {"trust.x": "aa"})
    with SessionStore.create(session_path) as store:
        assert store.info().created_at
        store.set_info(info)
        assert store.info() == info
    with SessionStore.open(session_path) as store:
        assert store.info() == info


def test_that_a_temporary_session_leaves_nothing_behind():
    with SessionStore.temporary() as store:
        folder = store.path.parent
        store.put(an_item(1), None)
        store.flush()
        assert store.count() == 1
    assert not folder.exists()


def test_that_what_was_put_is_saved_by_closing(session_path):
    with SessionStore.create(session_path) as store:
        for n in range(10):
            store.put(an_item(n), None)
    with SessionStore.open(session_path) as store:
        assert store.count() == 10


def test_that_items_are_written_without_being_asked_for(store):
    store.put(an_item(1), None)
    found = threading.Event()
    for _ in range(1000):
        if store.count():
            break
        found.wait(0.01)
    assert store.count() == 1


def test_that_many_threads_put_and_read_at_once(store):
    def put(start: int) -> None:
        for n in range(start, start + 200):
            store.put(an_item(n), a_thumbnail(n))
            store.item(a_file(n).path)

    threads = [threading.Thread(target=put, args=(k * 200,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.flush()
    assert store.count() == 800
    assert len(list(store.items())) == 800


def test_that_nothing_is_taken_after_closing(session_path):
    store = SessionStore.create(session_path)
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.put(an_item(1), None)
    with pytest.raises(StoreError, match="closed"):
        store.decide([a_decision("/a", Decision.KEEP)])
    with pytest.raises(StoreError, match="closed"):
        store.count()


def test_that_a_thumbnail_of_a_wrong_shape_is_its_givers_error(store):
    with pytest.raises(ValueError, match="thumbnail"):
        store.put(an_item(1), np.zeros((4, 4), np.uint8))


def test_that_an_existing_file_is_never_overwritten(session_path):
    session_path.write_bytes(b"something else")
    with pytest.raises(StoreError, match="exists already"):
        SessionStore.create(session_path)
    assert session_path.read_bytes() == b"something else"
    with pytest.raises(StoreError, match="does not exist"):
        SessionStore.create(session_path.parent / "nowhere" / "set.inspection")


@pytest.mark.parametrize("kind", ["sqlite", "memory"])
class TestDecisions:
    """The same rules for the real session and for the fake."""

    @pytest.fixture
    def store(self, kind: str, session_path: Path):
        made: Store = SessionStore.create(session_path) if kind == "sqlite" else MemoryStore()
        with made:
            yield made

    def test_that_a_person_beats_the_rule_and_can_take_it_back(self, store):
        item = an_item(1)
        store.put(item, None)
        store.flush()
        store.decide([a_decision(item, Decision.DROP)])
        assert store.item(item.path).decision is Decision.DROP
        assert [i.person for i in store.items()] == [Decision.DROP]
        store.decide([a_decision(item, None)])
        assert store.item(item.path).person is None
        assert store.item(item.path).decision is Decision.KEEP
        assert [d.decision for d in store.history(item.path)] == [Decision.DROP, None]

    def test_that_a_decision_survives_a_rescan_of_the_same_bytes(self, store):
        item = an_item(1)
        store.put(item, None)
        store.decide([a_decision(item, Decision.DROP)])
        store.put(item, None)
        store.flush()
        assert store.item(item.path).person is Decision.DROP

    def test_that_other_bytes_end_a_decision_and_the_old_ones_bring_it_back(self, store):
        item = an_item(1)
        store.put(item, None)
        store.flush()
        store.decide([a_decision(item, Decision.DROP)])
        store.put(replace(item, sha256=a_hash(2)), None)
        store.flush()
        assert store.item(item.path).person is None
        assert len(store.history(item.path)) == 1
        store.put(item, None)
        store.flush()
        assert store.item(item.path).person is Decision.DROP

    def test_that_a_decision_stands_while_the_file_cannot_be_read(self, store):
        item = an_item(1)
        store.put(item, None)
        store.flush()
        store.decide([a_decision(item, Decision.DROP)])
        store.put(an_unreadable_item(1, file=item.file, sha256=None), None)
        store.flush()
        assert store.item(item.path).person is Decision.DROP

    def test_that_a_decision_without_a_hash_is_on_the_bytes_that_were_scanned(self, store):
        item = an_item(1)
        store.put(item, None)
        store.flush()
        store.decide([PersonDecision(item.path, None, Decision.DROP, "now")])
        assert store.history(item.path)[0].sha256 == item.sha256
        store.put(replace(item, sha256=a_hash(2)), None)
        store.flush()
        assert store.item(item.path).person is None

    def test_that_a_file_may_be_decided_before_it_is_scanned(self, store):
        item = an_item(1)
        store.decide([a_decision(item.path, Decision.REVIEW)])
        store.put(item, None)
        store.flush()
        assert store.item(item.path).person is Decision.REVIEW

    def test_that_a_decision_on_a_file_the_session_lacks_makes_no_item(self, store):
        store.decide([a_decision("/elsewhere", Decision.KEEP)])
        assert store.count() == 0
        assert store.item("/elsewhere") is None
        assert len(store.history("/elsewhere")) == 1


def test_that_columns_tell_what_the_items_tell(store):
    items = [an_item(60), a_clip(2), a_skipped_item(3), an_unreadable_item(4), a_rich_item(5)]
    for item in items:
        store.put(item, None)
    store.flush()
    store.decide([a_decision(items[0], Decision.DROP)])
    columns = store.columns()
    assert list(columns.paths) == [item.path for item in items]
    assert list(columns.size) == [item.file.size for item in items]
    assert columns.status[2] == list(ItemStatus).index(ItemStatus.SKIPPED)
    assert columns.finding[2] == UNKNOWN
    assert columns.finding[3] == list(Finding).index(Finding.UNREADABLE)
    assert columns.person[0] == list(Decision).index(Decision.DROP)
    assert columns.person[1] == UNKNOWN
    assert np.isnan(columns.likelihood[3])
    assert columns.likelihood[0] == pytest.approx(0.6)
    assert columns.duration_s[1] == pytest.approx(4.0)
    assert columns.signers[columns.signer[4]] == "Ein Haus, ünïcode"
    assert columns.signers[columns.signer[0]] == ""
    assert columns.hot_spots[4] == 1
    assert columns.abstained[4]


def test_that_columns_of_an_empty_session_are_empty(store):
    assert len(store.columns()) == 0
    assert store.columns().signers == ("",)
