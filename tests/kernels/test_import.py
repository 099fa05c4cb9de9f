import subprocess
import sys

COUNT_COMPILATIONS = """
import importlib, pkgutil
from numba.core import event
from numba.core.dispatcher import Dispatcher

with event.install_recorder("numba:compile") as recorder:
    import simgen
    import simgen.kernels
    modules = [
        importlib.import_module(f"simgen.kernels.{module.name}")
        for module in pkgutil.iter_modules(simgen.kernels.__path__)
    ]
kernels = {k for m in modules for k in vars(m).values() if isinstance(k, Dispatcher)}
print(len(kernels), sum(len(kernel.signatures) for kernel in kernels), len(recorder.buffer))
"""


def test_importing_compiles_nothing():
    """Kernels are compiled when first called, never when imported."""
    done = subprocess.run(
        [sys.executable, "-c", COUNT_COMPILATIONS], capture_output=True, text=True, check=True
    )
    n_kernels, n_signatures, n_compilations = map(int, done.stdout.split())

    assert n_kernels >= 20
    assert (n_signatures, n_compilations) == (0, 0)
