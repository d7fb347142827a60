"""The CARD.md of a detector that was taught: with what, by whom it was, and what came of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from inspector.domain.detector import Calibration, DetectorSpec
from inspector.domain.media import display_path
from inspector.domain.teaching import HEADINGS, BeforeAfter, comparison_rows


@dataclass(frozen=True, slots=True)
class TaughtWith:
    """What a detector was taught with.

    Attributes:
        folders: number of pictures in each folder, by label (True is synthetic).
        by_folder: whole folders were held out to measure, not just pictures of them.
        share: of each label's weight that the user's pictures had together.
    """

    base: DetectorSpec
    taught_on: date
    folders: Mapping[bool, Mapping[str, int]]
    n_builtin: int
    by_folder: bool
    share: float


def taught_card_text(
    name: str, how: TaughtWith, calibration: Calibration, own: BeforeAfter, builtin: BeforeAfter
) -> str:
    """Return the page in Markdown; every figure is measured."""
    base = how.base
    n_real, n_synthetic = own.after.n_real, own.after.n_synthetic
    held_out = (
        "folders that they had not seen"
        if how.by_folder
        else "other pictures of the same folders, so expect less of pictures from elsewhere"
    )
    lines = [
        f"# {name}",
        "",
        f"Made by `inspector teach` on {how.taught_on.isoformat()} from {base.id} {base.version}: "
        "the net is the same, and what its head lacked was fitted on "
        f"{n_real:,} real and {n_synthetic:,} synthetic pictures of the user's, which weighed "
        f"{how.share:.0%} of each label, and on {how.n_builtin:,} built-in pictures.",
        "",
        f"**Does:** {base.task}",
        "",
        f"**Not for:** {base.not_for}",
        "",
        f"**Licence of the weights:** {base.licence}",
        "",
        "## How well it tells them apart",
        "",
        f"Every picture was scored by heads that did not see it; the user's by heads tried on "
        f"{held_out}. In brackets: 95 % intervals.",
        "",
        *figure_table(own, builtin),
        "",
        "## What the thresholds promise",
        "",
        f"They stand on {calibration.n_real:,} real pictures held out in turn, built-in ones and "
        f"the user's; {calibration.n_real_over_drop:,} of them reach the drop threshold. The map "
        f"and its regions are those of {base.id}. No clip was learnt from.",
        "",
        "## Taught with",
        "",
        *_folders(how),
        "",
        "A likelihood is no proof. A low one says nothing of where a picture comes from.",
    ]
    return "\n".join(lines) + "\n"


def figure_table(own: BeforeAfter, builtin: BeforeAfter) -> Iterator[str]:
    """Yield the comparison as lines of a Markdown table."""
    yield f"| {' | '.join(HEADINGS)} |"
    yield "|---|---|---|---|---|"
    for row in comparison_rows(own, builtin):
        yield f"| {' | '.join(row)} |"


def report_numbers(own: BeforeAfter, builtin: BeforeAfter) -> dict[str, float]:
    """Return the figures that the card itself carries."""
    numbers: dict[str, float] = {}
    for name, figures in (("own", own), ("built_in", builtin)):
        for when, found in (("before", figures.before), ("after", figures.after)):
            numbers |= {
                f"{name}_auc_{when}": round(found.auc.value, 4),
                f"{name}_found_at_5_{when}": round(found.tpr_at_5.value, 4),
            }
    return numbers


def _folders(how: TaughtWith) -> Iterator[str]:
    for label, name in ((False, "Real"), (True, "Synthetic")):
        found = sorted(how.folders[label].items())
        words = ", ".join(f"`{display_path(folder)}` {count:,}" for folder, count in found)
        yield f"- {name}: {words}"
