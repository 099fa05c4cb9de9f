"""How long `import simgen` takes in a fresh interpreter, and what it must not bring along."""

from __future__ import annotations

import json
import subprocess
import sys
from statistics import median

from _measure import emit, verdict

N_ROUNDS = 7
BAR = 0.5  # [s]
UNWANTED = ("torch", "carla", "hydra", "sklearn", "matplotlib")
TIME = f"""
import json, sys, time
start = time.perf_counter()
import simgen
took = time.perf_counter() - start
print(json.dumps([took, [name for name in {UNWANTED} if name in sys.modules]]))
"""
# Watches the compiler, so it imports Numba first: not for the clock.
COMPILE = """
from numba.core import event
with event.install_recorder("numba:compile") as recorder:
    import simgen
print(len(recorder.buffer))
"""


def fresh(program: str) -> str:
    """What a program prints in an interpreter of its own."""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    return done.stdout


def main() -> None:
    """Print the table."""
    fresh(TIME)
    found = [json.loads(fresh(TIME)) for _ in range(N_ROUNDS)]
    took = median(seconds for seconds, _ in found)
    unwanted = sorted({name for _, names in found for name in names})
    n_compiled = int(fresh(COMPILE))
    print(f"import simgen [s]: {verdict(took, BAR, at_least=False)}")
    print(f"kernels compiled by it: {n_compiled}")
    print(f"brought along: {', '.join(unwanted) or 'none'} of {', '.join(UNWANTED)}")
    emit("imports", seconds=took, compiled=n_compiled, unwanted=" ".join(unwanted))


if __name__ == "__main__":
    main()
