"""Machines and their crew against the closed forms of repairable systems."""

import math

import numpy as np
import pytest
import simpy

from simgen.core import Streams
from simgen.des import MonitoredResource, run
from simgen.domains.industrial.crew import attend

MTBF, MTTR = 40.0, 10.0  # [h]


def simulate(n_machines, n_technicians, horizon, seed):
    """Machines that fail and are repaired, all times exponential; their time up, and the crew."""
    environment = simpy.Environment()
    crew = MonitoredResource(environment, n_technicians)
    up = np.zeros(n_machines)

    def repair(rng):
        yield environment.timeout(rng.exponential(MTTR))

    def machine(number):
        rng = Streams(seed).generator(f"machine_{number}")
        while True:
            start = environment.now
            yield environment.timeout(rng.exponential(MTBF))
            up[number] += environment.now - start
            yield from attend(crew, 0, repair(rng))

    run(environment, *(machine(number) for number in range(n_machines)), until=horizon)
    return up / horizon, crew


def repairman(n_machines, n_technicians):
    """Probabilities of 0 to n machines down: the M/M/c queue of a finite source.

    Palm (1947); in Gross and Harris, Fundamentals of Queueing Theory, section 2.7.
    """
    weights = [1.0]
    for down in range(1, n_machines + 1):
        arrivals = (n_machines - down + 1) / MTBF
        weights.append(weights[-1] * arrivals / (min(down, n_technicians) / MTTR))
    return np.array(weights) / sum(weights)


def test_availability_without_waiting():
    """MTBF / (MTBF + MTTR), as long as a technician is free."""
    available = np.mean([simulate(1, 1, 40_000.0, seed)[0].mean() for seed in range(10)])

    assert available == pytest.approx(MTBF / (MTBF + MTTR), abs=0.01)


@pytest.mark.parametrize("n_technicians", [1, 2])
def test_a_crew_that_is_too_small_costs_availability(n_technicians):
    """Availability and the crew's load are those of the machine repairman's queue."""
    runs = [simulate(6, n_technicians, 8_000.0, seed) for seed in range(12)]

    down = repairman(6, n_technicians)
    expected = 1.0 - down @ np.arange(7) / 6.0
    busy = down @ np.minimum(np.arange(7), n_technicians) / n_technicians
    found = [up.mean() for up, _ in runs]
    error = np.std(found, ddof=1) / math.sqrt(len(found))
    assert abs(np.mean(found) - expected) < 4.0 * error
    assert np.mean([crew.utilisation for _, crew in runs]) == pytest.approx(busy, abs=0.03)
    assert expected < MTBF / (MTBF + MTTR) - 0.01


def test_mean_wait_of_the_repair_queue():
    """Many machines that seldom fail make a Poisson stream: the wait is that of M/M/2."""
    n_machines, offered = 60, 1.2
    runs = []
    for seed in range(8):
        environment = simpy.Environment()
        crew = MonitoredResource(environment, 2)

        def repair(rng, environment=environment):
            yield environment.timeout(rng.exponential(1.0))

        def failures(number, environment=environment, crew=crew, seed=seed):
            rng = Streams(seed).generator(f"source_{number}")
            while True:
                yield environment.timeout(rng.exponential(n_machines / offered))
                environment.process(attend(crew, 0, repair(rng)))

        run(environment, *(failures(number) for number in range(n_machines)), until=3_000.0)
        runs.append(crew.mean_wait_time)

    waiting = offered**2 / 2.0 / (1.0 - offered / 2.0)
    expected = waiting / (1.0 + offered + waiting) / (2.0 - offered)
    error = np.std(runs, ddof=1) / math.sqrt(len(runs))
    assert abs(np.mean(runs) - expected) < 4.0 * error
    assert error < 0.1 * expected
