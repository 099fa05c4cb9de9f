import gc

import pytest
import simpy

from simgen.des import run


def ticks(environment, seen):
    while True:
        seen.append(environment.now)
        yield environment.timeout(1.0)


def test_horizon_is_excluded():
    """What is due at the horizon itself no longer happens, and the clock stands there."""
    environment, seen = simpy.Environment(), []
    run(environment, ticks(environment, seen), until=3.0)

    assert seen == [0.0, 1.0, 2.0]
    assert environment.now == 3.0


def test_run_goes_on_where_it_stopped():
    """A second run takes up the processes of the first."""
    environment, seen = simpy.Environment(), []
    run(environment, ticks(environment, seen), until=2.0)
    run(environment, until=4.0)

    assert seen == [0.0, 1.0, 2.0, 3.0]


def test_error_in_a_process_comes_out():
    """An exception that no process awaits ends the run, with the simulated time in its notes."""
    environment, seen = simpy.Environment(), []

    def fails():
        yield environment.timeout(1.5)
        raise KeyError("no such card")

    with pytest.raises(KeyError, match="no such card") as caught:
        run(environment, ticks(environment, seen), fails(), until=10.0)

    assert caught.value.__notes__ == ["at simulated time 1.500000 s"]
    assert seen == [0.0, 1.0]


def test_horizon_in_the_past_is_refused():
    """A horizon that is not after the present is an error."""
    with pytest.raises(ValueError, match="until"):
        run(simpy.Environment(initial_time=5.0), until=5.0)


@pytest.fixture
def threshold():
    """That of Python 3.11, set for a test."""
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield 700, 10, 10
    gc.set_threshold(*before)


def test_the_collector_of_garbage_is_left_as_it_was(threshold):
    """A run sets it to look less often."""
    run(simpy.Environment(), until=1.0)

    assert gc.get_threshold() == threshold


def test_a_run_that_fails_leaves_the_collector_of_garbage_as_it_was(threshold):
    """Whoever goes on after the error has the memory that they had before."""

    def fails():
        assert gc.get_threshold() != threshold
        yield environment.timeout(1.0)
        raise KeyError("no such card")

    environment = simpy.Environment()
    with pytest.raises(KeyError, match="no such card"):
        run(environment, fails(), until=10.0)

    assert gc.get_threshold() == threshold
