"""A live connection to a server: its map loaded, its step fixed, its frames in our terms."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from simgen.core import RequestError, RunError
from simgen.kernels.arrays import Floats
from simgen.worlds.carla.client.process import ClientProcess, DiedError, LostError
from simgen.worlds.carla.client.servers import OtherServer, OwnServer, own_server
from simgen.worlds.carla.client.states import Body, Ticked, ticked_of
from simgen.worlds.carla.client.versions import check_versions
from simgen.worlds.carla.frames import MIRROR, six, transform_of
from simgen.worlds.carla.world import CarlaLink, CarlaWorld
from simgen.worlds.road.catalogue import Kind, catalogue
from simgen.worlds.road.embedded import map_path
from simgen.worlds.road.sensors import Frame

_WARM_UP = 0.1  # of the link's tick_time is waited for sensors in first frames; assumed
_MORE_THREADS = 2  # than sensors: with fewer, callbacks keep the client from its answers

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class _Choice:
    """How a server is to load a map."""

    wanted: str  # our OpenDRIVE of it; "": only the server has it
    load: str | None = None  # the map's name; "": the present one anew; None: as it is
    text: str = ""  # OpenDRIVE to be loaded instead


class Bridge:
    """What a run has of a server, until it is closed; nothing is changed there before `enter`.

    Raises:
        RequestError: the client is missing, versions differ, or there is no such map.
        LostError: the server does not answer.
    """

    def __init__(self, world: CarlaWorld, *, n_sensors: int) -> None:
        check_client()
        self.link, self._world = world.link, world
        self._frame: int | None = None
        self.text = ""  # OpenDRIVE of the map that was entered
        start = self.link.start_time
        if self.link.host:
            self._server: OwnServer | OtherServer = OtherServer(
                self.link.host, self.link.port, start
            )
        else:
            self._server = own_server(str(map_path(world.map)), start)
        self.client = ClientProcess(self._server.lives)
        try:
            self.versions: dict[str, str] = self._connect(n_sensors)
            self._choice = self._choose()
        except BaseException:
            self.kill()
            raise

    def _connect(self, n_sensors: int) -> dict[str, str]:
        """Reach the server; gives the versions of both sides."""
        start = self.link.start_time
        told = self.client.ask(
            "connect", start, host=self._server.host, port=self._server.port, patience=start,
            n_threads=n_sensors + _MORE_THREADS,
        )  # fmt: skip
        check_versions(**told.content)
        return told.content

    def _choose(self) -> _Choice:
        """How to have the map loaded; RequestError if there is no such map."""
        chart = self._world.map
        wanted, name = _text_of(chart, self.link), Path(chart).stem
        there = self.client.ask("maps", self.link.start_time).content
        if wanted and _plain(there["text"]) == _plain(wanted):
            return _Choice(wanted=wanted, load="" if self.link.fresh_world else None)
        if name in there["maps"]:
            return _Choice(wanted=wanted, load=name)
        if wanted:
            return _Choice(wanted=wanted, text=wanted)
        raise RequestError(
            f"map = {chart!r}: no such file, and the server has {', '.join(there['maps'])}"
        )

    def enter(self) -> None:
        """Have the map loaded, and the world wait for our ticks.

        Raises:
            LostError: the server does not answer.
            RunError: the server's map is another than ours of this name.
        """
        choice = self._choice
        found = self.client.ask(
            "enter", self.link.start_time, load=choice.load, text=choice.text,
            step_time=self._world.step_time,
        ).content  # fmt: skip
        if found["n_swept"]:
            _log.warning("%d actors that a dead run left were destroyed", found["n_swept"])
        if choice.wanted and _plain(found["text"]) != _plain(choice.wanted):
            raise RunError(
                f"the server's map {Path(self._world.map).stem} is another than "
                f"{self._world.map}: name the file that it was made from, or give yours another "
                "name"
            )
        self.text = str(found["text"])

    def set_weather(self, values: Mapping[str, float]) -> None:
        """Change some of the weather, by CARLA's names."""
        self._ask("set_weather", values=dict(values))

    def spawn(self, name: str, frame: Frame, *, paint: int = 0, moves: bool) -> Body:
        """Put an actor into the world.

        Args:
            name: a blueprint, or a kind: the first of its blueprints that the server has. For a
                kind that CARLA lacks stands the one of its category that is nearest in size.
            frame: of the middle of its box's lower face, as if that were CARLA's origin.
            paint: which of the colours that the blueprint recommends.
            moves: whether physics acts on it.

        Raises:
            RequestError: there is no such blueprint, or something stands there.
        """
        made = self._ask(
            "spawn", names=_blueprints(name), place=_place(frame), paint=paint, moves=moves
        )
        extent = np.array(made["extent"])
        if not (extent > 0.0).all():
            raise RunError(f"the server gives {made['blueprint']} a box of {extent.tolist()} m")
        foot = np.array(made["middle"]) - [0.0, 0.0, extent[2]]
        return Body(
            actor=made["actor"],
            blueprint=made["blueprint"],
            foot=foot * MIRROR,
            size=2.0 * extent,
        )

    def attach(
        self, name: str, blueprint: str, attributes: Mapping[str, str], place: Frame, parent: int
    ) -> None:
        """Put a sensor onto an actor, at a place in the frame of its origin, and listen."""
        self._ask(
            "attach", name=name, blueprint=blueprint, attributes=dict(attributes),
            place=_place(place), parent=parent,
        )  # fmt: skip

    def destroy(self, actors: Sequence[int]) -> None:
        """Take actors out of the world."""
        self._ask("destroy", actors=list(actors))

    def control(self, actor: int, kind: str, **values: Any) -> None:
        """Tell an actor something: see `Session.control`."""
        self._ask("control", actor=actor, kind=kind, values=values)

    def events(self, sensors: Sequence[str]) -> list[list[Any]]:
        """What detectors of collisions told: name, other's id, and impulse in CARLA's frame."""
        found: list[list[Any]] = self._ask("events", sensors=list(sensors))["events"]
        return found

    def _ask(self, name: str, /, **arguments: Any) -> dict[str, Any]:
        return self.client.ask(name, self.link.tick_time, **arguments).content

    def step(
        self,
        sensors: Sequence[str] = (),
        actors: Sequence[int] = (),
        places: Floats | None = None,
        *,
        warm_up: bool = False,
    ) -> Ticked:
        """Let a step pass, and wait for all that is told of its frame.

        Args:
            sensors: names of those whose reports are wanted.
            actors: ids of those that are placed before. (n,)
            places: where, by `places_of`. (n, 6)
            warm_up: whether to wait longer for the tick, as a first one takes, and less for
                sensors, of which some may then be missing.

        Raises:
            LostError: the server, or one of the sensors, does not answer, or somebody else ticks
                this world, too.
        """
        placed, link = np.zeros((0, 6)) if places is None else places, self.link
        patience = link.start_time if warm_up else link.tick_time
        wait = _WARM_UP * link.tick_time if warm_up else link.tick_time
        content, arrays = self.client.ask(
            "step",
            patience + wait,
            {"actors": np.array(actors, np.int64), "places": placed},
            sensors=list(sensors),
            may_miss=warm_up or link.missing == "leave_out",
            patience=patience,
            wait=wait,
        )
        frame = self._follow(int(content["frame"]))
        return ticked_of(frame, tuple(content["missing"]), arrays)

    def _follow(self, frame: int) -> int:
        """Take note of a frame, which must come after the one before."""
        if self._frame is not None and frame != self._frame + 1:
            # That may have been the client of a dead run, which leaves within seconds.
            raise LostError(
                f"frame {frame} followed {self._frame}: somebody else ticks this server, which "
                "can serve one run alone"
            )
        self._frame = frame
        return frame

    def close(self) -> None:
        """Give back all that was taken, and restore what was changed."""
        self._leave(politely=True)

    def kill(self) -> None:
        """Give up client and server; one of ours ends."""
        self._leave(politely=False)
        self._server.drop()

    def _leave(self, *, politely: bool) -> None:
        self.client.close(politely=politely)
        self._server.leave()


