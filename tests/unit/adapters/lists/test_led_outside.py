"""Nothing that lies in an export's folder, and no name in the lists, leads a write elsewhere."""

import csv
import errno
import os
import sys

import pytest

from inspector.adapters.lists import export
from inspector.adapters.lists.csv_table import plain_cell, safe_cell
from inspector.adapters.lists.pending import PendingFolder
from inspector.domain.errors import ListError
from inspector.ports import ExportFacts
from tests.builders import a_file, an_item

FACTS = ExportFacts("set.inspection", "inspector export")
links = pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")


@links
def test_that_a_link_in_the_place_of_a_list_is_replaced_and_not_followed(tmp_path):
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere.txt"
    out.mkdir()
    elsewhere.write_text("precious")
    for name in ("keep.txt", "items.csv", "EXPORT.json"):
        (out / name).symlink_to(elsewhere)
    export(lambda: [an_item(1)], ["txt", "csv"], out, None, FACTS)
    assert elsewhere.read_text() == "precious"
    assert not (out / "keep.txt").is_symlink()


@links
def test_that_a_link_laid_in_the_place_of_an_unfinished_file_is_not_followed(tmp_path):
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere.txt"
    out.mkdir()
    elsewhere.write_text("precious")
    PendingFolder.temporary(out / "keep.txt").symlink_to(elsewhere)
    export(lambda: [an_item(1)], ["txt"], out, None, FACTS)
    assert elsewhere.read_text() == "precious"
    assert sorted(path.name for path in out.iterdir() if path.name.startswith(".")) == []


@links
@pytest.mark.parametrize("name", ["below/a.txt", "../a.txt", "/a.txt"])
def test_that_no_file_is_begun_outside_the_folder(tmp_path, name):
    out = tmp_path / "out"
    with PendingFolder(out) as pending:
        (out / "below").symlink_to(tmp_path)
        with pytest.raises(PermissionError) as caught:
            pending.begin(name)
    assert caught.value.errno == errno.EPERM
    assert not (tmp_path / "a.txt").exists()


def test_that_a_folder_in_the_way_of_a_list_is_one_sentence(tmp_path):
    (tmp_path / "keep.txt").mkdir()
    with pytest.raises(ListError, match="is a folder"):
        export(lambda: [an_item(1)], ["txt"], tmp_path, None, FACTS)


@pytest.mark.parametrize(
    "name", ["=1+1.jpg", "@a", "+a", "-a", "\ta", "\ra", "\na", "\uff1d1+1", "\uff0ba", "'=1"]
)
def test_that_no_text_makes_a_formula_and_each_comes_back(tmp_path, name):
    assert safe_cell(name).startswith("'")
    assert plain_cell(safe_cell(name)) == name
    item = an_item(1, file=a_file(1, path=name))
    export(lambda: [item], ["csv"], tmp_path, None, FACTS)
    with (tmp_path / "items.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert plain_cell(row["path"]) == name
    assert os.listdir(tmp_path).count("items.csv") == 1
