"""Pump stations and what sites are made of, against closed forms."""

import numpy as np
import pytest
import simpy
from hypothesis import example, given, strategies as st
from scipy import stats
from toys.worlds import frames, tables_of

from simgen.core import HOUR, build
from simgen.des import run
from simgen.domains.industrial import PumpStation
from simgen.domains.industrial.kernels.flows import operating_head
from simgen.domains.industrial.kernels.stations import PUMP
from simgen.domains.industrial.pumps.components import SealPart
from simgen.domains.industrial.site.parts import first_part, successor
from simgen.domains.industrial.site.store import Store


def test_availability_is_uptime_over_uptime_and_repair():
    """One pump, always needed, exponential lives and repairs: A = MTBF / (MTBF + MTTR)."""
    sound, mtbf, mttr = {"scale": 1e8}, 150.0, 50.0
    about = build(
        PumpStation,
        {
            "n_stations": 6,
            "n_days": 300,
            "demand": {"mean_demand": 1_000.0},
            "hydraulics": {"n_pumps": 1},
            "components": {
                "first_age": 0.0,
                "bearing": sound,
                "seal": sound,
                "impeller": sound,
                "winding": {"shape": 1.0, "scale": mtbf},
            },
            "upkeep": {
                "services": False,
                "inspections": False,
                "opportunities": False,
                "on_call": True,
                "n_spares": 9,
                "mean_lead_time": 0.0,
                "mean_replacement_time": mttr,
            },
            "watching": {"telemetry_interval": 86_400.0},
        },
    )
    components = frames(tables_of(about, seed=5)).components
    uptime = components.use_time[components.kind == "winding"].sum()

    # About 220 cycles: the standard error is 0.018.
    availability = uptime / (about.n_stations * about.n_days * 24.0)
    assert availability == pytest.approx(mtbf / (mtbf + mttr), abs=0.05)


def header(shutoff_heads, losses, static_head, system_loss):
    """The head at which pumps with these curves work."""
    pumps = np.zeros(len(shutoff_heads), PUMP)
    pumps["shutoff_head"], pumps["loss"] = shutoff_heads, losses
    return operating_head(pumps, static_head, system_loss)


def halved(shutoff_heads, losses, static_head, system_loss):
    """The same by bisection: until there is no double between the two."""
    shutoff_heads, losses = np.array(shutoff_heads), np.array(losses)
    low, high = static_head, max(static_head, *shutoff_heads)
    for _ in range(60):
        head = 0.5 * (low + high)
        flow = np.sqrt(np.maximum(shutoff_heads - head, 0.0) / losses).sum()
        low, high = (head, high) if system_loss * flow**2 > head - static_head else (low, head)
    return 0.5 * (low + high)


def test_pumps_in_parallel_work_where_curves_cross():
    """For n equal pumps, H0 - k Q^2 = Hs + K (n Q)^2."""
    for n in (1, 2, 5):
        k, system, static, shutoff = 2e-4, 7e-5, 30.0, 50.0
        flow = np.sqrt((shutoff - static) / (k + system * n * n))
        head = header(np.full(n, shutoff), np.full(n, k), static, system)

        assert head == pytest.approx(shutoff - k * flow * flow, abs=1e-9)


def test_a_pump_too_weak_for_the_header_gives_nothing():
    """Its check valve shuts, and the other one works as if alone."""
    alone = header([50.0], [2e-4], 40.0, 7e-5)
    beside = header([50.0, 41.0], [2e-4, 2e-4], 40.0, 7e-5)

    assert alone > 41.0
    assert beside == pytest.approx(alone, abs=1e-9)


def test_no_pump_that_is_strong_enough_leaves_the_static_head():
    """Neither one that stands, whose head is minus infinity."""
    assert header([-np.inf, 30.0], [1.0, 2e-4], 40.0, 7e-5) == 40.0


@given(
    curves=st.lists(
        st.tuples(
            st.sampled_from([50.0, 44.0]) | st.floats(25.0, 60.0),
            st.floats(1e-5, 1e-3) | st.just(2e-4),
        ),
        min_size=1,
        max_size=6,
    ),
    static_head=st.floats(20.0, 55.0),
    exponent=st.floats(-7.0, -2.0),
)
@example(curves=[(50.0, 2e-4), (44.0, 2e-4)], static_head=44.0, exponent=-4.0)
def test_unequal_pumps_work_where_halving_finds_it(curves, static_head, exponent):
    """Some alike, some kept shut, at their shut-off head or all but there among them."""
    shutoff_heads, losses = zip(*curves, strict=True)
    found = header(shutoff_heads, losses, static_head, 10.0**exponent)

    assert found == pytest.approx(
        halved(shutoff_heads, losses, static_head, 10.0**exponent), abs=1e-9
    )


@pytest.mark.parametrize("age", [0.0, 20_000.0])
def test_lives_are_weibull_given_the_age_at_the_start(age):
    """Left truncation: only those lives that reached the age."""
    rng, seal = np.random.Generator(np.random.PCG64DXSM(3)), SealPart()
    lives = [first_part(seal, 1, 0, age, rng).life for _ in range(2_000)]
    law = stats.weibull_min(seal.shape, scale=seal.scale)

    def truncated(life):
        return 1.0 - law.sf(life) / law.sf(age)

    assert stats.kstest(lives, truncated).pvalue > 0.01


def test_a_repair_leaves_the_share_of_age_that_kijima_two_says():
    """Virtual age after it: (1 - a) (v + x)."""
    rng = np.random.Generator(np.random.PCG64DXSM(4))
    part = first_part(SealPart(), 1, 0, 1_000.0, rng)
    part.use(500.0 * HOUR, 2.0)

    assert successor(part, 2, 0.0, 0.75, rng).virtual_age == pytest.approx(0.25 * 2_000.0)
    assert successor(part, 2, 0.0, 1.0, rng).virtual_age == 0.0


def test_a_demand_is_met_at_once_as_often_as_palm_says():
    """With Poisson demand, fewer than S are on order: P(Poisson(rate * lead time) < S)."""
    env, rng = simpy.Environment(), np.random.Generator(np.random.PCG64DXSM(6))
    rate, lead, n_spares, waits = 1.0, 2.0, 3, []
    store = Store(env, ("seal",), n_spares, lead, rng)

    def customer():
        asked_at = env.now
        yield from store.take("seal")
        waits.append(env.now - asked_at)

    def arrivals():
        while True:
            yield env.timeout(rng.exponential(1.0 / rate))
            env.process(customer())

    run(env, arrivals(), until=10_000.0)

    # The number on order is correlated over some lead times: the standard error is near 0.01.
    at_once = np.mean(np.array(waits) == 0.0)
    assert at_once == pytest.approx(stats.poisson(rate * lead).cdf(n_spares - 1), abs=0.04)