def check_server(world: CarlaWorld) -> None:
    """Refuse a server that is not there, is of another version, or lacks the map.

    Raises:
        RequestError: as said; nothing was changed there.
    """
    for n_restarts_left in reversed(range(world.link.max_restarts + 1)):
        try:
            Bridge(world, n_sensors=0).close()
        except LostError as error:
            if isinstance(error, DiedError) and n_restarts_left:
                continue
            raise RequestError(
                f"{error}: start it, name another by carla.host and carla.port, or leave "
                "carla.host empty for a server of ours"
            ) from error
        else:
            return


def check_client() -> None:
    """Refuse to go on without the official client, by RequestError."""
    if os.name != "posix":
        raise RequestError("CARLA's world needs Linux: run simgen there, and the server anywhere")
    for name in ("carla", "msgpack"):
        if find_spec(name) is None:
            raise RequestError(
                f"CARLA's world needs the package {name}: pip install simgen[carla] (Linux on "
                "x86-64, Python 3.10 to 3.12)"
            )


def _blueprints(name: str) -> list[str]:
    """What may stand for an actor, the best first; RequestError if the name is unknown."""
    known = catalogue()
    own = known.find(name)
    if name in known.names:
        return [name]

    def strangeness(kind: Kind) -> float:
        return sum(abs(a - b) for a, b in zip(kind.size, own.size, strict=True))

    alike = [kind for kind in known.kinds.values() if kind.category == own.category]
    nearest = min((kind for kind in alike if kind.blueprints), key=strangeness)
    return list(own.blueprints or nearest.blueprints)


def _place(frame: Frame) -> list[float]:
    return list(six(transform_of(frame)))


def _text_of(chart: str, link: CarlaLink) -> str:
    """OpenDRIVE of a map of ours or of a file; "" for one that only the server may have."""
    try:
        return map_path(chart).read_text(encoding="utf-8")
    except RequestError:
        if not link.host:
            raise
        return ""


def _plain(text: str) -> str:
    """Without what differs by how it was written."""
    return "".join(text.split())
