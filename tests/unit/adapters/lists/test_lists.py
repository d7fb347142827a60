"""Lists as a pipeline reads them, and what becomes of old ones when a new one fails."""

import csv
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.adapters.lists import export, format_names, read_decisions, read_items
from inspector.adapters.lists.csv_table import COLUMNS, plain_cell, safe_cell
from inspector.domain.errors import FaultCode, ListError, StoreError
from inspector.domain.item import Item
from inspector.domain.media import Fault
from inspector.domain.policy import PRESETS
from inspector.domain.record import record_of
from inspector.domain.score import FrameScore, Region
from inspector.domain.traces import Says, Trace
from inspector.domain.verdict import Decision
from inspector.ports import ExportFacts, WrittenList
from tests.fakes import (
    a_clip,
    a_file,
    a_score,
    a_skipped_item,
    an_item,
    an_unreadable_item,
)

FACTS = ExportFacts(
    "set.inspection", "inspector export", {"trust.user.mine": "ab", "device": "CPU"}
)
CORE = ("txt", "csv", "jsonl")


def ai_item(n: int) -> Item:
    return an_item(n, traces=(Trace("a1111", "parameters", "a cat", Says.AI),))


def some_items() -> list[Item]:
    return [
        an_item(1),
        an_item(95),
        ai_item(3),
        a_clip(4),
        a_skipped_item(5),
        an_unreadable_item(6),
        an_item(7).decided(Decision.DROP),
    ]


def write(
    items: Sequence[Item],
    folder: Path,
    formats: Sequence[str] = CORE,
    only: Decision | None = None,
) -> dict[str, WrittenList]:
    written = export(lambda: iter(items), formats, folder, only, FACTS)
    return {entry.path.name: entry for entry in written}


def lines(file: Path) -> list[str]:
    return [os.fsdecode(line) for line in file.read_bytes().split(b"\n")[:-1]]


def test_that_plain_lists_hold_the_paths_by_decision(tmp_path):
    items = some_items()
    written = write(items, tmp_path)
    assert lines(tmp_path / "keep.txt") == [items[0].path]
    assert lines(tmp_path / "drop.txt") == [items[2].path, items[6].path]
    assert lines(tmp_path / "review.txt") == [items[n].path for n in (1, 3, 5)]
    assert lines(tmp_path / "synthetic.txt") == [items[1].path, items[2].path]
    assert lines(tmp_path / "skipped.txt") == [items[4].path]
    assert written["review.txt"].rows == 3
    assert "read back" in written["review.txt"].checked


def test_that_an_empty_list_is_written_empty(tmp_path):
    written = write([], tmp_path)
    assert (tmp_path / "keep.txt").read_bytes() == b""
    assert (tmp_path / "items.jsonl").read_bytes() == b""
    assert (tmp_path / "items.csv").read_text().count("\n") == 1
    assert written["keep.txt"].rows == written["items.csv"].rows == 0


def test_that_names_are_kept_byte_for_byte_and_line_breaks_go_to_nul(tmp_path):
    names = [b"/s/\xff\xfe.jpg", b"/s/a\nb.jpg", b"/s/a\rb.jpg", "/s/ü\u202e.jpg".encode()]
    items = [an_item(n, file=a_file(n, path=os.fsdecode(name))) for n, name in enumerate(names)]
    written = write(items, tmp_path, ["txt"])
    assert (tmp_path / "keep.txt").read_bytes() == names[0] + b"\n" + names[3] + b"\n"
    assert (tmp_path / "keep.nul").read_bytes() == names[1] + b"\0" + names[2] + b"\0"
    assert written["keep.nul"].rows == 2
    assert "line break" in written["keep.nul"].checked
    write(items[:1], tmp_path, ["txt"])
    assert not (tmp_path / "keep.nul").exists()


def test_that_jsonl_is_exactly_the_contract(tmp_path):
    items = some_items()
    write(items, tmp_path, ["jsonl"])
    read = [json.loads(line) for line in (tmp_path / "items.jsonl").read_bytes().splitlines()]
    assert read == [record_of(item) for item in items]
    assert [list(record) for record in read] == [list(record_of(item)) for item in items]


