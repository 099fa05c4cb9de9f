"""A carrier's sensors, of which cameras and laser scanners look at CARLA.

What follows from states alone is made by the models of the embedded world in both: receiver,
inertial unit, radar and detector of obstacles. CARLA tells no velocity of actors that are placed,
and its errors can't be drawn by a run's seed. The radar sees actors and the map's OpenDRIVE.
"""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from types import TracebackType
from typing import Self

from simgen.core import Streams
from simgen.worlds.base import Snapshot
from simgen.worlds.carla.client.contents import Cast, sweep_of, view_of
from simgen.worlds.carla.client.fitting import CameraFitting, Fitting, fit
from simgen.worlds.carla.client.placing import Placing
from simgen.worlds.carla.client.states import Ticked
from simgen.worlds.carla.weather import carla_weather
from simgen.worlds.carla.world import CarlaWorld
from simgen.worlds.road.sensors import (
    Observation,
    Observer,
    ObstacleDetector,
    Reading,
    Rig,
    Stage,
    Sweep,
    View,
    Weather,
)

_log = logging.getLogger(__name__)


class CarlaObserver:
    """Reads a rig's sensors from a simulation's snapshots, shown in a CARLA world.

    Use it inside `with`, whose end restores the world.
    """

    def __init__(
        self,
        rig: Rig,
        stage: Stage,
        world: CarlaWorld,
        *,
        carrier: int,
        streams: Streams,
        weather: Weather,
    ) -> None:
        fittings = fit(rig, world.step_time, weather)
        self._world, self._carrier = world, carrier
        self._fittings: dict[str, Fitting] = {f.sensor.name: f for f in fittings}
        self._keys = {name: streams.key(name) for name in self._fittings}
        parts = [part for fitting in fittings for part in fitting.parts]
        self._placing = Placing(world, parts, carrier=carrier, weather=carla_weather(weather))
        # It keeps time for cameras and scanners, too: stand-ins that cost nothing read in place of
        # them, and their readings are then filled with what CARLA saw.
        self._others = Observer(
            Rig(
                sensors=tuple(
                    replace(sensor, unit=ObstacleDetector())
                    if sensor.name in self._fittings
                    else sensor
                    for sensor in rig.sensors
                )
            ),
            stage,
            carrier=carrier,
            streams=streams,
            weather=weather,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._placing.close()

    def observe(self, snapshot: Snapshot) -> Observation:
        """Show the snapshot and read all sensors that are due.

        Raises:
            RunError: the server does not answer, again and again, or the carrier is gone.
        """
        seen = self._others.observe(snapshot)
        ticked = self._placing.show(snapshot)
        cast = Cast.of(self._placing.numbers)
        readings = []
        for reading in seen.readings:
            fitting = self._fittings.get(reading.sensor.name)
            if fitting is None:
                readings.append(reading)
            elif missing := {part.name for part in fitting.parts} & set(ticked.missing):
                _log.warning("%s said nothing of frame %d", ", ".join(missing), snapshot.frame)
            else:
                content = self._content(fitting, reading, ticked, cast)
                readings.append(replace(reading, sensor=fitting.sensor, content=content))
        return replace(seen, readings=tuple(readings))

    def _content(
        self, fitting: Fitting, reading: Reading, ticked: Ticked, cast: Cast
    ) -> View | Sweep:
        if isinstance(fitting, CameraFitting):
            return view_of(fitting, ticked.heard, cast)
        return sweep_of(
            fitting,
            ticked.heard,
            cast,
            carrier=self._carrier,
            key=self._keys[fitting.sensor.name],
            turn=reading.number,
        )

    def log(self) -> bytes:
        """What was connected, and a digest of all places in each frame, as JSON."""
        about = {
            "client": self._placing.versions.get("client", ""),
            "server": self._placing.versions.get("server", ""),
            "map": self._world.map,
            "step_time": self._world.step_time,
            "states": self._placing.digests,
        }
        return json.dumps(about, indent=1).encode()
