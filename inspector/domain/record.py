"""The item contract: one JSON object per file, schema "inspector.item/1"."""

from inspector.domain.item import Item
from inspector.domain.media import Fault, MediaKind, path_hex
from inspector.domain.provenance import Provenance
from inspector.domain.score import Heatmap, Score

SCHEMA = "inspector.item/1"

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]
Record = dict[str, Json]


def record_of(item: Item) -> Record:
    """Return the item as the contract's JSON object: every key present, ``None`` where unknown."""
    info, score, verdict = item.info, item.score, item.verdict
    by = item.decided_by
    return {
        "schema": SCHEMA,
        "path": _utf8(item.path),
        "path_hex": path_hex(item.path),
        "sha256": item.sha256,
        "bytes": item.file.size,
        "media": info.kind.value if info else None,
        "format": info.format if info else None,
        "width": info.width if info else None,
        "height": info.height if info else None,
        "duration_s": _rounded(info.duration_s) if info else None,
        "frames_scored": score.frames_scored if score else 0,
        "status": item.status.value,
        "error": _fault(item.fault),
        **_score_fields(score),
        "frames": _frames(item),
        "provenance": provenance_record(item.provenance),
        "traces": [
            {"kind": t.kind, "key": t.key, "value": t.value, "says": t.says.value}
            for t in item.traces
        ],
        "finding": verdict.finding.value if verdict else None,
        "rule": verdict.rule.value if verdict else None,
        "decision": item.decision.value if item.decision else None,
        "decided_by": by.value if by else None,
        "reason": verdict.reason if verdict else None,
        "model": {"id": item.model.id, "sha256": item.model.sha256} if item.model else None,
        "policy": {"name": item.policy.name, "sha256": item.policy.sha256} if item.policy else None,
        "engine_versions": dict(sorted(item.engine_versions.items())),
    }


def provenance_record(provenance: Provenance) -> Record:
    """Return the ``provenance`` object of the contract."""
    return {
        "state": provenance.state.value,
        "trust_tier": provenance.trust_tier.value if provenance.trust_tier else None,
        "location": provenance.location.value if provenance.location else None,
        "hash_ok": provenance.hash_ok,
        "signature_ok": provenance.signature_ok,
        "certificate_expired": provenance.certificate_expired,
        "manifests": provenance.manifests,
        "depth": provenance.depth,
        "active_label": provenance.active_label,
        "claim_generator": provenance.claim_generator,
        "signer": provenance.signer,
        "signed_at": provenance.signed_at,
        "digital_source_types": list(provenance.digital_source_types),
        "ai_declared": provenance.ai_declared.value,
        "ai_declared_by": provenance.ai_declared_by,
        "ingredient_problems": list(provenance.ingredient_problems),
        "training": {use.value: permission.value for use, permission in provenance.training},
        "remote_url": provenance.remote_url,
        "codes": list(provenance.codes),
    }


def _score_fields(score: Score | None) -> Record:
    return {
        "likelihood": _rounded(score.likelihood) if score else None,
        "likelihood_max": _rounded(score.likelihood_max) if score else None,
        "abstained": score.abstained if score else False,
        "abstain_reason": score.abstain_reason if score else None,
        "heatmap": _heatmap(score.heatmap) if score else None,
        "regions": [
            {"x": r.x, "y": r.y, "w": r.w, "h": r.h, "likelihood": _rounded(r.likelihood)}
            for r in (score.regions if score else ())
        ],
        "spans": [
            {
                "start_s": _rounded(s.start_s),
                "end_s": _rounded(s.end_s),
                "likelihood": _rounded(s.likelihood),
            }
            for s in (score.spans if score else ())
        ],
    }


def _frames(item: Item) -> Json:
    if item.score is None or item.media is not MediaKind.VIDEO:
        return []
    return [
        {"pts_s": _rounded(f.pts_s), "likelihood": _rounded(f.likelihood)}
        for f in item.score.frames
    ]


def _heatmap(heatmap: Heatmap | None) -> Json:
    if heatmap is None:
        return None
    return {"rows": heatmap.rows, "cols": heatmap.cols, "cell_px": heatmap.cell_px}


def _fault(fault: Fault | None) -> Json:
    return {"code": fault.code.value, "message": fault.message} if fault else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _utf8(path: str) -> str:
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
