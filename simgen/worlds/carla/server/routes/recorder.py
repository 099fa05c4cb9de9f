"""Calls that record what actors do, tell about recordings, and replay them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from simgen.core import RequestError
from simgen.worlds.carla.frames import CENTIMETRES
from simgen.worlds.carla.protocol.types import Transform
from simgen.worlds.carla.server.recording import Recorder
from simgen.worlds.carla.server.recording.replaying import Replay, span
from simgen.worlds.carla.server.recording.tape import CATEGORIES, Tape
from simgen.worlds.carla.server.recording.telling import about, blows, stays, told
from simgen.worlds.carla.server.routes.registry import Routes, check_within
from simgen.worlds.carla.server.simulation import Simulation

ROUTES = Routes()
_FILES = "files are simgen's own, in one folder of the server"
_LONGEST = 1e9  # of a recording [s]
_FASTEST = 100.0  # of a replay, times the recorded speed


@ROUTES.route(differs=_FILES)
def start_recorder(
    simulation: Simulation,
    name: str,
    _additional: bool,  # noqa: FBT001 - the wire's
) -> str:
    """Record all frames from now on; gives where."""
    path = simulation.shelf.free(name)
    if simulation.recorder is not None:
        simulation.recorder.close()
    simulation.recorder = Recorder(path, simulation.episode)
    return str(path)


@ROUTES.route()
def stop_recorder(simulation: Simulation) -> None:
    """End the recording."""
    if simulation.recorder is not None:
        simulation.recorder.close()
        simulation.recorder = None


def _tape(simulation: Simulation, name: str) -> Tape:
    recorder, path = simulation.recorder, simulation.shelf.existing(name)
    if recorder is not None and recorder.path == path:
        raise RequestError(f"recording {name[:200]} is being written: call stop_recorder first")
    return Tape(path=path)


@ROUTES.route(differs="there are no records of components, doors, bones or physics")
def show_recorder_file_info(
    simulation: Simulation,
    name: str,
    whole: bool,  # noqa: FBT001 - the wire's
) -> str:
    """What a recording holds, in words."""
    return told(about(_tape(simulation, name), whole=whole))


@ROUTES.route()
def show_recorder_collisions(simulation: Simulation, name: str, one: object, other: object) -> str:
    """Who met whom in a recording."""
    return told(blows(_tape(simulation, name), _category(one), _category(other)))


def _category(plain: Any) -> str:
    # The client sends a letter as its number.
    letter = chr(plain) if isinstance(plain, int) and 0 <= plain < 128 else plain
    if not isinstance(letter, str) or letter not in {*CATEGORIES, "h", "a"}:
        raise RequestError(f"category {letter!r:.20}: must be one of {', '.join(CATEGORIES)}, h, a")
    return letter


@ROUTES.route()
def show_recorder_actors_blocked(
    simulation: Simulation, name: str, least_time: float, least_distance: float
) -> str:
    """Who stood for at least a time [s]; distances are centimetres, as in Unreal."""
    return told(stays(_tape(simulation, name), least_time, least_distance / CENTIMETRES))


@ROUTES.route(differs="actors are spawned anew; at its end they stay, and nobody drives them")
def replay_file(  # noqa: PLR0917 - the wire's
    simulation: Simulation,
    name: str,
    start: float,
    time: float,
    follow: int,
    sensors: bool,  # noqa: FBT001 - the wire's
    offset: Transform | None = None,  # 0.9.15 has none
) -> str:
    """Let the actors of a recording do again what they did."""
    check_within("start", start, _LONGEST)
    check_within("duration", time, _LONGEST)
    tape, present = _tape(simulation, name), simulation.replay
    wish = replace(
        simulation.wish,
        start=start,
        time=time,
        follow=follow,
        sensors=sensors,
        offset=offset or Transform(),
    )
    span(tape, wish)
    if present is not None:
        present.stop(keep=False)
        simulation.replay = None
    if tape.head.map != simulation.episode.chart.name:
        simulation.load(simulation.map(tape.head.map), reset_settings=False)
    replay = Replay(simulation, tape, wish)
    simulation.replay = replay
    return (
        f"Replaying File: {tape.path}\nTotal time recorded: {replay.length:g}\n"
        f"Replaying from {replay.start:g} s\n"
    )


@ROUTES.route()
def stop_replayer(
    simulation: Simulation,
    keep: bool,  # noqa: FBT001 - the wire's
) -> None:
    """End the replay, with or without its actors."""
    if simulation.replay is not None:
        simulation.replay.stop(keep=keep)
        simulation.replay = None


@ROUTES.route()
def set_replayer_time_factor(simulation: Simulation, factor: float) -> None:
    """How fast the replay goes, and all that follow."""
    if not (0.0 <= factor <= _FASTEST and math.isfinite(factor)):
        raise RequestError(f"time_factor = {factor:g}: must be in [0, {_FASTEST:g}]")
    simulation.wish = replace(simulation.wish, factor=factor)
    if simulation.replay is not None:
        simulation.replay.hasten(factor)


@ROUTES.route()
def set_replayer_ignore_hero(
    simulation: Simulation,
    ignore: bool,  # noqa: FBT001 - the wire's
) -> None:
    """Whether actors with the role `hero` are left out."""
    simulation.wish = replace(simulation.wish, ignores_hero=ignore)


@ROUTES.route()
def set_replayer_ignore_spectator(
    simulation: Simulation,
    ignore: bool,  # noqa: FBT001 - the wire's
) -> None:
    """Whether the spectator stays where it is."""
    simulation.wish = replace(simulation.wish, ignores_spectator=ignore)
