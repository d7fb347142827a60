"""What may never be on both sides of a split."""

from pathlib import Path

from models.training.sources import Picture, both_views, folds_of, group_names, pair_groups


def a_picture(group, synthetic, source="a"):
    return Picture(Path("x.jpg"), "whole", synthetic, source, group)


def test_that_sources_of_one_repository_are_one_group():
    groups = group_names({"real": "maker/site", "fake": "maker/site", "other": "maker/else"})
    assert groups["real"] == groups["fake"] != groups["other"]


def test_that_a_repository_follows_a_source_that_belongs_with_others():
    repositories = {
        "gpt4o_one": "a/one",
        "photos__two": "b/two",
        "flux_gpt4o__two": "b/two",
        "alone": "c/three",
    }
    groups = group_names(repositories)
    assert groups["gpt4o_one"] == groups["flux_gpt4o__two"] == groups["photos__two"]
    assert groups["alone"] != groups["gpt4o_one"]


def test_that_folds_hold_whole_groups_and_are_the_same_every_time():
    pictures = [a_picture(f"group {n % 9}", n % 2 == 0) for n in range(180)]
    folds = folds_of(pictures)
    assert set(folds) == {p.group for p in pictures}
    assert set(folds.values()) == set(range(5))
    assert folds == folds_of(list(reversed(pictures)))


def test_that_a_pair_is_a_group_with_enough_of_both_kinds():
    both = [a_picture("both", n % 2 == 0) for n in range(16)]
    one = [a_picture("one", True) for _ in range(16)]
    assert pair_groups(both + one) == ["both"]


def test_that_a_crop_is_joined_with_the_whole_view_of_its_picture():
    files = [("whole", "a", "1"), ("crops", "a", "1"), ("whole", "b", "1"), ("crops", "c", "1")]
    pictures = [Picture(Path(f"{v}/{n}.jpg"), v, False, s, s) for v, s, n in files]
    assert both_views(pictures) == [(0, 1)]
