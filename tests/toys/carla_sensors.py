"""A car with sensors of CARLA's protocol, and who reads what they send."""

import struct

import numpy as np
from toys.carla_calls import CAR, STEP

from simgen.worlds.carla.frames import frame_of
from simgen.worlds.carla.protocol.types import (
    ActorDescription,
    Attribute,
    EpisodeSettings,
    Transform,
    Vector,
)
from simgen.worlds.carla.server.entities import SensorEntity
from simgen.worlds.carla.server.simulation import Options, Simulation
from simgen.worlds.carla.server.spawning import spawn

TAG_OF_CARS = 14


class Reader:
    """Keeps what it is sent."""

    name, queued = "reader", 0

    def __init__(self):
        self.packets = []

    def send(self, head, body):
        """Keep frame and body."""
        self.packets.append((struct.unpack_from("<Q", head, 12)[0], body))

    def close(self):
        """Nothing was opened."""


class World:
    """A car on a straight road and sensors on it."""

    def __init__(self):
        self.simulation = Simulation(Options(map="highway", seed=3))
        self.simulation.set_settings(EpisodeSettings(synchronous=True, fixed_step=STEP))
        self.point = self.simulation.episode.chart.spawn_points[4]
        self.car = spawn(self.simulation, CAR, self.point, None)
        for _ in range(10):  # it falls onto the road
            self.simulation.tick()

    def listen(self, name, *, at=None, **attributes):
        """A sensor's reader."""
        given = tuple(Attribute(id=k, type=4, value=str(v)) for k, v in attributes.items())
        place = at or Transform(location=Vector(z=2.5))
        made = spawn(self.simulation, ActorDescription(id=name, attributes=given), place, self.car)
        reader = Reader()
        assert isinstance(made, SensorEntity)
        assert self.simulation.subscribe(made.stream, reader)
        return reader

    def beside(self, x, y, description=CAR):
        """An actor at a place in the car's frame."""
        car = frame_of(self.point)
        place = car.position + car.axes @ [x, -y, 0.0]
        location = Vector(x=place[0], y=-place[1], z=place[2])
        turned = Transform(location=location, rotation=self.point.rotation)
        return spawn(self.simulation, description, turned, None)

    def body(self, reader):
        """What the reader gets by one tick."""
        reader.packets.clear()
        frame = self.simulation.tick()
        ((when, body),) = reader.packets
        assert when == frame
        return body


def points_of(body, kind):
    """Points by channel, and all."""
    n_channels = struct.unpack_from("<I", body, 4)[0]
    counts = np.frombuffer(body, "<u4", n_channels, 8)
    return counts, np.frombuffer(body, kind, offset=8 + 4 * n_channels)
