"""Lists for particular loaders."""

import importlib.util
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inspector.adapters.lists import export
from inspector.domain.errors import ListError, StoreError
from inspector.domain.item import Item
from inspector.domain.record import record_of
from inspector.domain.verdict import Decision
from inspector.ports import ExportFacts, WrittenList
from tests.fakes import a_clip, a_file, a_skipped_item, an_item, an_unreadable_item

FACTS = ExportFacts("set.inspection", "inspector export")


def write(
    items: list[Item], folder: Path, name: str, only: Decision | None = None
) -> dict[str, WrittenList]:
    return {w.path.name: w for w in export(lambda: items, [name], folder, only, FACTS)}


def test_that_datacomp_has_sorted_identifiers_of_kept_files(tmp_path):
    kept = [an_item(n) for n in range(20)]
    others = [an_item(80), a_skipped_item(81), kept[3], replace(an_item(82), sha256=None)]
    lost = replace(an_item(5), sha256=None)
    written = write([*kept, *others, lost], tmp_path, "datacomp")
    uids = np.load(tmp_path / "keep.npy", allow_pickle=False)
    assert uids.dtype == np.dtype("u8,u8")
    wanted = sorted((int(i.sha256[:16], 16), int(i.sha256[16:32], 16)) for i in kept)
    assert [tuple(map(int, uid)) for uid in uids] == wanted
    assert written["keep.npy"].rows == 20
    assert "1 files without a hash" in written["keep.npy"].checked


def test_that_datacomp_of_nothing_is_an_empty_array(tmp_path):
    write([], tmp_path, "datacomp", Decision.DROP)
    assert np.load(tmp_path / "drop.npy").shape == (0,)


class TestHuggingFace:
    @pytest.fixture
    def pictures(self, tmp_path: Path) -> list[Item]:
        items = []
        for n in range(3):
            path = tmp_path / "set" / f"part {n}" / f"ü{n}.jpg"
            path.parent.mkdir(parents=True)
            path.write_bytes(b"x")
            items.append(an_item(n, file=a_file(n, path=str(path))))
        return items

    def test_that_names_are_relative_to_the_list(self, pictures, tmp_path):
        odd = an_item(8, file=a_file(8, path=os.fsdecode(b"/x/\xff.jpg")))
        left_out = [a_clip(7), a_skipped_item(9), an_unreadable_item(6), odd]
        written = write([*pictures, *left_out], tmp_path / "set", "hf")
        text = (tmp_path / "set" / "metadata.jsonl").read_text(encoding="utf-8")
        rows = [json.loads(line) for line in text.splitlines()]
        assert [row["file_name"] for row in rows] == [f"part {n}/ü{n}.jpg" for n in range(3)]
        assert rows[1]["likelihood"] == 0.01
        assert rows[1]["decision"] == "keep"
        assert "4 files" in written["metadata.jsonl"].checked

    def test_that_pictures_elsewhere_are_refused_in_one_sentence(self, pictures, tmp_path):
        with pytest.raises(ListError, match="relative to its own folder"):
            write(pictures, tmp_path / "elsewhere", "hf")
        assert list((tmp_path / "elsewhere").iterdir()) == []

    def test_that_a_picture_that_is_gone_is_named(self, pictures, tmp_path):
        Path(pictures[1].path).unlink()
        with pytest.raises(ListError, match="gone"):
            write(pictures, tmp_path / "set", "hf")


class TestParquet:
    def test_that_the_records_come_back_with_their_maps(self, tmp_path):
        parquet = pytest.importorskip("pyarrow.parquet")
        items = [
            an_item(1),
            a_clip(2),
            a_skipped_item(3),
            an_unreadable_item(4),
            an_item(5, file=a_file(5, path=os.fsdecode(b"/x/\xff.jpg"))),
        ]
        written = write(items, tmp_path, "parquet")
        assert written["items.parquet"].rows == 5
        rows = parquet.read_table(tmp_path / "items.parquet").to_pylist()
        for row, item in zip(rows, items, strict=True):
            cells = row.pop("heatmap_cells")
            row["engine_versions"] = dict(row["engine_versions"])
            training = row["provenance"]["training"]
            row["provenance"]["training"] = {k: v for k, v in training.items() if v}
            assert row == record_of(item)
            heatmap = item.score.heatmap if item.score else None
            assert cells == (heatmap.values.tobytes() if heatmap else None)

    def test_that_an_old_table_survives_a_failing_export(self, tmp_path):
        pytest.importorskip("pyarrow")
        write([an_item(1)], tmp_path, "parquet")
        before = (tmp_path / "items.parquet").read_bytes()

        def failing() -> Iterator[Item]:
            yield from (an_item(n) for n in range(3000))
            raise StoreError("The session is gone.")

        with pytest.raises(StoreError):
            export(failing, ["parquet"], tmp_path, None, FACTS)
        assert (tmp_path / "items.parquet").read_bytes() == before
        assert {p.name for p in tmp_path.iterdir()} == {"items.parquet", "EXPORT.json"}

    def test_that_a_missing_extra_is_a_sentence(self, tmp_path, monkeypatch):
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
        with pytest.raises(ListError, match="pyarrow"):
            write([an_item(1)], tmp_path, "parquet")
        assert list(tmp_path.iterdir()) == []
