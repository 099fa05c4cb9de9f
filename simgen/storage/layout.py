"""What lies where in a data set's folder."""

from typing import NamedTuple

from simgen.core import RequestError

MANIFEST = "manifest.json"
CROISSANT = "croissant.json"
CARD = "README.md"

# What belongs to the run and not to the data: a finished data set can be published without it.
RUN = ".simgen/run.json"
JOURNAL = ".simgen/journal.jsonl"
LOCK = ".simgen/lock"
ASIDE = ".simgen/tmp"  # below the data set, so that a rename from there is atomic


def part_path(table: str, block: int) -> str:
    """Where the rows of one table from one block lie."""
    return f"{table}/part-{block:05d}.parquet"


def raw_list_path(block: int) -> str:
    """Where the digests of one block's raw files are listed."""
    return f"raw/part-{block:05d}.sha256"


def raw_path(path: str) -> str:
    """The path of a raw file, as given; ValueError if it lies in no folder within `raw`."""
    parts = path.split("/")
    if parts[0] != "raw" or len(parts) < 3 or not all(parts) or {".", ".."} & set(parts):
        raise ValueError(f"raw file {path!r}: must lie in a folder within the folder raw")
    return path


def named_raw_path(label: str, path: str) -> str:
    """The path of a raw file that a table of a data set names; RequestError if it leads out."""
    try:
        return raw_path(path)
    except ValueError as error:
        raise RequestError(f"{label}: {error}: take the data set from who made it") from None


class Stored(NamedTuple):
    """A file that was written."""

    n_bytes: int
    sha256: str
