"""The table of list formats; adding one is adding a line here."""

from collections.abc import Sequence

from inspector.adapters.lists.csv_table import CsvSink
from inspector.adapters.lists.datacomp import DatacompSink
from inspector.adapters.lists.hugging_face import HuggingFaceSink
from inspector.adapters.lists.jsonl import JsonlSink
from inspector.adapters.lists.parquet_table import ParquetSink
from inspector.adapters.lists.sink import ListFormat
from inspector.adapters.lists.txt import TxtSink
from inspector.domain.errors import ListError

_FORMATS = (
    ListFormat("txt", "one path a line: keep, drop, review, synthetic, skipped", TxtSink),
    ListFormat("csv", "one table of every field", CsvSink),
    ListFormat("jsonl", "every field, lossless", JsonlSink),
    ListFormat("parquet", "typed columns, heatmaps as bytes", ParquetSink),
    ListFormat("hf", "metadata.jsonl beside the pictures, for datasets", HuggingFaceSink),
    ListFormat("datacomp", "keep.npy, sorted identifiers", DatacompSink),
)
_BY_NAME = {format_.name: format_ for format_ in _FORMATS}


def format_names() -> Sequence[str]:
    """Return the names of the formats that can be written."""
    return tuple(_BY_NAME)


def find_formats(names: Sequence[str]) -> Sequence[ListFormat]:
    """Return formats by name, each once.

    Raises:
        ListError: a name is unknown, or none was given.
    """
    known = ", ".join(_BY_NAME)
    if not names:
        raise ListError(f"Name at least one list format: {known}.")
    for name in names:
        if name not in _BY_NAME:
            raise ListError(f"There is no list format {name!r}; the known ones are {known}.")
    return [_BY_NAME[name] for name in dict.fromkeys(names)]
