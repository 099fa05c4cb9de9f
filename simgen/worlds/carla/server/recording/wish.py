"""What of a recording is replayed, and how."""

from __future__ import annotations

from dataclasses import dataclass, field

from simgen.worlds.carla.protocol.types import Transform


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What clients asked for; times are seconds of the recording."""

    start: float = 0.0  # below 0: before its end
    time: float = 0.0  # 0: to its end
    follow: int = 0  # the actor, by its recorded id, that the spectator follows; 0: none
    sensors: bool = False
    offset: Transform = field(default_factory=Transform)  # of the spectator from that actor
    factor: float = 1.0
    ignores_hero: bool = False
    ignores_spectator: bool = False
