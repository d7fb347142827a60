"""items.parquet: the item contract as typed columns, with the heatmap's cells beside it."""

import importlib.util
from collections.abc import Sequence
from typing import TYPE_CHECKING

from inspector.adapters.lists.pending import PendingFolder
from inspector.adapters.lists.sink import expect_rows, is_wanted
from inspector.domain.errors import ListError
from inspector.domain.item import Item
from inspector.domain.provenance import TrainingUse
from inspector.domain.record import record_of
from inspector.domain.verdict import Decision
from inspector.ports import WrittenList

if TYPE_CHECKING:
    import pyarrow

NAME = "items.parquet"

_BATCH_ROWS = 2000


class ParquetSink:
    """Writes items.parquet in row groups; the columns are the contract's keys, nested alike.

    Raises:
        ListError: the extra ``parquet`` is not installed.
    """

    def __init__(self, pending: PendingFolder, only: Decision | None) -> None:
        if importlib.util.find_spec("pyarrow") is None:
            raise ListError(
                "The parquet format needs pyarrow, which is not installed: "
                "install inspector with its extra, pip install 'inspector[parquet]'."
            )
        import pyarrow.parquet

        self._pending = pending
        self._only = only
        self._schema = _schema()
        self._rows: list[dict[str, object]] = []
        self._written = 0
        self._writer = pyarrow.parquet.ParquetWriter(
            pending.begin(NAME), self._schema, compression="zstd"
        )
        pending.at_the_end(self._writer.close)

    def add(self, item: Item) -> None:
        if is_wanted(item, self._only):
            self._rows.append(_row(item))
            if len(self._rows) >= _BATCH_ROWS:
                self._write()

    def _write(self) -> None:
        import pyarrow

        batch = pyarrow.RecordBatch.from_pylist(self._rows, schema=self._schema)
        self._writer.write_batch(batch)
        self._written += len(self._rows)
        self._rows.clear()

    def finish(self) -> Sequence[WrittenList]:
        import pyarrow.parquet

        self._write()
        self._writer.close()
        found = 0
        with self._pending.read_back(NAME) as file:
            table = pyarrow.parquet.ParquetFile(file)
            for batch in table.iter_batches(_BATCH_ROWS, columns=["path", "decision"]):
                found += batch.num_rows
        expect_rows(NAME, self._written, found)
        return [WrittenList(self._pending.folder / NAME, found, "read back by pyarrow")]


def _row(item: Item) -> dict[str, object]:
    record = record_of(item)
    heatmap = item.score.heatmap if item.score else None
    return {
        **record,
        "engine_versions": list(item.engine_versions.items()),
        "heatmap_cells": heatmap.values.tobytes() if heatmap is not None else None,
    }


def _schema() -> "pyarrow.Schema":
    import pyarrow as pa

    text, number, whole, yes = pa.string(), pa.float64(), pa.int64(), pa.bool_()
    region = pa.struct([*((side, pa.int32()) for side in "xywh"), ("likelihood", number)])
    span = pa.struct([("start_s", number), ("end_s", number), ("likelihood", number)])
    frame = pa.struct([("pts_s", number), ("likelihood", number)])
    trace = pa.struct([(key, text) for key in ("kind", "key", "value", "says")])
    return pa.schema(
        [
            *((key, text) for key in ("schema", "path", "path_hex", "sha256")),
            ("bytes", whole),
            ("media", text),
            ("format", text),
            ("width", pa.int32()),
            ("height", pa.int32()),
            ("duration_s", number),
            ("frames_scored", pa.int32()),
            ("status", text),
            ("error", pa.struct([("code", text), ("message", text)])),
            ("likelihood", number),
            ("likelihood_max", number),
            ("abstained", yes),
            ("abstain_reason", text),
            ("heatmap", pa.struct([(key, pa.int32()) for key in ("rows", "cols", "cell_px")])),
            ("regions", pa.list_(region)),
            ("spans", pa.list_(span)),
            ("frames", pa.list_(frame)),
            ("provenance", _provenance()),
            ("traces", pa.list_(trace)),
            *((key, text) for key in ("finding", "rule", "decision", "decided_by", "reason")),
            ("model", pa.struct([("id", text), ("sha256", text)])),
            ("policy", pa.struct([("name", text), ("sha256", text)])),
            ("engine_versions", pa.map_(text, text)),
            ("heatmap_cells", pa.binary()),
        ]
    )


def _provenance() -> "pyarrow.DataType":
    import pyarrow as pa

    text, yes, count = pa.string(), pa.bool_(), pa.int32()
    return pa.struct(
        [
            *((key, text) for key in ("state", "trust_tier", "location")),
            *((key, yes) for key in ("hash_ok", "signature_ok", "certificate_expired")),
            ("manifests", count),
            ("depth", count),
            *((key, text) for key in ("active_label", "claim_generator", "signer", "signed_at")),
            ("digital_source_types", pa.list_(text)),
            ("ai_declared", text),
            ("ai_declared_by", text),
            ("ingredient_problems", pa.list_(text)),
            ("training", pa.struct([(use.value, text) for use in TrainingUse])),
            ("remote_url", text),
            ("codes", pa.list_(text)),
        ]
    )
