"""Fault modes of component tables against closed forms."""

import numpy as np
import pytest
from scipy import stats

from simgen.core import Streams
from simgen.domains.industrial.fleet.components import (
    ComponentKind,
    Crack,
    FaultMode,
    component_table,
)
from simgen.domains.industrial.site.modes import N_POINTS
from simgen.domains.industrial.site.parts import first_part
from simgen.kernels.ageing import arrhenius_acceleration


def mode(defect, scale, shape=1.6, **values):
    about = {"mean_growth_time": 1.0, "steadiness": 20.0, "crack": None, "looks": ("worn",)}
    return FaultMode(defect=defect, shape=shape, scale=scale, **about | values)


def part_kind(*modes):
    return ComponentKind(
        kind="part",
        load_exponent=1.0,
        speed_exponent=1.0,
        activation_energy=0.0,
        modes=modes,
        called=("part",),
    )


@pytest.fixture(scope="module")
def lives():
    """Modes and lives [h] of many new parts with two competing modes."""
    kind, rng = part_kind(mode("slow", 300.0), mode("fast", 150.0)), Streams(2).generator("parts")
    parts = [first_part(kind, number, 0, 0.0, rng) for number in range(4_000)]
    return np.array([part.mode.defect for part in parts]), np.array([part.life for part in parts])


def test_competing_modes_share_failures_as_their_hazards(lives):
    """With one shape b, the share of a mode is its scale^-b over the sum of those."""
    share = 300.0**-1.6 / (300.0**-1.6 + 150.0**-1.6)

    # Four standard errors of 4,000 draws.
    assert np.mean(lives[0] == "slow") == pytest.approx(share, abs=0.028)


def test_the_first_of_competing_modes_is_weibull_again(lives):
    """With scale (sum of scales^-b)^(-1/b), whichever mode it is."""
    scale = (300.0**-1.6 + 150.0**-1.6) ** (-1.0 / 1.6)

    for defect in ("slow", "fast"):
        found = lives[1][lives[0] == defect]
        assert stats.kstest(found, stats.weibull_min(1.6, scale=scale).cdf).pvalue > 1e-3


@pytest.mark.parametrize("exponent", [2.0, 3.0, 4.0])
def test_a_crack_grows_as_paris_has_it(exponent):
    """Its speed goes with the length to the power m / 2."""
    crack = Crack(ratio=12.0, exponent=exponent)
    time = np.linspace(0.0, 1.0, 2_001)
    severity = crack.severity(time)
    length = 1.0 + severity * 11.0
    slope = np.gradient(np.log(np.gradient(length, time))[5:-5], np.log(length)[5:-5])

    assert severity[0] == 0.0
    assert severity[-1] == pytest.approx(1.0, abs=1e-9)
    np.testing.assert_allclose(slope[10:-60], 0.5 * exponent, rtol=0.02)


def test_a_crack_is_small_for_most_of_its_time():
    """At half of its time it has come less than a fifth of its way; wear has come half."""
    rng = Streams(4).generator("courses")
    cracks = [mode("c", 1.0, crack=Crack(ratio=12.0, exponent=3.0)).course(rng) for _ in range(200)]
    wear = [mode("w", 1.0).course(rng) for _ in range(200)]

    assert np.mean([course[N_POINTS // 2] for course in cracks]) < 0.2
    assert np.mean([course[N_POINTS // 2] for course in wear]) == pytest.approx(0.5, abs=0.03)


def test_every_course_rises_from_nothing_to_failure():
    """In every table, whatever the law."""
    rng = Streams(5).generator("courses")
    for name in ("motors", "gearboxes", "presses"):
        for kind in component_table(name).components:
            for one in kind.modes:
                course = one.course(rng)
                assert course[0] == 0.0
                assert course[-1] == pytest.approx(1.0)
                assert np.all(np.diff(course) >= 0.0)


def test_ten_kelvin_halve_the_life_of_a_winding():
    """Montsinger's rule, near 130 degree Celsius."""
    kinds = {kind.kind: kind for kind in component_table("motors").components}
    energy = kinds["winding"].activation_energy

    assert arrhenius_acceleration(408.15, 398.15, energy) == pytest.approx(2.0, rel=0.02)
