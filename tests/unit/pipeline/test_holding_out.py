from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from inspector.domain.teaching import LabelledPictures
from inspector.pipeline.holding_out import FOLDS, by_folder, grouped, spread_over_folds
from tests.lessons import some_pictures


def pictures(groups, synthetic):
    n = len(groups)
    return LabelledPictures(
        np.zeros((n, 1), np.float32),
        np.zeros((n, 1), np.float32),
        np.array(synthetic, bool),
        np.zeros(n, np.intp),
        ("a",),
        np.array(groups, np.intp),
    )


@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=80))
def test_that_no_group_is_ever_split(rows):
    groups, synthetic = zip(*rows, strict=True)
    fold = spread_over_folds(pictures(groups, synthetic))
    for group in set(groups):
        assert len(set(fold[np.array(groups) == group].tolist())) == 1
    assert set(fold.tolist()) <= set(range(FOLDS))


def test_that_folds_hold_about_as_many_of_either_label():
    groups = np.arange(500)
    fold = spread_over_folds(pictures(groups, groups % 5 == 0))
    for label in (False, True):
        counts = np.bincount(fold[(groups % 5 == 0) == label], minlength=FOLDS)
        assert counts.max() - counts.min() <= 1


def own_pictures(n_folders, **changes):
    """Sixteen pictures, each a scene of its own, in folders of one label each."""
    made = some_pictures(16, tells=None, sources=n_folders)
    return replace(made, **({"group": np.arange(16)} | changes))


def test_that_folders_are_groups_where_a_label_has_several():
    own = own_pictures(4)
    assert by_folder(own)
    group = grouped(own)
    assert len(set(group.tolist())) == 4
    for source in range(4):
        assert len(set(group[own.source == source].tolist())) == 1


def test_that_the_scenes_of_a_lone_folder_stand_alone():
    own = own_pictures(2)
    assert not by_folder(own)
    assert len(set(grouped(own).tolist())) == 16


def test_that_pictures_of_one_scene_are_never_split():
    scene = np.arange(16)
    scene[5] = 2
    group = grouped(own_pictures(2, group=scene))
    assert group[5] == group[2]
    assert len(set(group.tolist())) == 15


def test_that_a_scene_joins_its_folders_in_chains():
    scene = np.arange(16)
    scene[1] = scene[0]
    scene[6] = scene[5]
    own = own_pictures(4, group=scene)
    group = grouped(own)
    assert len(set(group[own.source < 3].tolist())) == 1
    assert len(set(group.tolist())) == 2


def test_that_folders_of_one_name_in_both_labels_stay_together():
    own = own_pictures(4, source=np.arange(16) % 4 // 2, sources=("site a", "site b"))
    assert len(set(grouped(own).tolist())) == 2
