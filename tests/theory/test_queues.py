"""Queues on SimPy against Erlang's closed forms."""

import math

import numpy as np
import pytest
import simpy

from simgen.core import Streams
from simgen.des import MonitoredResource, run

SERVICE_RATE = 1.0  # [1/s]
LOAD = 0.7
WARM_UP = 300  # customers: the queue starts empty


def erlang_c(n_servers, offered):
    """The probability that an arriving customer waits. Erlang (1917)."""
    waiting = offered**n_servers / math.factorial(n_servers) / (1.0 - offered / n_servers)
    free = sum(offered**k / math.factorial(k) for k in range(n_servers))
    return waiting / (free + waiting)


def simulate(n_servers, n_customers, streams):
    """One M/M/c run in which all customers are served."""
    environment = simpy.Environment()
    servers = MonitoredResource(environment, n_servers)
    rate = LOAD * n_servers * SERVICE_RATE
    gaps = streams.generator("gaps").exponential(1.0 / rate, n_customers)
    services = streams.generator("services").exponential(1.0 / SERVICE_RATE, n_customers)

    def customer(service):
        with servers.request() as request:
            yield request
            yield environment.timeout(service)

    def source():
        for gap, service in zip(gaps, services, strict=True):
            yield environment.timeout(gap)
            environment.process(customer(service))

    run(environment, source(), until=2.0 * gaps.sum() + 1_000.0)
    return environment, servers


@pytest.mark.parametrize("n_servers", [1, 2, 4])
def test_mean_wait_is_erlangs(n_servers):
    """W_q = C(c, a) / (c mu - lambda)."""
    waits = [
        simulate(n_servers, 1_500, Streams(seed))[1].waits[WARM_UP:].mean() for seed in range(20)
    ]

    offered = LOAD * n_servers
    expected = erlang_c(n_servers, offered) / ((n_servers - offered) * SERVICE_RATE)
    error = np.std(waits, ddof=1) / math.sqrt(len(waits))
    assert abs(np.mean(waits) - expected) < 3.0 * error
    assert error < 0.15 * expected


def test_littles_law():
    """L_q = lambda W_q, an identity over a run that ends empty."""
    environment, servers = simulate(2, 1_500, Streams(1))

    arrival_rate = len(servers.waits) / environment.now
    assert len(servers.waits) == 1_500
    assert servers.mean_queue_length == pytest.approx(arrival_rate * servers.mean_wait_time)


def test_busy_servers_are_the_work_offered():
    """Utilisation is the work brought per unit of time and server."""
    environment, servers = simulate(4, 1_500, Streams(2))

    work = Streams(2).generator("services").exponential(1.0 / SERVICE_RATE, 1_500).sum()
    assert servers.utilisation == pytest.approx(work / environment.now / 4)
