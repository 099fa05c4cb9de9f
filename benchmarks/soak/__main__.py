"""`simgen carla-server` for 100,000 ticks: 30 actors, three sensors, others that come and go.

One official client ticks, waits for a packet of each sensor at each tick, and now and then replaces
an actor. Beside it, official clients come, look around and leave without a word, and bare sockets
subscribe to the world, read a little and break off. Memory is the server's resident set.

    python -m benchmarks.soak [n_ticks [haste]]

With haste, all who come and go do so that many times as often.
"""

from __future__ import annotations

import json
import os
import queue
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import carla

from simgen.testing import CarlaServer, running_carla_server

STEP = 0.05  # [s]
N_ACTORS, N_WALKERS = 30, 6
REPORTS = 20  # of a run
REPLACED_EVERY, GUEST_EVERY, BROKEN_EVERY = 200, 1000, 50  # [tick]
PATIENCE = 60.0  # for a packet [s]


def main() -> None:
    """Start a server, soak it, print its memory."""
    n_ticks, haste = (*sys.argv[1:], *("100000", "1")[len(sys.argv) - 1 :])
    port = _free_port()
    with running_carla_server("--map", "urban_grid", "--port", str(port)) as server:
        command = [sys.executable, "-m", "benchmarks.soak", n_ticks, haste, str(server.port)]
        # The client may abort in its destructors, so it has a process of its own.
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
            assert process.stdout is not None
            for line in process.stdout:
                told: dict[str, Any] = json.loads(line)
                print(told | {"server [MB]": round(_resident(server), 1)}, flush=True)
            if process.wait():
                raise SystemExit("the client ended before its time")


def _free_port() -> int:
    """One whose successor, that of streams, is free as well."""
    while True:
        with socket.socket() as one, socket.socket() as next_one:
            one.bind(("127.0.0.1", 0))
            port: int = one.getsockname()[1]
            try:
                next_one.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def _resident(server: CarlaServer) -> float:
    lines = Path(f"/proc/{server.process}/status").read_text(encoding="utf-8").splitlines()
    (kilobytes,) = (line.split()[1] for line in lines if line.startswith("VmRSS"))
    return int(kilobytes) / 1000.0


def soak(n_ticks: int, haste: int, port: int) -> None:
    """Tick, with all that goes on beside; the client's part."""
    client = carla.Client("127.0.0.1", port, worker_threads=8)
    client.set_timeout(PATIENCE)
    world = client.load_world("urban_grid")
    settings = world.get_settings()
    settings.synchronous_mode, settings.fixed_delta_seconds = True, STEP
    world.apply_settings(settings)
    actors = [_spawn(world, number) for number in range(N_ACTORS)]
    sensors = _sensors(world, actors[0])
    begun, n_guests, n_broken, n_replaced = time.perf_counter(), 0, 0, 0
    for tick in range(1, n_ticks + 1):
        frame = world.tick()
        for name, (_, packets) in sensors.items():
            got = packets.get(timeout=PATIENCE).frame
            assert got == frame, f"{name}: frame {got} instead of {frame}"
        if tick % (REPLACED_EVERY // haste) == 0:
            # Never the first, which carries the sensors.
            number = 1 + n_replaced % (N_ACTORS - 1)
            actors[number].destroy()
            actors[number] = _spawn(world, number)
            n_replaced += 1
        if tick % (BROKEN_EVERY // haste) == 0:
            n_broken += _break_off(port)
        if tick % (GUEST_EVERY // haste) == 0:
            n_guests += _visit(port)
        if tick % max(n_ticks // REPORTS, 1) == 0:
            rate = tick / (time.perf_counter() - begun)
            told = {"tick": tick, "ticks/s": round(rate, 1), "replaced": n_replaced}
            others = {"guests": n_guests, "broken off": n_broken}
            sys.stdout.write(json.dumps(told | others) + "\n")
            sys.stdout.flush()
    os._exit(0)  # the client may abort in its destructors


def _spawn(world: Any, number: int) -> Any:
    """Cars that drive in circles where they are, and walkers that walk on."""
    library, points = world.get_blueprint_library(), world.get_map().get_spawn_points()
    place = points[number * (len(points) // N_ACTORS)]
    place.location.z += 1.0
    if number >= N_ACTORS - N_WALKERS:
        walker = world.spawn_actor(library.find("walker.pedestrian.0001"), place)
        walker.apply_control(carla.WalkerControl(carla.Vector3D(1.0, 0.0, 0.0), 0.5))
        return walker
    car = world.spawn_actor(library.find("vehicle.tesla.model3"), place)
    car.apply_control(carla.VehicleControl(throttle=0.3, steer=1.0))
    return car


def _sensors(world: Any, car: Any) -> dict[str, tuple[Any, queue.Queue[Any]]]:
    about = {
        "sensor.camera.semantic_segmentation": {"image_size_x": 160, "image_size_y": 120},
        "sensor.lidar.ray_cast": {"range": 50, "rotation_frequency": 20},
        "sensor.other.radar": {},
    }
    found = {}
    for name, attributes in about.items():
        blueprint = world.get_blueprint_library().find(name)
        for key, value in attributes.items():
            blueprint.set_attribute(key, str(value))
        place = carla.Transform(carla.Location(z=2.4))
        sensor, packets = world.spawn_actor(blueprint, place, attach_to=car), queue.Queue[Any]()
        sensor.listen(packets.put)
        found[name] = (sensor, packets)
    return found


def _break_off(port: int) -> int:
    """Subscribe to the world's states, read a little, and leave; or say half a call."""
    with socket.create_connection(("127.0.0.1", port + 1), timeout=PATIENCE) as stream:
        stream.sendall(struct.pack("<I", 1))
        stream.recv(1000)
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as calls:
        calls.sendall(b"\x94\x00\x01\xa7ver")
    return 2


def _visit(port: int) -> int:
    """An official client that looks around and dies."""
    program = (
        "import carla, os\n"
        "world = carla.Client('127.0.0.1', PORT).get_world()\n"
        "while not world.get_snapshot().frame: pass\n"  # the stream is there soon
        "assert len(world.get_actors()) >= 30\n"
        "world.get_map()\n"
        "os._exit(0)"
    )
    command = [sys.executable, "-c", program.replace("PORT", str(port))]
    subprocess.run(command, check=True, timeout=PATIENCE)  # noqa: S603 - ours
    return 1


if __name__ == "__main__":
    if len(sys.argv) > 3:  # the client's part has a port, too
        soak(*map(int, sys.argv[1:]))
    else:
        main()
