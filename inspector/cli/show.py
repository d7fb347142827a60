"""``inspector show``: all that is known of one file."""

from pathlib import Path
from typing import Annotated

import typer

from inspector.bootstrap.remote import remote_address
from inspector.bootstrap.spotcheck import SpotCheck, spot_check
from inspector.cli.output import OUT, print_pretty_json, say
from inspector.domain.detector_rules import COPY_WORDS
from inspector.domain.errors import FetchError, MediaError
from inspector.domain.item import Item
from inspector.domain.media import ItemStatus, display_path
from inspector.domain.provenance import ProvenanceState
from inspector.domain.record import record_of


def show(
    file: Annotated[str, typer.Argument(metavar="FILE")],
    json: Annotated[bool, typer.Option("--json", help="The item as JSON.")] = False,
    heatmap: Annotated[
        Path | None, typer.Option(metavar="OUT.png", help="Write the whole heatmap over the frame.")
    ] = None,
    frame: Annotated[
        float | None, typer.Option(metavar="SECONDS", min=0, help="Which frame of a clip.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(metavar="ID|DIR", help="Detector; auto picks by device.")
    ] = None,
    stability: Annotated[
        bool,
        typer.Option(
            "--stability", help="Score again as JPEG 90 and at 0.75 scale; what flips is reviewed."
        ),
    ] = False,
    fetch_remote: Annotated[
        bool,
        typer.Option(
            "--fetch-remote",
            help="Fetch the credential that the file keeps elsewhere: connects to that one host.",
        ),
    ] = False,
    allow_http: Annotated[
        bool, typer.Option("--allow-http", help="Fetch it even where that is not encrypted.")
    ] = False,
) -> int:
    """Examine one file and say what is known of it."""
    with spot_check(stability=stability, model=model) as check:
        item = check.item(file)
        not_fetched: FetchError | None = None
        if fetch_remote:
            try:
                item = _fetched(check, item, allow_http)
            except FetchError as error:
                not_fetched = error  # what is known without it is shown all the same
        if json:
            print_pretty_json(record_of(item))
        else:
            _print_item(item)
        if heatmap is not None:
            _write_heatmap(check, item, heatmap, frame)
    if not_fetched is not None:
        raise not_fetched
    return 1 if item.status is ItemStatus.UNREADABLE else 0


def _fetched(check: SpotCheck, item: Item, allow_http: bool) -> Item:
    _, host = remote_address(item.provenance)
    say(f"Fetching the credential from {host}.")
    return check.with_remote(item, allow_http=allow_http)


def _write_heatmap(check: SpotCheck, item: Item, out: Path, frame: float | None) -> None:
    if item.media is None or item.status in (ItemStatus.UNREADABLE, ItemStatus.SKIPPED):
        assert item.fault is not None
        raise MediaError(item.fault.code, f"There is no heatmap: {item.fault.message}")
    drawn = check.write_heatmap(item, out, frame or 0.0)
    how = " by sliding tiles" if drawn.by_sliding else ""
    say(f"Heatmap of {drawn.model}{how} written to {out}.")


def _print_item(item: Item) -> None:
    lines = [("File", display_path(item.path))]
    if item.info is not None:
        length = f", {item.info.duration_s:.2f} s" if item.info.duration_s is not None else ""
        lines.append(
            ("Media", f"{item.info.format}, {item.info.width} x {item.info.height}{length}")
        )
    if item.fault is not None:
        lines.append((item.status.value.capitalize(), item.fault.message))
    if item.verdict is not None:
        lines.append(("Finding", item.verdict.finding.value.replace("_", " ")))
        decision = item.verdict.decision.value if item.verdict.decision else "none"
        lines.append(("Decision", f"{decision} ({item.verdict.rule.value})"))
        lines.append(("Why", item.verdict.reason))
    lines += _provenance_lines(item)
    lines += [
        ("Trace", f"{trace.key}: {trace.value[:200]} (says {trace.says.value})")
        for trace in item.traces
    ]
    if not item.traces:
        lines.append(("Traces", "none, which proves nothing"))
    lines += _detector_lines(item)
    width = max(len(label) for label, _ in lines)
    for label, text in lines:
        OUT.print(f"{label:<{width}}  {text}", markup=False)


def _provenance_lines(item: Item) -> list[tuple[str, str]]:
    provenance = item.provenance
    if provenance.state is ProvenanceState.ABSENT:
        return [("Credential", "none, which proves nothing")]
    tier = f", {provenance.trust_tier.value} trust list" if provenance.trust_tier else ""
    lines = [("Credential", f"{provenance.state.value}{tier}")]
    if provenance.message:
        lines.append(("", provenance.message))
    marks = {True: "matches", False: "does not match"}
    for label, mark in (("Content", provenance.hash_ok), ("Signature", provenance.signature_ok)):
        if mark is not None:
            lines.append((label, marks[mark]))
    facts = (
        ("Signer", provenance.signer),
        ("Generator", provenance.claim_generator),
        ("Signed at", provenance.signed_at),
        ("AI said by", provenance.ai_declared_by),
        ("Remote", provenance.remote_url),
    )
    lines += [(label, value) for label, value in facts if value]
    lines += [("Training", f"{use.value}: {allowed.value}") for use, allowed in provenance.training]
    lines += [("Ingredient", problem) for problem in provenance.ingredient_problems]
    return lines


def _detector_lines(item: Item) -> list[tuple[str, str]]:
    score = item.score
    if score is None:
        return [("Detector", "no score")]
    lines = [
        (
            "Likelihood",
            f"{score.likelihood:.3f} synthetic (highest part {score.likelihood_max:.3f})",
        )
    ]
    if score.abstain_reason:
        lines.append(("Abstains", score.abstain_reason))
    lines += [
        (
            "Again",
            f"{COPY_WORDS[copy.kind]}: {copy.likelihood:.3f}"
            f"{', where the detector abstains' if copy.abstained else ''}",
        )
        for copy in score.copies
    ]
    lines += [("View", f"{view.name} {view.likelihood:.3f}") for view in score.views]
    lines += [
        ("Region", f"{r.w} x {r.h} px at {r.x}, {r.y}: {r.likelihood:.3f}") for r in score.regions
    ]
    lines += [
        ("Span", f"{s.start_s:.2f} to {s.end_s:.2f} s: {s.likelihood:.3f}") for s in score.spans
    ]
    return lines
