"""Where KITTI's files lie: the object and tracking benchmarks, and raw drives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_START = datetime(1970, 1, 1, tzinfo=UTC)


def tracking(folder: str, sequence: int, name: str = "") -> str:
    """A file of a sequence, or its only one without a name."""
    place = f"tracking/training/{folder}/{sequence:04d}"
    return f"{place}/{name}" if name else f"{place}.txt"


def picked(folder: str, frame: int, suffix: str) -> str:
    """A file of the object benchmark."""
    return f"object/training/{folder}/{frame:06d}.{suffix}"


def day(date: str) -> str:
    """The folder of a day's raw drives."""
    return f"raw/{date.replace('-', '_')}"


def raw(date: str, number: int, name: str) -> str:
    """A file of a raw drive."""
    return f"{day(date)}/{date.replace('-', '_')}_drive_{number:04d}_sync/{name}"


def stamps(times: list[int]) -> str:
    """Times [us] as raw drives list them, down to nanoseconds."""
    return "".join(
        f"{_START + timedelta(microseconds=at):%Y-%m-%d %H:%M:%S.%f}000\n" for at in times
    )
