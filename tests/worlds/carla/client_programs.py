"""What the official client does against a server: run as `python client_programs.py NAME PORT`.

A process of its own: the client may hang or die, and must not take the tests with it.
"""

import hashlib
import json
import math
import os
import queue
import socket
import sys
import time

STEP = 0.05  # [s]


def synchronous(world):
    settings = world.get_settings()
    settings.synchronous_mode, settings.fixed_delta_seconds = True, STEP
    world.apply_settings(settings)
    return world


def fresh(client, chart="parking"):
    return synchronous(client.load_world(chart))


def car_at(world, number=0, name="vehicle.tesla.model3"):
    blueprint = world.get_blueprint_library().find(name)
    return world.spawn_actor(blueprint, world.get_map().get_spawn_points()[number])


def handshake(client):
    """What a client asks first."""
    world = client.load_world("urban_grid")
    library = world.get_blueprint_library()
    car = library.find("vehicle.ford.crown")
    weather = world.get_weather()
    weather.cloudiness = 77.0
    world.set_weather(weather)
    client.set_timeout(10.0)
    return {
        "version": client.get_server_version(),
        "maps": sorted(name.rpartition("/")[2] for name in client.get_available_maps()),
        "map": world.get_map().name,
        "n_spawn_points": len(world.get_map().get_spawn_points()),
        "n_vehicles": len(library.filter("vehicle.*")),
        "wheels": int(car.get_attribute("number_of_wheels")),
        "special_type": str(car.get_attribute("special_type").as_str()),
        "weather": world.get_weather().cloudiness,
        "lights": len(world.get_actors().filter("traffic.traffic_light")),
        "asynchronous": world.wait_for_tick().frame < world.wait_for_tick().frame,
    }


CAMERAS = ("depth", "semantic_segmentation", "instance_segmentation")


def sensors(client):
    """All sensors at once: whose frames are not those that were ticked, and what they saw."""
    world = fresh(client)
    library, car = world.get_blueprint_library(), car_at(world, 0)
    names = [name.id for name in library.filter("sensor.*")]
    queues, actors = {}, []
    for name in names:
        blueprint = library.find(name)
        if "camera" in name:
            blueprint.set_attribute("image_size_x", "64")
            blueprint.set_attribute("image_size_y", "48")
        place = carla.Transform(carla.Location(x=0.5, z=2.0))
        actor = world.spawn_actor(blueprint, place, attach_to=car)
        queues[name] = queue.Queue()
        actor.listen(queues[name].put)
        actors.append(actor)
    events = {"sensor.other.collision", "sensor.other.lane_invasion", "sensor.other.obstacle"}
    off, last = [], {}
    for _ in range(30):
        frame = world.tick()
        for name in set(names) - events:
            last[name] = queues[name].get(timeout=10.0)
            if last[name].frame != frame:
                off.append([name, frame, last[name].frame])
    fix = last["sensor.other.gnss"]
    there = world.get_map().transform_to_geolocation(fix.transform.location)
    found = {
        "names": names,
        "off": off,
        "rest": sum(queues[name].qsize() for name in set(names) - events),
        "gnss": [fix.latitude - there.latitude, fix.longitude - there.longitude],
        "imu": last["sensor.other.imu"].accelerometer.z,
        "points": len(last["sensor.lidar.ray_cast_semantic"]),
        "pixels": len(last["sensor.camera.depth"].raw_data),
    }
    for actor in actors:
        actor.stop()
        actor.destroy()
    return found


def errors(client):
    """Texts that a user reads."""
    world = fresh(client)
    library = world.get_blueprint_library()
    car = car_at(world)
    texts = {}

    def note(name, work):
        try:
            texts[name] = f"no error: {work()}"
        except RuntimeError as error:
            texts[name] = str(error)

    note("taken", lambda: car_at(world))
    note("recorder", lambda: client.replay_file("../x.log", 0.0, 0.0, 0, False))
    note("map", lambda: client.load_world("Town99"))
    walker = world.spawn_actor(
        library.find("walker.pedestrian.0001"), world.get_map().get_spawn_points()[3]
    )
    note("bones", walker.get_bones)
    note("step", lambda: world.apply_settings(carla.WorldSettings(True, False, 30.0)))
    batch = client.apply_batch_sync(
        [carla.command.DestroyActor(9999), carla.command.DestroyActor(car.id)], False
    )
    texts["batch"] = [answer.error for answer in batch]
    texts["try"] = (
        world.try_spawn_actor(
            library.find("walker.pedestrian.0001"), carla.Transform(carla.Location(x=1e9))
        )
        is None
    )
    return texts


def batches(client):
    """Cars by a batch with commands that follow, as examples of CARLA do."""
    world = fresh(client)
    blueprint = world.get_blueprint_library().find("vehicle.audi.tt")
    points = world.get_map().get_spawn_points()[:4]
    drive = carla.VehicleControl(throttle=1.0)
    spawn = carla.command.SpawnActor
    follow = carla.command.ApplyVehicleControl
    answers = client.apply_batch_sync(
        [
            spawn(blueprint, point).then(follow(carla.command.FutureActor, drive))
            for point in points
        ],
        True,
    )
    ids = [answer.actor_id for answer in answers]
    for _ in range(20):
        world.tick()
    speeds = [world.get_actor(actor).get_velocity().length() for actor in ids]
    client.apply_batch([carla.command.DestroyActor(actor) for actor in ids])
    world.tick()
    left = sum(world.get_snapshot().has_actor(actor) for actor in ids)
    return {"errors": [answer.error for answer in answers], "speeds": speeds, "left": left}


