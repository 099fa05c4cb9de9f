"""Every compiled function of the package."""

import importlib
import pkgutil

from numba.core.dispatcher import Dispatcher

import simgen

MODULES = [
    importlib.import_module(about.name)
    for about in pkgutil.walk_packages(simgen.__path__, "simgen.")
    if not about.name.endswith("__main__")
]
KERNELS = {
    f"{kernel.__module__}.{kernel.__name__}": kernel
    for module in MODULES
    for kernel in vars(module).values()
    if isinstance(kernel, Dispatcher)
}


def test_kernels_give_the_same_bits_whatever_was_compiled_first():
    """A kernel's `fastmath` goes to all that it is the first to call, and stays in their cache."""
    assert KERNELS
    loose = [name for name, one in KERNELS.items() if one.targetoptions.get("fastmath")]
    assert not loose, (
        f"write products that are rounded once with `fused`, without fastmath: {loose}"
    )
