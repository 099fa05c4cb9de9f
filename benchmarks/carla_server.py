"""Ticks a second of `simgen carla-server` through the official client, in a process of its own.

Bare, with a semantic lidar of 100,000 points a second, with 20 cars of a Traffic Manager, and with
three more kinds of sensors on 30 actors, memory included.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import carla
from _measure import emit, verdict

from simgen.testing import running_carla_server

STEP = 0.05  # [s]
BARE_BAR, LIDAR_BAR = 1000.0, 100.0  # [1/s]
LONGEST = 120.0  # that the client may take [s]: five times what it does


def main() -> None:
    """Start a server, measure, print."""
    while (measured := _measured()) is None:
        print("the client's Traffic Manager hung, as 0.9.16 does now and then (issue 9172): again")
    found, memory = measured
    print(f"bare ticks [1/s]: {found['bare']:.0f}  {verdict(found['bare'] / BARE_BAR, 1.0)}")
    lidar = found["lidar"]
    print(f"with a semantic lidar [1/s]: {lidar:.0f}  {verdict(lidar / LIDAR_BAR, 1.0)}")
    print(f"with 20 cars of a Traffic Manager [1/s]: {found['traffic']:.0f}")
    print(f"with 30 cars, RGB 640 x 480, lidar and radar [1/s]: {found['rig']:.0f}")
    of_core = {name: found[f"{name}_core"] for name in ("bare", "lidar", "traffic", "rig")}
    print(f"what a tick takes the server of its core [ms]: {of_core}")
    print(f"the server's peak memory [MB]: {memory:.0f}")
    emit("carla_server", **found, memory=memory)


def _measured() -> tuple[dict[str, float], float] | None:
    """Ticks a second and memory [MB] of a server of its own; None if the client hung."""
    with running_carla_server("--map", "urban_grid") as server:
        command = [sys.executable, __file__, str(server.port), str(server.process)]
        try:
            done = subprocess.run(  # noqa: S603 - ours
                command, capture_output=True, text=True, check=True, timeout=LONGEST
            )
        except subprocess.TimeoutExpired:
            return None
        return json.loads(done.stdout.splitlines()[-1]), _peak(server.process)


def _peak(process: int) -> float:
    """The largest memory of a process [MB]."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    (peak,) = (line.split()[1] for line in lines if line.startswith("VmHWM"))
    return int(peak) / 1000.0


def _core_time(process: int) -> float:
    """What a process has had of its core [s], whoever else uses the machine."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(port: int, process: int) -> None:
    """Print ticks a second as JSON, and the server's time a tick [ms]: the client's part."""
    client = carla.Client("127.0.0.1", port, worker_threads=8)
    client.set_timeout(20.0)
    found = {}
    # A Traffic Manager does not survive the end of its world: it comes last.
    for work in (bare, lidar, rig, traffic):
        world = client.load_world("urban_grid")
        settings = world.get_settings()
        settings.synchronous_mode, settings.fixed_delta_seconds = True, STEP
        world.apply_settings(settings)
        tick, n_ticks = work(client, world)
        for _ in range(20):
            tick()
        start, before = time.perf_counter(), _core_time(process)
        for _ in range(n_ticks):
            tick()
        found[work.__name__] = n_ticks / (time.perf_counter() - start)
        spent = 1000.0 * (_core_time(process) - before) / n_ticks
        found[f"{work.__name__}_core"] = round(spent, 2)
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    os._exit(0)  # the client may abort in its destructors


Work = tuple[Callable[[], object], int]


def bare(_client: Any, world: Any) -> Work:
    """Nothing but the map."""
    return world.tick, 3000


def _car(world: Any, number: int) -> Any:
    blueprint = world.get_blueprint_library().find("vehicle.tesla.model3")
    return world.spawn_actor(blueprint, world.get_map().get_spawn_points()[number])


def _listen(world: Any, car: Any, name: str, **attributes: object) -> Any:
    blueprint = world.get_blueprint_library().find(name)
    for key, value in attributes.items():
        blueprint.set_attribute(key, str(value))
    place = carla.Transform(carla.Location(z=2.4))
    sensor, packets = world.spawn_actor(blueprint, place, attach_to=car), queue.Queue[Any]()
    sensor.listen(packets.put)
    return sensor, packets


def lidar(_client: Any, world: Any) -> Work:
    """A turn of 100,000 points a second, each waited for."""
    about = {"points_per_second": 100_000, "rotation_frequency": 20, "range": 100}
    sensor, packets = _listen(world, _car(world, 0), "sensor.lidar.ray_cast_semantic", **about)

    def tick() -> object:
        frame = world.tick()
        assert packets.get(timeout=20.0).frame == frame
        return sensor  # kept alive

    return tick, 500


def traffic(client: Any, world: Any) -> Work:
    """Cars that the client's Traffic Manager drives."""
    manager = client.get_trafficmanager(8077)
    manager.set_synchronous_mode(True)
    manager.set_random_device_seed(1)
    cars = [_car(world, 8 * number) for number in range(20)]
    world.tick()
    for car in cars:
        car.set_autopilot(True, 8077)
    return world.tick, 1000


def rig(_client: Any, world: Any) -> Work:
    """Thirty standing cars and three sensors, each waited for."""
    cars = [_car(world, 5 * number) for number in range(30)]
    sensors = [
        _listen(world, cars[0], "sensor.camera.rgb", image_size_x=640, image_size_y=480),
        _listen(world, cars[0], "sensor.lidar.ray_cast", range=80, rotation_frequency=20),
        _listen(world, cars[0], "sensor.other.radar"),
    ]

    def tick() -> object:
        frame = world.tick()
        for _, packets in sensors:
            assert packets.get(timeout=20.0).frame == frame
        return sensors

    return tick, 200


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(int(sys.argv[1]), int(sys.argv[2]))
    else:
        main()
