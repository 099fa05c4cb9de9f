"""Reading a user's tables: their columns, machines and instants, or what is wrong with them."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from zoneinfo import available_timezones

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from simgen.core import RequestError, first_line, suggest

Source: TypeAlias = str | Path | pa.Table
_LARGEST = 1e100  # of which sums of squares are numbers
UTC = pa.timestamp("us", "UTC")


@dataclass(frozen=True, kw_only=True)
class Instants:
    """How a table writes instants.

    Attributes:
        time_zone: in which they are where they don't say it themselves, such as Europe/Berlin; ""
            refuses them.
        pattern: of text, as for `strptime`; "" for ISO 8601.
    """

    time_zone: str = ""
    pattern: str = ""

    def __post_init__(self) -> None:
        if self.time_zone and self.time_zone not in available_timezones():
            close = difflib.get_close_matches(self.time_zone, available_timezones(), n=1)
            hint = f"did you mean {close[0]}?" if close else "write it as Europe/Berlin or UTC"
            raise RequestError(f"time_zone = {self.time_zone!r} is not known: {hint}")
        if "%Z" in self.pattern:
            raise RequestError(
                f"pattern = {self.pattern!r}: a zone's letters are no instant, EST is several: "
                "export offsets and read them by %z, or leave them out and give time_zone"
            )


def read_table(
    source: Source, *, texts: Sequence[str], times: Sequence[str], how: Instants
) -> pa.Table:
    """A table from CSV or Parquet, or as it is given.

    Args:
        source: the file, or the table.
        texts: columns that a CSV file has text in, whatever it looks like: 007 is no 7.
        times: columns with instants, which `how` may have a pattern for.
        how: instants are written.

    Raises:
        RequestError: there is no such file, or it is neither, or the source is no table.
    """
    if not isinstance(source, pa.Table | str | Path):
        raise RequestError(
            f"a {type(source).__name__} can't be read: give a file, or pyarrow.table(...) of it"
        )
    return source if isinstance(source, pa.Table) else _read(Path(source), texts, times, how)


def _read(path: Path, texts: Sequence[str], times: Sequence[str], how: Instants) -> pa.Table:
    if not path.is_file():
        raise RequestError(f"there is no file {path}: name a CSV or a Parquet file")
    try:
        if path.suffix.lower() == ".csv":
            kept = (*texts, *times) if how.pattern else texts
            types = dict.fromkeys(kept, pa.string())
            table = pa.csv.read_csv(
                path,
                parse_options=pa.csv.ParseOptions(newlines_in_values=True),
                convert_options=pa.csv.ConvertOptions(column_types=types),
            )
            return table.rename_columns(table.column_names)  # which must be UTF-8
        return pa.parquet.read_table(path)
    except (pa.ArrowInvalid, OSError, UnicodeDecodeError) as error:
        if isinstance(error, OSError) and error.errno:  # the machine's, not what the file holds
            raise
        reason = first_line(error)
        raise RequestError(
            f"{path} can't be read as {path.suffix or 'Parquet'}: {reason}"
        ) from None


def column(table: pa.Table, name: str) -> pa.Array:
    """A column of a table; RequestError if there is none, or several of the name."""
    if name not in table.column_names:
        remedy = suggest(name, table.column_names)
        raise RequestError(f"the table has no column {name!r}: {remedy}")
    if table.column_names.count(name) > 1:
        raise RequestError(f"the table has several columns {name!r}: rename all but one")
    found = table[name].combine_chunks()
    return found.dictionary_decode() if pa.types.is_dictionary(found.type) else found


def names(table: pa.Table, name: str) -> pa.Array:
    """A column as text that is never empty; RequestError if it is somewhere, or is no text."""
    try:
        found = pc.fill_null(column(table, name).cast(pa.string()), "")
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        reason = first_line(error)
        raise RequestError(f"column {name!r} holds what is no name: {reason}") from None
    empty = pc.equal(found, "")
    if n_empty := pc.sum(empty).as_py():
        raise RequestError(
            f"column {name!r} is empty in {n_empty} rows, first in row "
            f"{pc.index(empty, value=True)}: fill it in or leave them out"
        )
    return found


def numbers(table: pa.Table, name: str) -> npt.NDArray[np.float64]:
    """A column as finite numbers `(n,)`, NaN where it is empty; RequestError if one is none."""
    found = column(table, name)
    try:
        values = found.cast(pa.float64()).to_numpy(zero_copy_only=False)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        reason = first_line(error)
        raise RequestError(f"column {name!r} holds what is no number: {reason}") from None
    if np.isinf(values).any():
        raise RequestError(f"column {name!r} holds infinite numbers: leave them empty")
    if (np.abs(values) > _LARGEST).any():
        raise RequestError(f"column {name!r} holds numbers above {_LARGEST:g}: leave them empty")
    return np.asarray(values, np.float64)


def instants(table: pa.Table, name: str, how: Instants, *, nullable: bool = False) -> pa.Array:
    """A column as instants of UTC, to the microsecond.

    Raises:
        RequestError: one is none, one is missing, none says its time zone and none is given, or a
            clock change makes one ambiguous or impossible.
    """
    found = column(table, name)
    if _is_text(found.type):
        found = _parsed(found.cast(pa.string()), name, how)
    if pa.types.is_date(found.type):
        found = found.cast(pa.timestamp("us"))
    if found.null_count and not nullable:
        raise RequestError(f"column {name!r} is empty in {found.null_count} rows: fill it in")
    if found.null_count == len(found):  # nothing there that could say its time zone
        return pa.nulls(len(found), UTC)
    if not pa.types.is_timestamp(found.type):
        raise RequestError(
            f"column {name!r} holds {found.type} and no instants: "
            "write them as 2024-01-31T06:00:00+01:00"
        )
    if found.type.tz is None:
        found = _placed(found.cast(pa.timestamp("us"), safe=False), name, how)
    return found.cast(UTC, safe=False)


def _is_text(kind: pa.DataType) -> bool:
    tests = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    return any(test(kind) for test in tests)


def _parsed(text: pa.Array, name: str, how: Instants) -> pa.Array:
    text = pc.if_else(pc.equal(text, ""), None, text)
    try:
        if how.pattern:
            return pc.strptime(text, format=how.pattern, unit="us")
        zoned = pc.match_substring_regex(text, r"(Z|[+-]\d\d:?\d\d)$")
        if pc.any(zoned).as_py() and not pc.all(zoned).as_py():
            raise RequestError(
                f"column {name!r} says its time zone in some rows only: make them alike"
            )
        return text.cast(UTC if pc.any(zoned).as_py() else pa.timestamp("us"))
    except pa.ArrowInvalid as error:
        reason = first_line(error)
        raise RequestError(f"column {name!r} holds what is no instant: {reason}") from None


def _placed(local: pa.Array, name: str, how: Instants) -> pa.Array:
    if not how.time_zone:
        raise RequestError(
            f"column {name!r} has no time zone: say it, time_zone='UTC' or such as 'Europe/Berlin'"
        )
    try:
        return pc.assume_timezone(local, how.time_zone)
    except pa.ArrowInvalid as error:
        reason = first_line(error)
        raise RequestError(
            f"column {name!r}: a clock change of {how.time_zone} makes an instant unclear "
            f"({reason}): export it in UTC"
        ) from None


def refuse_duplicates(keys: Sequence[pa.Array], named: str) -> None:
    """Raise RequestError if two rows have the same keys; `named` says what a row is."""
    table = pa.table(list(keys), names=[f"key_{place}" for place in range(len(keys))])
    groups = table.group_by(table.column_names).aggregate([([], "count_all")])
    repeated = groups.filter(pc.greater(groups["count_all"], 1))
    if len(repeated):
        first = ", ".join(str(repeated[key][0]) for key in table.column_names)
        raise RequestError(
            f"{len(repeated)} {named} come more than once, such as {first}: "
            "leave the others out, or average them"
        )
