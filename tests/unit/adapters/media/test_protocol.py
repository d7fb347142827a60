import json

import pytest

from inspector.adapters.media.protocol import (
    Band,
    ClipOpened,
    Done,
    Examined,
    Failed,
    Manifests,
    Moving,
    Op,
    Progress,
    Ready,
    Request,
    encoded,
)
from inspector.adapters.media.replies import BrokenReply, decoded
from inspector.domain.errors import FaultCode
from inspector.domain.media import Fault, ItemStatus, MediaInfo, MediaKind
from inspector.domain.provenance import (
    ManifestNode,
    ManifestStore,
    Permission,
    Provenance,
    ProvenanceState,
    TrainingUse,
)
from inspector.domain.traces import Says, Trace

INFO = MediaInfo(MediaKind.VIDEO, "mp4", 64, 48, 2.0, 48, 24.0, "h264")
PROVENANCE = Provenance(
    state=ProvenanceState.TRUSTED,
    training=((TrainingUse.DATA_MINING, Permission.NOT_ALLOWED),),
    codes=("a", "b"),
)


@pytest.mark.parametrize(
    "reply",
    [
        Ready({"seccomp": "in force"}),
        Moving(),
        Progress(),
        Band(0, 4, 4, 0, 4, 0.5),
        Examined(
            ItemStatus.DAMAGED,
            "00",
            INFO,
            Fault(FaultCode.TRUNCATED, "cut"),
            PROVENANCE,
            (Trace("exif", "Software", "x", Says.INFO),),
            True,
        ),
        Manifests(
            ManifestStore(
                PROVENANCE,
                ManifestNode("a", None, None, None, ingredients=(ManifestNode("b", *[None] * 3),)),
                "{}",
            )
        ),
        ClipOpened(INFO),
        Done(False),
        Failed(FaultCode.CORRUPT, "bad"),
    ],
)
def test_that_replies_arrive_as_they_were_sent(reply):
    assert decoded(encoded(reply), 1000, 1000) == reply


def test_that_requests_arrive_as_they_were_sent():
    request = Request(Op.EXAMINE, "/x/bad\udcff.jpg", 12, 34, None, False, 256)
    assert Request.decoded(request.encoded()) == request


@pytest.mark.parametrize(
    "band",
    [
        Band(0, 4, 4, 0, 5),
        Band(0, 4, 4, 1, 4),
        Band(0, 4, 4, -1, 4),
        Band(-1, 4, 4, 0, 4),
        Band(990, 4, 4, 0, 4),
        Band(0, 0, 4, 0, 0),
        Band(0, 4, -4, 0, 4),
        Band(0, 100, 100, 0, 1),
        Band(0, 4, 4, 0, 4, float("nan")),
        Band(0, 4, 4, 0, 4, float("inf")),
    ],
)
def test_that_a_band_outside_the_shared_memory_is_refused(band):
    with pytest.raises(BrokenReply):
        decoded(encoded(band), 1000, 1000)


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\x80\x04\x95",
        b"null",
        b"{}",
        json.dumps({"kind": "launch"}).encode(),
        json.dumps({"kind": "examined", "status": "splendid"}).encode(),
        json.dumps({"kind": "band", "at": "0", "height": 1, "width": 1}).encode(),
        b"[" * 100_000,
    ],
)
def test_that_nonsense_is_refused(message):
    with pytest.raises(BrokenReply):
        decoded(message, 1000, 1000)
