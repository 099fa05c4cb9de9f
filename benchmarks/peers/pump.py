"""NASA's ProgPy: samples per second of its centrifugal pump with wear, as one JSON line.

    python benchmarks/peers/pump.py 3000 7    # how many samples, and the seed of their noise

A sample holds all five outputs after a step of a second, with noise, as `simulate_to` gives them.
"""

from __future__ import annotations

import json
import sys
import time
import warnings

import numpy as np
from progpy.models import CentrifugalPumpWithWear

STEP = 1.0  # [s]
SPEED = 471.2389  # of the supply [rad/s]; with the rest, ProgPy's own example
WEAR = {"wA": 0.00358, "wRadial": 3.16e-10, "wThrust": 1.31e-10}  # the same


def main(n_samples: int, seed: int) -> None:
    """Simulate once to warm up and once on the clock."""
    np.random.seed(seed)  # noqa: NPY002 - ProgPy draws from the global generator
    pump = CentrifugalPumpWithWear(measurement_noise=0.01)
    pump.parameters["x0"].update(WEAR)
    load = pump.InputContainer(
        {"Tamb": 290.0, "V": SPEED, "pdisch": 928_654.0, "psuc": 239_179.0, "wsync": 0.8 * SPEED}
    )
    first = pump.output(pump.initialize(load))
    took = []
    for n in (100, n_samples):
        wall, cpu = time.perf_counter(), time.process_time()
        made = pump.simulate_to(n * STEP, lambda _t, _x=None: load, first, dt=STEP, save_freq=STEP)
        took.append((time.perf_counter() - wall, time.process_time() - cpu, len(made.outputs)))
    wall, cpu, n = took[-1]
    print(json.dumps({"samples": n, "wall": wall, "cpu": cpu}))


if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the example's steps, which are its own
        main(int(sys.argv[1]), int(sys.argv[2]))
