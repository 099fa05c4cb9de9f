"""A bearing's life: competing defects, growth that never heals, services that make it younger."""

import numpy as np
import pytest
from scipy import special

from simgen.core import HOUR, Streams, build
from simgen.domains.industrial.bearings import catalogue
from simgen.domains.industrial.rig.defects import Defects
from simgen.domains.industrial.rig.lives import Fitted, draw_spall, remaining, service, strikes

DEFECTS = Defects()
ORDERS = catalogue()["SKF_6205"].orders


def spalls(n, defects=DEFECTS, **ages):
    rng = Streams(4).generator("spalls")
    return [draw_spall(defects, rng, **ages) for _ in range(n)]


def test_the_weaker_part_spalls_more_often():
    """With one shape, in proportion to scale to the power of minus the shape."""
    kinds = [spall.defect.kind for spall in spalls(1_500)]

    rates = {d.kind: d.scale**-d.shape for d in DEFECTS.all()}
    for kind, rate in rates.items():
        assert kinds.count(kind) / len(kinds) == pytest.approx(rate / sum(rates.values()), abs=0.05)


def test_growth_runs_from_a_new_spall_to_seizure():
    """It begins at its initial length, never shrinks, and ends at the limit."""
    for spall in spalls(50):
        path = spall.sizes_at(np.linspace(spall.onset_age, spall.failure_age, 400))
        assert path[0] == pytest.approx(DEFECTS.initial_size)
        assert path[-1] == pytest.approx(DEFECTS.failure_size)
        assert np.all(np.diff(path) >= 0.0)
        assert spall.size_at(spall.onset_age - 0.01) == 0.0


def test_the_size_at_one_age_is_that_among_many():
    """Before the onset, between points of the path and after its end."""
    for spall in spalls(5):
        ages = np.linspace(spall.onset_age - 1.0, spall.failure_age + 1.0, 301)
        assert [spall.size_at(float(age)) for age in ages] == spall.sizes_at(ages).tolist()


def test_time_from_onset_to_seizure_is_the_gamma_process_first_passage():
    """By t with probability Q(shape rate t, log of the length's ratio / scale)."""
    times = np.array([spall.failure_age - spall.onset_age for spall in spalls(1_500)])
    ratio = np.log(DEFECTS.failure_size / DEFECTS.initial_size)
    shape_rate = ratio / (DEFECTS.growth_jump * DEFECTS.mean_growth_time)

    for t in (120.0, 150.0, 190.0):
        expected = special.gammaincc(shape_rate * t, ratio / DEFECTS.growth_jump)
        assert np.mean(times <= t) == pytest.approx(expected, abs=0.05)


def test_a_service_undoes_ageing_before_a_spall_and_nothing_after():
    """Kijima I: as if a share of the use since the last service had not been."""
    rng = Streams(5).generator("services")
    young = Fitted(bearing_id=1, machine=0, fitted_at=0.0, spall=spalls(1)[0], age=200.0)
    service(young, DEFECTS, rng, 0.3)

    assert young.virtual_age == pytest.approx(140.0)
    assert young.spall.onset_age > 200.0

    spalled = Fitted(bearing_id=2, machine=0, fitted_at=0.0, spall=spalls(1)[0], age=200.0)
    spalled.event, before = object(), spalled.spall
    service(spalled, DEFECTS, rng, 0.3)
    assert spalled.spall is before


def test_use_ages_by_load():
    """Ten hours at twice the rated ageing are twenty equivalent ones."""
    bearing = Fitted(bearing_id=1, machine=0, fitted_at=0.0, spall=spalls(1)[0])
    bearing.use(10.0 * HOUR, 2.0)

    assert (bearing.age, bearing.use_time) == (20.0, 10.0 * HOUR)
    left = (bearing.spall.onset_age - 20.0) / 2.0 * HOUR
    assert bearing.time_to_change(2.0) == pytest.approx(left)


def test_remaining_time():
    """Known where the bearing seized; otherwise nobody can say."""
    bearing = Fitted(bearing_id=1, machine=0, fitted_at=0.0, spall=spalls(1)[0])
    bearing.use(10.0 * HOUR, 1.0)

    use = np.array([4.0, 10.0]) * HOUR + [0.0, 1e-6]
    assert np.isnan(remaining(np.array([bearing.end, bearing.end]), use)).all()
    bearing.failed = True
    left = remaining(np.array([bearing.end, bearing.end]), use)
    assert left[0] == pytest.approx(6.0)
    assert left[1] == 0.0


def test_strikes_grow_with_the_spall():
    """Twice as long, twice as hard; a sharp one strikes, a rough one hisses."""
    (spall,) = spalls(1, build(Defects, {"outer_race": {"scale": 1.1}}))
    small, large = (
        strikes(spall, size, ORDERS, speed=1.0, rated_speed=1_797.0, load=1.0, zone=1.0, sway=0.0)
        for size in (0.2, 0.4)
    )

    assert small["order"] == ORDERS.outer_race
    assert large["amplitude"] == pytest.approx(2.0 * small["amplitude"])
    assert large["roughness"] == pytest.approx(2.0 * small["roughness"])


def test_a_ball_crosses_a_spall_in_the_time_that_the_shaft_gives_it():
    """Whether a slow machine is slow for its rating, or by it."""
    spall = spalls(1)[0]
    usual, slow, rated_slow = (
        strikes(spall, 1.0, ORDERS, speed=speed, rated_speed=rated, load=1.0, zone=1.0, sway=0.0)
        for speed, rated in ((1.0, 1_800.0), (0.5, 1_800.0), (1.0, 900.0))
    )

    assert slow["spall_time"] == pytest.approx(2.0 * usual["spall_time"])
    assert rated_slow["spall_time"] == pytest.approx(slow["spall_time"])


def test_each_service_undoes_part_of_what_came_since_the_last():
    """Kijima I with one half: 50 after 100, and 30 more after another 60."""
    rng = Streams(4).generator("services")
    bearing = Fitted(bearing_id=1, machine=0, fitted_at=0.0, spall=spalls(1)[0])
    for age in (100.0, 160.0):
        bearing.age = age
        service(bearing, DEFECTS, rng, 0.5)

    assert bearing.virtual_age == pytest.approx(80.0)


def test_a_spall_strikes_with_the_speed():
    """Half as hard at half of it."""
    spall = spalls(1)[0]
    hard, soft = (
        strikes(spall, 1.0, ORDERS, speed=speed, rated_speed=1_797.0, load=4.0, zone=1.0, sway=0.0)[
            "amplitude"
        ]
        for speed in (1.0, 0.5)
    )

    assert soft == pytest.approx(0.5 * hard)
