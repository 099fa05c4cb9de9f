"""Many sensors and many clients at once: run as `python crowd_programs.py NAME N_TICKS PORT`.

A process of its own: the client may hang or die, and must not take the tests with it.
"""

import json
import os
import queue
import sys

STEP = 0.05  # [s]
SMALL = {"image_size_x": "64", "image_size_y": "48"}
EIGHT = {
    "sensor.camera.rgb": SMALL,
    "sensor.camera.depth": SMALL,
    "sensor.camera.semantic_segmentation": SMALL,
    "sensor.camera.instance_segmentation": SMALL,
    "sensor.lidar.ray_cast": {"range": "40"},
    "sensor.lidar.ray_cast_semantic": {"range": "40"},
    "sensor.other.radar": {},
    "sensor.other.imu": {},
}


def connect():
    client = carla.Client("127.0.0.1", int(sys.argv[3]), worker_threads=12)
    client.set_timeout(20.0)
    return client


def begin(client):
    world = client.load_world("urban_grid")
    settings = world.get_settings()
    settings.synchronous_mode, settings.fixed_delta_seconds = True, STEP
    world.apply_settings(settings)
    return world


def carried(world, number, sensors):
    """A car that goes, with sensors; their packets."""
    library, point = world.get_blueprint_library(), world.get_map().get_spawn_points()[number]
    car = world.spawn_actor(library.find("vehicle.tesla.model3"), point)
    car.apply_control(carla.VehicleControl(throttle=0.3, steer=1.0))
    found = {}
    for name, attributes in sensors.items():
        blueprint = library.find(name)
        for key, value in attributes.items():
            blueprint.set_attribute(key, value)
        place = carla.Transform(carla.Location(z=2.4))
        sensor, packets = world.spawn_actor(blueprint, place, attach_to=car), queue.Queue()
        sensor.listen(packets.put)
        found[name] = (sensor, packets)
    return car, found


def eight(n_ticks):
    """How often a packet was not of the ticked frame, and what was left over."""
    world = begin(connect())
    _, sensors = carried(world, 0, EIGHT)
    off = 0
    for _ in range(n_ticks):
        frame = world.tick()
        off += sum(packets.get(timeout=20.0).frame != frame for _, packets in sensors.values())
    return {"off": off, "left": sum(packets.qsize() for _, packets in sensors.values())}


def clients(n_ticks):
    """One client ticks; others have cars and sensors of their own, and see all cars."""
    first = begin(connect())
    first.tick()
    worlds = [connect().get_world() for _ in range(4)]
    owned = [
        carried(world, 20 * number, {"sensor.other.imu": {}, "sensor.other.gnss": {}})
        for number, world in enumerate(worlds)
    ]
    off = 0
    for _ in range(n_ticks):
        frame = first.tick()
        for _, sensors in owned:
            off += sum(packets.get(timeout=20.0).frame != frame for _, packets in sensors.values())
    ids = {car.id for car, _ in owned}
    seen = [ids <= {actor.id for actor in world.get_actors()} for world in (first, *worlds)]
    return {"off": off, "seen": seen}


def main():
    found = globals()[sys.argv[1]](int(sys.argv[2]))
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    os._exit(0)  # the client may abort in its destructors


if __name__ == "__main__":
    import carla  # here, since pytest looks for doctests where the wheel may be missing

    main()
