"""Turns measured numbers into CARD.md and report.md; nobody types a figure."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from models.training.card import CardText

_HEAD = {
    "sources": "mean AUC over synthetic sources",
    "modern": "the same, generators from 2023 on",
    "pairs": "AUC within sites that hold both kinds",
    "art": "all AI against human-made art and renders",
    "tpr_at_5": "found at 5 % false alarms",
}


def write_reports(folder: Path, text: CardText, report: Mapping[str, Any]) -> None:
    """Write ``CARD.md`` (for people) and ``report.md`` (every table) into ``folder``."""
    (folder / "CARD.md").write_text("\n".join(_card(text, report)) + "\n", encoding="utf-8")
    (folder / "report.md").write_text("\n".join(_report(text, report)) + "\n", encoding="utf-8")


def _card(text: CardText, report: Mapping[str, Any]) -> list[str]:
    fused = report["both views fused, five folds"]
    limits = report["thresholds"]
    frames = report["thresholds of clips, on single frames"]
    sources = report["sources"]
    chance = [name for name, row in sources.items() if row["low"] <= 0.5]
    weak = sorted((row["auc"], name) for name, row in sources.items() if row["synthetic"])[:8]
    alarms = sorted(
        (
            (row["over review"], name)
            for name, row in sources.items()
            if not row["synthetic"] and row["n"] >= 10
        ),
        reverse=True,
    )[:6]
    return [
        f"# {text.id} {text.version}",
        "",
        text.source,
        "",
        f"**Does:** {text.task}",
        "",
        f"**Not for:** {text.not_for}",
        "",
        f"**Licence of the weights:** {text.licence}",
        "",
        "Every figure below was written by the training recipe (`models/training`). A picture is "
        "a whole view and one native crop of it, and is always judged by heads that saw nothing of "
        "its repository: five folds, grouped by repository. The heads that ship were then fitted "
        "on all pictures with the same settings; the map's head is the measured one, which never "
        "saw one of the folds.",
        "",
        "## How well it tells them apart",
        "",
        *_table(
            ("", "five folds"),
            [(_HEAD[key], _number(fused[key])) for key in _HEAD if key in fused]
            + [
                (
                    "AUC over everything, 95 % interval",
                    f"{fused['auc']:.2f} ({fused['auc low']:.2f} to {fused['auc high']:.2f})",
                ),
                ("pictures", f"{fused['n']:.0f}"),
            ],
        ),
        "",
        "## What the thresholds promise",
        "",
        *_promise("real pictures", limits),
        f"Of the synthetic pictures {limits['synthetic over review']:.0%} lie over review and "
        f"{limits['synthetic over drop']:.0%} over drop. A region is found in "
        f"{report['map']['share of reals with a region']:.1%} of real pictures.",
        "",
        "Clips have thresholds and a scale of their own, from single frames of held-out pictures "
        "turned into short clips (x264, crf 23).",
        "",
        *_promise("such real frames", frames),
        "",
        "## Where it is weak",
        "",
        "Generators told apart worst (AUC against all reals): "
        + "; ".join(f"{name} {score:.2f}" for score, name in weak)
        + ".",
        "",
        "Real sources with the most false alarms (share over review): "
        + "; ".join(f"{name} {share:.0%}" for share, name in alarms)
        + ".",
        "",
        "No better than chance (the 95 % interval touches 0.5): "
        + ("; ".join(chance) if chance else "no source")
        + ".",
        "",
        *_treatments(report),
        "",
        "Regions: the map tells pasted cells from others with AUC "
        f"{report['map']['cell AUC']:.2f}, mean IoU {report['map']['IoU']:.2f}; take a region as "
        "a hint where to look.",
        "",
        "A likelihood is no proof. A low one says nothing of where a picture comes from.",
        "",
        "## Trained on",
        "",
        "Pictures of public repositories named in `report.md`; most carry no licence, so they "
        "train and test and are not shipped. Origin and licences of the weights: "
        "`models/NOTICE.md`.",
    ]


def _promise(what: str, limits: Mapping[str, Any]) -> list[str]:
    return [
        f"Of {limits['reals']} held-out {what}, {limits['over review']} lie over the review "
        f"threshold (upper bound of the rate, 95 %: {limits['over review, upper bound']:.1%}) and "
        f"{limits['over drop']} over the drop threshold (upper bound "
        f"{limits['over drop, upper bound']:.1%})."
    ]


def _treatments(report: Mapping[str, Any]) -> list[str]:
    """Say which treatment of a picture harms most, and which one alone changes reals' scores."""
    table = dict(report["degradations"])
    plain = table.pop("none")
    worst = min(table, key=lambda name: float(table[name]["auc"]))
    alarms = max(table, key=lambda name: float(table[name]["fpr_at_review"]))
    moved = [
        f"{name.removesuffix(', AUC')} {value:.2f}"
        for name, value in report["controls"].items()
        if name.endswith("AUC") and abs(value - 0.5) > 0.05
    ]
    return [
        f"Treatment: {worst} harms most (AUC {table[worst]['auc']:.2f}, untreated "
        f"{plain['auc']:.2f}); most false alarms after {alarms} "
        f"({table[alarms]['fpr_at_review']:.0%} of {plain['n'] // 2} reals over review, untreated "
        f"{plain['fpr_at_review']:.0%}).",
        "",
        "The treatment of a real picture should not show in its score; it does where the AUC "
        f"between the two leaves 0.45 to 0.55: {'; '.join(moved) if moved else 'nowhere'}.",
    ]


def _report(text: CardText, report: Mapping[str, Any]) -> list[str]:
    lines = [
        f"# Measurements of {text.id} {text.version}",
        "",
        "Written by the recipe. Likelihood thresholds and weights are in `card.toml`.",
        "",
    ]
    for title, content in report.items():
        lines += [f"## {title[0].upper()}{title[1:]}", "", *_section(content), ""]
    return lines


def _section(content: Any) -> Iterable[str]:
    if not isinstance(content, Mapping):
        return [_number(content)]
    if all(not isinstance(value, Mapping) for value in content.values()):
        return _table(("", ""), [(key, _number(value)) for key, value in content.items()])
    first = next(iter(content.values()))
    if any(isinstance(value, Mapping) for value in first.values()):
        return [
            line
            for name, part in content.items()
            for line in (f"### {name}", "", *_section(part), "")
        ]
    columns = list(first)
    return _table(
        ("", *columns),
        [(name, *(_number(row[c]) for c in columns)) for name, row in content.items()],
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [
        f"| {' | '.join(head)} |",
        "|" + "---|" * len(head),
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def _number(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_number(v) for v in value)
    if isinstance(value, int) or (isinstance(value, float) and value == int(value) and value > 1):
        return f"{value:.0f}"
    return f"{value:.3f}" if isinstance(value, float) and abs(value) >= 1e-3 else f"{value:.2g}"
