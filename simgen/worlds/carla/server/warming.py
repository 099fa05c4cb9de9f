"""Done once before clients come: what would make the first of them wait for compilers."""

from __future__ import annotations

from simgen.worlds.carla.protocol.types import (
    ActorDescription,
    Attribute,
    AttributeType,
    Transform,
    Vector,
)
from simgen.worlds.carla.server.entities import SensorEntity
from simgen.worlds.carla.server.routes.world import cast_ray
from simgen.worlds.carla.server.sensors import SENSORS
from simgen.worlds.carla.server.simulation import Options, Simulation
from simgen.worlds.carla.server.spawning import spawn

_SMALL = tuple(
    Attribute(id=name, type=AttributeType.INT, value="32")
    for name in ("image_size_x", "image_size_y")
)


def warm_up() -> None:
    """Compile all kernels, or load them, by a world of its own with every sensor.

    A client gives up after some seconds, and compiling takes longer: half a minute in all, the
    first time.
    """
    simulation = Simulation(Options(map="parking"))
    points = simulation.episode.chart.spawn_points
    car = spawn(simulation, ActorDescription(id="vehicle.tesla.model3"), points[0], None)
    spawn(simulation, ActorDescription(id="walker.pedestrian.0001"), points[-1], None)
    for name in SENSORS:
        attributes = _SMALL if name.startswith("sensor.camera") else ()
        about = ActorDescription(id=name, attributes=attributes)
        spawn(simulation, about, Transform(location=Vector(z=2.0)), car)
    for sensor in simulation.episode.entities.of(SensorEntity):
        simulation.channels.expect(sensor.stream)
    for _ in range(2):  # a flow needs two pictures
        simulation.tick()
    cast_ray(simulation, Vector(z=50.0), Vector(z=-1.0))
