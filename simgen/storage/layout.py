"""What lies where in a data set's folder."""

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


def raw_path(path: str) -> str:
    """The path of a raw file, as given; ValueError if it leads out of the folder `raw`."""
    parts = path.split("/")
    if parts[0] != "raw" or len(parts) < 2 or not all(parts) or {".", ".."} & set(parts):
        raise ValueError(f"raw file {path!r}: must lie in the folder raw")
    return path
