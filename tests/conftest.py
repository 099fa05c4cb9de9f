"""What all tests share."""

import gc
import signal
import sys

import pytest
from absl import logging as abseil
from hypothesis import settings

# The first example of a test may compile a kernel.
settings.register_profile("simgen", deadline=None)
settings.load_profile("simgen")

# dp-accounting logs through Abseil, whose handler takes the stream of the moment, pytest's, and
# closes it as soon as Hydra configures logging anew. The process's own it leaves open.
abseil.get_absl_handler().python_handler.stream = sys.__stderr__

# A shell has its background jobs ignore it, and a test's children would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Keep folders together: what their tests share, kernels among it, is then made only once."""
    items.sort(key=lambda item: item.path.parent)  # within a folder order stays random


# What is collected stays: to look through it for garbage again and again took a third of the time.
gc.disable()


def pytest_collection_finish():
    """From here on there is garbage."""
    gc.enable()