def test_that_csv_has_a_column_for_every_field(tmp_path):
    items = some_items()
    write(items, tmp_path, ["csv"])
    with (tmp_path / "items.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    flat = {key for key, value in record_of(items[0]).items() if not isinstance(value, dict)}
    nested = {"error", "heatmap", "model", "policy", "provenance"}
    assert flat - nested <= set(COLUMNS)
    assert rows[0]["likelihood"] == "0.01"
    assert rows[0]["abstained"] == "false"
    assert rows[5]["error_code"] == "corrupt"
    assert rows[4]["decision"] == ""
    assert rows[6]["decided_by"] == "person"
    assert json.loads(rows[3]["spans"])[0]["start_s"] == 2.0


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "'="])
def test_that_no_cell_is_a_formula_and_the_text_is_not_lost(tmp_path, start):
    evil = f"{start}cmd|' /C calc'!A0"
    fault = Fault(FaultCode.CORRUPT, evil)
    write([an_unreadable_item(1, fault=fault)], tmp_path, ["csv"])
    with (tmp_path / "items.csv").open(newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert row["error_message"] == f"'{evil}"
    assert plain_cell(row["error_message"]) == evil


@given(st.text())
def test_that_taking_the_quote_away_gives_every_cell_back(text):
    cell = safe_cell(text)
    assert plain_cell(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_that_a_clip_of_very_many_frames_fits_into_a_cell(tmp_path):
    frames = tuple(FrameScore(n / 25, 0.123456) for n in range(9000))
    written = write([a_clip(1, score=a_score(0.1, frames=frames))], tmp_path, ["csv"])
    assert written["items.csv"].rows == 1
    assert len(list(read_decisions(tmp_path / "items.csv"))) == 1


def test_that_only_one_decision_leaves_the_lists_of_others_alone(tmp_path):
    (tmp_path / "drop.txt").write_bytes(b"/old\n")
    written = write(some_items(), tmp_path, CORE, Decision.KEEP)
    assert (tmp_path / "drop.txt").read_bytes() == b"/old\n"
    assert set(written) == {"keep.txt", "items.csv", "items.jsonl", "EXPORT.json"}
    assert written["items.jsonl"].rows == written["items.csv"].rows == 1
    document = json.loads((tmp_path / "EXPORT.json").read_text())
    assert document["only"] == "keep"
    assert document["counts"]["items"] == 1


def test_that_export_json_says_where_the_lists_come_from(tmp_path):
    write(some_items(), tmp_path)
    document = json.loads((tmp_path / "EXPORT.json").read_text())
    assert document["schema"] == "inspector.export/1"
    assert document["command"] == "inspector export"
    assert document["session"] == "set.inspection"
    assert document["counts"]["decisions"] == {"drop": 2, "keep": 1, "none": 1, "review": 3}
    assert document["counts"]["status"] == {"ok": 5, "skipped": 1, "unreadable": 1}
    assert document["policies"][0]["sha256"] == PRESETS["cautious"].sha256
    assert document["models"] == [{"id": "inspector-fast", "sha256": "c" * 64, "items": 6}]
    assert document["engine_versions"] == {"inspector": ["0.1"]}
    assert document["trust_lists"] == {"user.mine": "ab"}
    assert document["details"] == {"device": "CPU"}
    listed = {entry["file"]: entry["rows"] for entry in document["lists"]}
    assert listed["drop.txt"] == 2


def test_that_an_unknown_format_names_the_known_ones(tmp_path):
    with pytest.raises(ListError, match="txt, csv, jsonl"):
        write([], tmp_path / "out", ["txt", "xls"])
    with pytest.raises(ListError, match="at least one"):
        write([], tmp_path / "out", [])
    assert not (tmp_path / "out").exists()
    assert set(CORE) <= set(format_names())


def test_that_old_lists_survive_items_that_end_in_an_error(tmp_path):
    write(some_items(), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def failing() -> Iterator[Item]:
        yield from some_items()
        raise StoreError("The session is gone.")

    with pytest.raises(StoreError):
        export(failing, CORE, tmp_path, None, FACTS)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_that_old_lists_survive_a_disk_that_fills_up(tmp_path):
    write(some_items(), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from inspector.adapters.lists import export\n"
        "from inspector.domain.errors import ListError\n"
        "from inspector.ports import ExportFacts\n"
        "from tests.fakes import an_item\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "items = lambda: (an_item(n) for n in range(5000))\n"
        "try: export(items, ['txt', 'csv', 'jsonl'], Path(sys.argv[1]), None, "
        "ExportFacts('s', 'c'))\n"
        "except ListError as error: print(error)\n"
    )
    said = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, str(tmp_path)],
        cwd=Path(__file__).parents[4],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "cannot be written" in said.stdout
    assert said.stdout.count("\n") == 1
    assert said.stderr == ""
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_that_a_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ListError, match="cannot be written"):
        write(some_items(), tmp_path / "file" / "out")


def test_that_a_folder_in_the_way_is_a_sentence_before_any_list_is_replaced(tmp_path):
    (tmp_path / "items.jsonl").mkdir()
    (tmp_path / "keep.txt").write_bytes(b"/old\n")
    with pytest.raises(ListError, match=r"items\.jsonl is a folder"):
        write(some_items(), tmp_path)
    assert (tmp_path / "keep.txt").read_bytes() == b"/old\n"
    assert {path.name for path in tmp_path.iterdir()} == {"items.jsonl", "keep.txt"}


def test_that_a_sentence_quoting_an_odd_name_is_still_utf8(tmp_path):
    fault = Fault(FaultCode.FORBIDDEN, "Cannot open /set/\udcff.jpg.")
    write([an_unreadable_item(1, fault=fault)], tmp_path)
    (record,) = map(json.loads, (tmp_path / "items.jsonl").read_text("utf-8").splitlines())
    assert record["error"]["message"] == "Cannot open /set/\ufffd.jpg."
    assert "/set/\ufffd.jpg" in (tmp_path / "items.csv").read_text("utf-8")


def test_that_a_long_export_does_not_gather_items_in_memory(tmp_path):
    item = an_item(1)
    few, many = 2_000, 20_000
    write([item] * few, tmp_path / "few", ["txt", "jsonl"])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    export(lambda: (item for _ in range(many)), ["txt", "jsonl"], tmp_path / "many", None, FACTS)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 8 << 10, "kilobytes"


def test_that_items_read_back_give_the_same_records(tmp_path):
    odd = os.fsdecode(b"/s/\xff\n.jpg")
    abstained = a_score(0.9, abstain_reason="It is too small.", regions=(Region(1, 2, 3, 4, 0.5),))
    items = [*some_items(), an_item(8, file=a_file(8, path=odd)), an_item(9, score=abstained)]
    write(items, tmp_path, ["jsonl"])
    read = list(read_items(tmp_path / "items.jsonl"))
    assert [record_of(item) for item in read] == [record_of(item) for item in items]
    write(read, tmp_path / "again")
    for name in ("items.jsonl",):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / name).read_bytes()


