"""Vehicles that are led along lines: a line bends at once, which no vehicle does."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.worlds.base import Snapshot


@dataclass(frozen=True, kw_only=True)
class LedSnapshot(Snapshot):
    """Of a world that leads vehicles along lines: where bends begin and end, yaw rates jump."""
