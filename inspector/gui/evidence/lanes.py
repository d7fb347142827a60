"""The other lanes and the ruling: traces, detector, and what came of all three."""

from PySide6.QtCore import QCoreApplication

from inspector.domain.item import Item
from inspector.domain.media import ItemStatus
from inspector.domain.policy import Thresholds
from inspector.domain.score import CopyKind, CopyScore, Score
from inspector.domain.traces import Says, Trace
from inspector.domain.verdict import DecidedBy, Decision
from inspector.gui.evidence.facts import Fact, Lane, Mark, Ruling
from inspector.gui.evidence.words import (
    FINDING_MARKS,
    says_words,
    shown,
)
from inspector.gui.wording import decision_words, finding_words

translate = QCoreApplication.translate

_MOST_LISTED = 8
_SAYING_MOST = (Says.AI, Says.AI_PART, Says.OPT_OUT, Says.CAMERA, Says.INFO)


def ruling(item: Item) -> Ruling:
    """Return the finding, the rule's sentence and the decision with who took it."""
    if item.verdict is None:
        reason = item.fault.message if item.fault else translate("Lanes", "It was not judged.")
        finding = (
            translate("Lanes", "Skipped: not media")
            if item.status is ItemStatus.SKIPPED
            else translate("Lanes", "Not judged")
        )
        return Ruling(finding, Mark.NO_EVIDENCE, reason, _decision_words(item.decision), "")
    verdict = item.verdict
    rule = translate("Lanes", "by rule {rule}").format(rule=verdict.rule.value)
    if item.decided_by is DecidedBy.PERSON:
        said = _decision_words(verdict.decision).lower()
        rule = translate("Lanes", "by you; rule {rule} said {decision}").format(
            rule=verdict.rule.value, decision=said
        )
    return Ruling(
        finding_words(verdict.finding),
        FINDING_MARKS[verdict.finding],
        shown(verdict.reason),
        _decision_words(item.decision),
        rule,
    )


def _decision_words(decision: Decision | None) -> str:
    return decision_words(decision) if decision else translate("Lanes", "Not decided")


def traces_lane(traces: tuple[Trace, ...]) -> Lane:
    """Return the lane of metadata and watermarks, what says most first."""
    title = translate("Lanes", "Traces")
    if not traces:
        note = translate("Lanes", "A missing mark proves nothing: marks are easily removed.")
        return Lane(title, translate("Lanes", "No mark found"), Mark.NO_EVIDENCE, (), note)
    ordered = sorted(traces, key=lambda trace: _SAYING_MOST.index(trace.says))
    facts: list[Fact] = []
    for trace in ordered:
        words, mark = says_words(trace.says)
        facts.append(Fact(shown(trace.key), f"{words}\n{shown(trace.value)}", mark))
    strongest = ordered[0].says
    headline, mark = says_words(strongest)
    note = ""
    if strongest in (Says.CAMERA, Says.INFO):
        headline, mark = translate("Lanes", "No mark that says AI"), Mark.NO_EVIDENCE
        note = translate("Lanes", "Metadata can say AI; it can never show that a file is real.")
    return Lane(title, headline, mark, tuple(facts), note)


def _view_words(name: str) -> str:
    """Name what a view of a detector sees; an imported card may call its views anything."""
    match name:
        case "scene":
            return translate("Lanes", "Seen whole")
        case "pixels":
            return translate("Lanes", "Seen close")
    return translate("Lanes", "View {name}").format(name=shown(name))


def detector_lane(score: Score | None, limits: Thresholds | None, model: str | None) -> Lane:
    """Return the lane of the detector; the likelihood itself is drawn on a scale beside it."""
    title = translate("Lanes", "Detector")
    if score is None:
        note = translate("Lanes", "Nothing can be said of its pixels.")
        return Lane(title, translate("Lanes", "Not scored"), Mark.NO_EVIDENCE, (), note)
    headline, mark, note = _headline(score, limits)
    facts = [Fact(translate("Lanes", "Likelihood"), f"{score.likelihood:.2f}")]
    facts.append(Fact(translate("Lanes", "Highest part"), f"{score.likelihood_max:.2f}"))
    if score.frames_scored > 1:
        facts.append(Fact(translate("Lanes", "Frames scored"), str(score.frames_scored)))
        facts += _hot_frames(score, limits)
    facts += [Fact(_view_words(view.name), f"{view.likelihood:.2f}") for view in score.views]
    facts += [_copy_fact(copy) for copy in score.copies]
    facts += _places(score)
    if limits is not None:
        facts.append(Fact(translate("Lanes", "Thresholds"), _threshold_words(limits)))
    if model:
        facts.append(Fact(translate("Lanes", "Model"), shown(model)))
    return Lane(title, headline, mark, tuple(facts), note)