def traffic(client):
    """Twenty cars of a Traffic Manager: a digest of all that they do."""
    world = fresh(client, "urban_grid")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    manager = client.get_trafficmanager(port)
    manager.set_synchronous_mode(True)
    manager.set_random_device_seed(3)
    points = world.get_map().get_spawn_points()
    cars = [car_at(world, number * (len(points) // 20)) for number in range(20)]
    world.tick()
    for car in cars:
        car.set_autopilot(True, port)
    digest, offsets, speeds, n_off = hashlib.sha256(), [], [], 0
    for tick in range(300):
        world.tick()
        for car in cars:
            place, speed = car.get_transform(), car.get_velocity().length()
            digest.update(str((place.location.x, place.location.y, place.rotation.yaw)).encode())
            if tick % 10 == 0:
                lane = world.get_map().get_waypoint(place.location)
                offsets.append(lane.transform.location.distance(place.location))
                n_off += offsets[-1] > lane.lane_width / 2
                speeds.append(speed)
    return {
        "digest": digest.hexdigest(),
        "off_lane": n_off,
        "offset": sum(offsets) / len(offsets),
        "speed": sum(speeds) / len(speeds),
    }


def frames(client):
    """CARLA's own matrices of some transforms, and where an attached sensor is."""
    turned = [
        carla.Transform(carla.Location(1, 2, 3), carla.Rotation(pitch, yaw, roll))
        for pitch, yaw, roll in ((0, 0, 0), (10, 0, 0), (0, 70, 0), (0, 0, 20), (-30, 160, 45))
    ]
    world = fresh(client)
    car = car_at(world, 5)
    mount = carla.Transform(carla.Location(1.0, 0.5, 2.0), carla.Rotation(5.0, 30.0, 0.0))
    imu = world.get_blueprint_library().find("sensor.other.imu")
    sensor = world.spawn_actor(imu, mount, attach_to=car)
    for _ in range(20):
        world.tick()
    where = carla.Location(mount.location.x, mount.location.y, mount.location.z)
    car.get_transform().transform(where)
    off = sensor.get_location().distance(where)
    turn = sensor.get_transform().rotation.yaw - car.get_transform().rotation.yaw - 30.0
    return {
        "matrices": [transform.get_matrix() for transform in turned],
        "off": off,
        "turn": math.remainder(turn, 360.0),
        "compass": turn,
    }


def walkers(client):
    """A walker goes where it is told; its box is around its middle."""
    world = fresh(client)
    blueprint = world.get_blueprint_library().find("walker.pedestrian.0001")
    place = world.get_map().get_spawn_points()[0]
    place.location.z += 1.0
    walker = world.spawn_actor(blueprint, place)
    for _ in range(20):
        world.tick()
    start = walker.get_location()
    walker.apply_control(carla.WalkerControl(carla.Vector3D(0.0, 1.0, 0.0), 1.5))
    for _ in range(40):
        world.tick()
    end = walker.get_location()
    return {
        "way": [end.x - start.x, end.y - start.y],
        "height": start.z,
        "speed": walker.get_control().speed,
    }


def two_clients(client):
    """A second client of a world that waits sees its actors, and both see the same."""
    world = fresh(client)
    car = car_at(world)
    world.tick()
    other = carla.Client("127.0.0.1", int(sys.argv[2]))
    other.set_timeout(10.0)
    # The stream of states is there soon; no tick is needed.
    end = time.monotonic() + 10.0
    while other.get_world().get_snapshot().frame == 0 and time.monotonic() < end:
        pass
    seen = [actor.id for actor in other.get_world().get_actors()]
    return {"sees": car.id in seen, "version": other.get_server_version()}


def navigation(client):
    """Walkers of the client's own navigation, as CARLA's examples make them."""
    world = fresh(client, "urban_grid")
    world.set_pedestrians_seed(5)
    library, chart, walkers = world.get_blueprint_library(), world.get_map(), []
    while len(walkers) < 8:
        place = world.get_random_location_from_navigation() + carla.Location(z=1.0)
        walker = world.try_spawn_actor(
            library.find("walker.pedestrian.0001"), carla.Transform(place)
        )
        walkers += [walker] if walker else []
    world.tick()
    controllers = [
        world.spawn_actor(library.find("controller.ai.walker"), carla.Transform(), walker)
        for walker in walkers
    ]
    world.tick()
    for controller in controllers:
        controller.start()
        controller.go_to_location(world.get_random_location_from_navigation())
        controller.set_max_speed(1.5)
    before = [walker.get_location() for walker in walkers]
    kinds, speeds = [], []
    for tick in range(400):
        world.tick()
        if tick % 20 == 19:
            lanes = [
                chart.get_waypoint(walker.get_location(), lane_type=carla.LaneType.Any)
                for walker in walkers
            ]
            kinds += [str(lane.lane_type) for lane in lanes]
            speeds += [walker.get_velocity().length() for walker in walkers]
    went = [
        walker.get_location().distance(place) for walker, place in zip(walkers, before, strict=True)
    ]
    return {"kinds": kinds, "went": went, "speed": max(speeds)}


def main():
    client = carla.Client("127.0.0.1", int(sys.argv[2]), worker_threads=16)
    client.set_timeout(20.0)
    sys.stdout.write(json.dumps(globals()[sys.argv[1]](client)) + "\n")
    sys.stdout.flush()
    os._exit(0)  # the client may abort in its destructors


if __name__ == "__main__":
    import carla  # here, since pytest looks for doctests where the wheel may be missing

    main()
