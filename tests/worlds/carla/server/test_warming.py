"""What is done before clients come."""

import subprocess
import sys
from pathlib import Path

# A process of its own: other tests have compiled what they need.
PROGRAM = """
import gc
from numba.core.dispatcher import Dispatcher
from toys.carla_sensors import World
from simgen.worlds.carla.server.sensors import SENSORS
from simgen.worlds.carla.server.warming import warm_up


def kernels():
    found = [kernel for kernel in gc.get_objects() if isinstance(kernel, Dispatcher)]
    return {(kernel.py_func.__qualname__, str(n)) for kernel in found for n in kernel.signatures}


warm_up()
before = kernels()
world = World()
sizes = {name: {"image_size_x": 32} if "camera" in name else {} for name in SENSORS}
readers = [world.listen(name, **size) for name, size in sizes.items()]
for _ in range(3):
    world.simulation.tick()
assert any(reader.packets for reader in readers)
print(len(before), *(name for name, _ in kernels() - before))
"""


def test_no_client_waits_for_a_compiler():
    """On another map, with every sensor, steps need no kernel that was not there before."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
    )

    n_before, *new = done.stdout.split()
    assert int(n_before) > 10
    assert new == []
