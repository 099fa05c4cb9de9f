"""What `import simgen` gives, and what it costs."""

import importlib
import subprocess
import sys

import pytest

import simgen


@pytest.mark.parametrize("name", simgen._PLACES)
def test_each_public_name_is_what_its_module_has(name):
    """Names are imported when they are first used."""
    assert name in dir(simgen)
    assert getattr(simgen, name) is getattr(importlib.import_module(simgen._PLACES[name]), name)


def test_an_unknown_name_is_an_error():
    """A misspelt name fails as in any module."""
    with pytest.raises(AttributeError, match="no attribute 'generat'"):
        simgen.generat  # noqa: B018 - looking is what fails


def test_importing_simgen_brings_nothing_heavy():
    """Nothing is compiled, and libraries for models and figures stay out."""
    heavy = "{'numba', 'sklearn', 'scipy', 'matplotlib', 'pandas', 'hydra', 'torch', 'carla'}"
    program = f"import simgen, sys; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert done.stdout.strip() == b"[]"
