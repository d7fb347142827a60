import numpy as np
import pytest

from inspector.domain.figures import Treatment
from inspector.domain.policy import Thresholds
from inspector.pipeline.baselines import Trivial
from inspector.pipeline.evaluation import ComparedFile, Scored, compare

SPREAD = 0x9E3779B97F4A7C15


PICTURES = Thresholds(0.5, 0.9)


def a_compared(n, source, synthetic, likelihood, *, copies=(), scene=None, limits=PICTURES):
    """Return a file whose trivial measures tell nothing."""
    trivial = Trivial(float(n * 37 % 11), float(n * 17 % 7), 90.0)
    scored = {t: Scored(likelihood, trivial) for t in (Treatment.NONE, *copies)}
    hashed = (n * SPREAD) % (1 << 64) if scene is None else scene
    return ComparedFile(f"/{source}/{n}.jpg", source, synthetic, hashed, limits, scored)


def compared(files, **more):
    return compare(files, model="m", unscored=2, **more)


def some_files(copies=()):
    values = [("phones", 0.1), ("phones", 0.2), ("phones", 0.95), ("scans", 0.1)]
    files = [a_compared(n, s, False, x, copies=copies) for n, (s, x) in enumerate(values)]
    return [
        *files,
        *(a_compared(9 + n, "made", True, x, copies=copies) for n, x in enumerate([0.8, 0.9])),
    ]


def test_that_a_clip_is_held_against_the_thresholds_of_clips():
    clips = Thresholds(0.98, 0.99)
    values = [
        ("film", False, 0.95),
        ("phones", False, 0.1),
        ("phones", False, 0.2),
        ("film", True, 0.97),
        ("made", True, 0.95),
    ]
    files = [
        a_compared(n, source, synthetic, x, limits=clips if source == "film" else PICTURES)
        for n, (source, synthetic, x) in enumerate(values)
    ]
    figures = compared(files)
    assert (figures.plain.false_review, figures.plain.false_drop) == (0, 0)
    over = {(s.source, s.synthetic): s.over_review for s in figures.plain.sources}
    assert over == {("film", False): 0, ("phones", False): 0, ("film", True): 0, ("made", True): 1}
    assert figures.plain.measures.balanced_accuracy.value == pytest.approx(0.75)
    assert (figures.review, figures.drop) == (0.5, 0.9)


def test_that_figures_name_every_source_and_count_false_alarms():
    figures = compared(some_files())
    plain = figures.plain
    assert [s.source for s in plain.sources] == ["phones", "scans", "made"]
    assert plain.false_review == pytest.approx(0.25)
    assert plain.false_drop == pytest.approx(0.25)
    assert (plain.n_real, plain.n_synthetic, figures.unscored) == (4, 2, 2)
    assert plain.measures.auc.low <= plain.measures.auc.value <= plain.measures.auc.high


def test_that_a_source_is_measured_against_all_files_of_the_other_label():
    plain = compared(some_files()).plain
    by_name = {s.source: s for s in plain.sources}
    assert by_name["scans"].measures.auc.value == 1.0
    assert by_name["phones"].measures.auc.value == pytest.approx(4 / 6)
    assert by_name["made"].measures.auc.value == pytest.approx(6 / 8)
    assert by_name["made"].n == 2


def test_that_real_and_synthetic_sources_of_one_name_stay_apart():
    files = [a_compared(0, "cats", False, 0.1), a_compared(1, "cats", True, 0.9)]
    assert [s.synthetic for s in compared(files).plain.sources] == [False, True]


def test_that_each_treatment_is_measured_on_the_files_that_have_it():
    files = some_files(copies=[Treatment.JPEG_85])
    files[0] = a_compared(0, "phones", False, 0.1)
    figures = compared(files)
    assert [t.treatment for t in figures.treated] == [Treatment.NONE, Treatment.JPEG_85]
    assert figures.treated[1].n_real == 3


def test_that_a_treatment_of_one_label_only_is_left_out():
    files = [a_compared(0, "a", False, 0.1), a_compared(1, "b", True, 0.9, copies=[Treatment.X264])]
    assert [t.treatment for t in compared(files).treated] == [Treatment.NONE]


def test_that_copies_of_one_picture_are_one_scene():
    files = [a_compared(n, "a", False, n / 50, scene=7) for n in range(10)]
    files += [a_compared(20 + n, "b", True, 0.9 - n / 50) for n in range(10)]
    figures = compared(files)
    assert figures.scenes == 11
    assert figures.plain.sources[0].scenes == 1


def test_that_baselines_that_tell_nothing_are_near_chance():
    generator = np.random.default_rng(0)
    files = [a_compared(n, "a", bool(n % 2), generator.random()) for n in range(200)]
    names = {b.name: b.auc for b in compared(files).plain.baselines}
    assert len(names) == 4
    assert all(0.35 < found.value < 0.65 for found in names.values())
    assert names["estimated JPEG quality"].value == pytest.approx(0.5)


def test_that_one_label_alone_is_no_comparison():
    with pytest.raises(ValueError, match="both labels"):
        compared([a_compared(0, "a", False, 0.1)])