def _hot_frames(score: Score, limits: Thresholds | None) -> list[Fact]:
    """Return the hottest frames over the review threshold, in order of time."""
    if limits is None:
        return []
    hot = [frame for frame in score.frames if frame.likelihood >= limits.review]
    if not hot:
        return []
    listed = sorted(hot, key=lambda frame: -frame.likelihood)[:_MOST_LISTED]
    lines = [
        translate("Lanes", "{likelihood:.2f} at {time:.2f} s").format(
            likelihood=frame.likelihood, time=frame.pts_s
        )
        for frame in sorted(listed, key=lambda frame: frame.pts_s)
    ]
    if len(hot) > len(listed):
        lines.append(translate("Lanes", "{count} more").format(count=len(hot) - len(listed)))
    return [Fact(translate("Lanes", "Hot frames"), "\n".join(lines), Mark.RAISED)]


def _copy_fact(copy: CopyScore) -> Fact:
    """Return what the detector gave a changed copy of the file."""
    names = {
        CopyKind.JPEG_90: translate("Lanes", "As JPEG 90"),
        CopyKind.SCALE_075: translate("Lanes", "At 0.75 scale"),
    }
    words = f"{copy.likelihood:.2f}"
    if copy.abstained:
        words += translate("Lanes", ", where it abstains")
    elif copy.stands_out:
        words += translate("Lanes", ", and a part stands out")
    return Fact(names[copy.kind], words)


def _headline(score: Score, limits: Thresholds | None) -> tuple[str, Mark, str]:
    no_proof = translate("Lanes", "No evidence is no proof that it is real.")
    if score.abstain_reason is not None:
        words = translate("Lanes", "Abstains: {reason}").format(reason=shown(score.abstain_reason))
        return words, Mark.NO_EVIDENCE, no_proof
    if limits is None:
        return translate("Lanes", "Scored, without thresholds"), Mark.INFO, ""
    if score.likelihood >= limits.drop:
        return translate("Lanes", "Over the drop threshold"), Mark.SYNTHETIC, ""
    if score.likelihood >= limits.review:
        return translate("Lanes", "Over the review threshold"), Mark.SUSPECT, ""
    if score.regions:
        return translate("Lanes", "Low as a whole, but a region stands out"), Mark.SUSPECT, ""
    if score.spans:
        return translate("Lanes", "Low as a whole, but a time span stands out"), Mark.SUSPECT, ""
    return translate("Lanes", "No evidence: under the review threshold"), Mark.NO_EVIDENCE, no_proof


def _places(score: Score) -> list[Fact]:
    regions = sorted(score.regions, key=lambda region: -region.likelihood)
    spans = sorted(score.spans, key=lambda span: span.start_s)
    facts = [
        Fact(
            translate("Lanes", "Region"),
            translate("Lanes", "{likelihood:.2f} in {w} x {h} px at {x}, {y}").format(
                likelihood=r.likelihood, w=r.w, h=r.h, x=r.x, y=r.y
            ),
            Mark.RAISED,
        )
        for r in regions[:_MOST_LISTED]
    ]
    facts += [
        Fact(
            translate("Lanes", "Time span"),
            translate("Lanes", "{likelihood:.2f} from {start:.2f} s to {end:.2f} s").format(
                likelihood=s.likelihood, start=s.start_s, end=s.end_s
            ),
            Mark.RAISED,
        )
        for s in spans[:_MOST_LISTED]
    ]
    left_out = max(0, len(regions) - _MOST_LISTED) + max(0, len(spans) - _MOST_LISTED)
    if left_out:
        more = translate("Lanes", "{count} more").format(count=left_out)
        facts.append(Fact(translate("Lanes", "And"), more))
    return facts


def _threshold_words(limits: Thresholds) -> str:
    words = translate("Lanes", "review {review:.2f}, drop {drop:.2f}").format(
        review=limits.review, drop=limits.drop
    )
    if limits.certified:
        return words + "\n" + translate("Lanes", "calibrated on your own photos")
    return words + "\n" + translate("Lanes", "the model's own; not calibrated on your photos")