@given(
    name=st.binary(min_size=1, max_size=40).filter(lambda b: b"\0" not in b),
    message=st.text(max_size=30),
)
@settings(max_examples=30, deadline=None)
def test_that_odd_names_survive_every_list(tmp_path_factory, name, message):
    folder = tmp_path_factory.mktemp("odd")
    path = os.fsdecode(b"/" + name)
    item = an_item(1, file=a_file(1, path=path), fault=Fault(FaultCode.TRUNCATED, message))
    write([item], folder)
    (read,) = read_items(folder / "items.jsonl")
    assert read.path == path
    plain = "keep.nul" if b"\n" in name or b"\r" in name else "keep.txt"
    for file in (plain, "items.csv", "items.jsonl"):
        (decision,) = read_decisions(folder / file)
        assert (decision.path, decision.decision) == (path, Decision.KEEP)


def test_that_decisions_come_back_from_each_kind_of_list(tmp_path):
    items = some_items()
    write(items, tmp_path)
    wanted = {(item.path, item.decision) for item in items if item.decision}
    for name in ("items.csv", "items.jsonl"):
        read = list(read_decisions(tmp_path / name))
        assert {(d.path, d.decision) for d in read} == wanted
        assert {d.sha256 for d in read} == {item.sha256 for item in items if item.decision}
    plain = [d for n in ("keep", "drop", "review") for d in read_decisions(tmp_path / f"{n}.txt")]
    assert {(d.path, d.decision) for d in plain} == wanted


@pytest.mark.parametrize("name", ["synthetic.txt", "list.txt", "items.parquet", "keep"])
def test_that_a_list_that_decides_nothing_is_refused(tmp_path, name):
    (tmp_path / name).write_bytes(b"/a\n")
    with pytest.raises(ListError):
        list(read_decisions(tmp_path / name))


def test_that_a_wrong_line_is_named(tmp_path):
    write(some_items(), tmp_path, ["jsonl"])
    file = tmp_path / "items.jsonl"
    good = file.read_bytes().splitlines(keepends=True)
    for bad in (b"{}\n", b"nonsense\n", good[0].replace(b'"keep"', b'"maybe"'), b"\xff\n"):
        file.write_bytes(b"".join([*good[:2], bad, *good[2:]]))
        with pytest.raises(ListError, match=r"Line 3 of items\.jsonl"):
            list(read_items(file))


def test_that_wrong_plain_and_csv_lists_are_named(tmp_path):
    (tmp_path / "keep.txt").write_bytes(b"/a.jpg\nrelative.jpg\n")
    with pytest.raises(ListError, match=r"Line 2 of keep\.txt"):
        list(read_decisions(tmp_path / "keep.txt"))
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ListError, match="columns are missing"):
        list(read_decisions(tmp_path / "other.csv"))
    with pytest.raises(ListError, match="cannot be read"):
        list(read_items(tmp_path / "none.jsonl"))


def test_that_a_missing_last_line_end_does_not_matter(tmp_path):
    (tmp_path / "keep.txt").write_bytes(b"/a.jpg\n/b.jpg")
    assert [d.path for d in read_decisions(tmp_path / "keep.txt")] == ["/a.jpg", "/b.jpg"]
