"""Tools and cutting forces against closed forms."""

import math
from dataclasses import replace

import numpy as np
import pytest

from simgen.domains.industrial.kernels.milling import (
    CUT,
    DEVIATION,
    N_COURSES,
    N_MEASURED,
    N_STEPS,
    PEAK,
    TANGENTIAL,
    UNEVENNESS,
    X,
    Y,
    Z,
    fill_courses,
    measure_turns,
    turn_forces,
)
from simgen.domains.industrial.milling.shop import Cut, Material, ToolKind
from simgen.domains.industrial.milling.wear import ToolParameters, deepest

STEEL = Material(kind="steel", cutting=(2_000.0, 800.0, 300.0), edge=(20.0, 30.0, 5.0), wear=1.0)
TOOL = ToolKind(kind="end_mill", diameter=16.0, n_teeth=4, life=90.0, stiffness=20.0, damping=0.04)
PASS = Cut(tool="end_mill", speed=180.0, feed=0.1, depth=2.0, width=16.0, length=500.0)


def cut_of(*, engagement=math.pi, **values):
    """A cut and the courses of its teeth: a slot, with a sharp tool, unless said."""
    cut = np.zeros(1, CUT)
    about = {
        "feed": 0.1,
        "depth": 2.0,
        "n_teeth": 4,
        "cutting": STEEL.cutting,
        "edge": STEEL.edge,
    }
    for name, value in (about | values).items():
        cut[name] = value
    courses = np.zeros((1, cut["n_teeth"].max(), N_COURSES, N_STEPS))
    fill_courses(np.array([engagement]), cut["n_teeth"], courses)
    return cut, courses


def turn(**values):
    """Forces through a turn of one cut `(4, N_STEPS)`."""
    out = np.empty((4, 1, N_STEPS))
    turn_forces(*cut_of(**values), out)
    return out[:, 0]


@pytest.mark.parametrize("n_teeth", [3, 4, 5])
def test_what_is_measured_of_a_turn_is_what_its_forces_come_to(n_teeth):
    """Means, and of the force in the plane the peak, the deviation, and that between teeth."""
    about = {"n_teeth": n_teeth, "engagement": 1.1, "runout": 0.3, "chip": 0.2, "wear": 0.2}
    found, forces = np.empty((N_MEASURED, 1)), turn(**about)
    measure_turns(*cut_of(**about), found)
    plane = np.hypot(forces[X], forces[Y])
    # What no whole part is left for belongs to the last.
    starts = (np.arange(n_teeth) * N_STEPS) // n_teeth
    peaks = np.maximum.reduceat(plane, starts)

    np.testing.assert_allclose(found[: TANGENTIAL + 1, 0], forces.mean(1), rtol=1e-12)
    assert found[PEAK, 0] == pytest.approx(plane.max())
    assert found[DEVIATION, 0] == pytest.approx(plane.std())
    assert found[UNEVENNESS, 0] == pytest.approx(peaks.std() / peaks.mean())


def test_a_slot_has_the_mean_forces_of_altintas():
    """-N a (Kr c / 4 + Kre / pi), N a (Kt c / 4 + Kte / pi) and N a (Ka c / pi + Kae / 2)."""
    mean, n, a, c = turn().mean(1), 4, 2.0, 0.1
    (kt, kr, ka), (te, re, ae) = STEEL.cutting, STEEL.edge

    assert mean[X] == pytest.approx(-n * a * (kr * c / 4.0 + re / math.pi), rel=2e-3)
    assert mean[Y] == pytest.approx(n * a * (kt * c / 4.0 + te / math.pi), rel=2e-3)
    assert mean[Z] == pytest.approx(n * a * (ka * c / math.pi + ae / 2.0), rel=2e-3)


def test_power_is_specific_energy_times_what_is_removed():
    """Without edges, Kt times the volume of a turn, over its angle and radius."""
    angle = 2.0 * math.pi * 14 / N_STEPS
    forces = turn(edge=(0.0, 0.0, 0.0), engagement=angle)
    width = 8.0 * (1.0 - math.cos(angle))
    torque = forces[TANGENTIAL].mean() * 8.0  # [N mm]

    assert torque * 2.0 * math.pi == pytest.approx(2_000.0 * 2.0 * width * 4 * 0.1, rel=0.02)


def test_wear_adds_to_edges_and_not_to_chips():
    """The added force does not depend on the feed; at 0.3 mm it is that of edges again."""
    added = [turn(feed=feed, wear=0.3) - turn(feed=feed) for feed in (0.05, 0.2)]

    np.testing.assert_allclose(added[0], added[1], atol=1e-9)
    edges = turn(feed=0.0)
    np.testing.assert_allclose(added[0][TANGENTIAL], edges[TANGENTIAL], atol=1e-9)


def test_a_chipped_tooth_leaves_its_chip_to_the_next():
    """The mean force hardly changes, its spread between teeth does."""
    whole, chipped = turn(edge=(0.0, 0.0, 0.0)), turn(edge=(0.0, 0.0, 0.0), chip=0.5)

    assert chipped.mean(1) == pytest.approx(whole.mean(1), rel=1e-6)
    assert chipped[TANGENTIAL].max() > 1.1 * whole[TANGENTIAL].max()


def test_the_tooth_that_follows_takes_what_a_chipped_one_leaves():
    """It cuts a quarter of a turn later; no other tooth feels anything."""
    whole, chipped = (turn(edge=(0.0, 0.0, 0.0), engagement=1.1, chip=c) for c in (0.0, 0.5))
    by_tooth = (chipped - whole)[TANGENTIAL].reshape(4, -1).sum(1)

    assert by_tooth[0] < 0.0
    assert by_tooth[1:] == pytest.approx([-by_tooth[0], 0.0, 0.0])


def test_another_tooth_may_chip_and_a_tool_may_run_out_another_way():
    """That turns the tool and changes nothing else."""
    first = turn(runout=0.3, chip=0.5)
    third = turn(runout=0.3, chip=0.5, chipped=2, direction=math.pi)

    np.testing.assert_allclose(third, np.roll(first, N_STEPS // 2, axis=1), atol=1e-9)


def test_taylor_holds():
    """V T^n is constant, whatever the speed."""
    about = ToolParameters(taylor_exponent=0.3)
    constants = [
        speed * about.life(TOOL, replace(PASS, speed=speed), STEEL, 1.0) ** 0.3
        for speed in (90.0, 180.0, 270.0)
    ]

    assert constants == pytest.approx([constants[0]] * 3)
    assert about.life(TOOL, PASS, STEEL, 1.0) == pytest.approx(90.0)


def test_taylor_is_extended_by_feed_and_depth():
    """V T^n f^a d^b, with hardness counting as speed."""
    about, life = ToolParameters(), ToolParameters().life(TOOL, PASS, STEEL, 1.0)

    doubled = about.life(TOOL, replace(PASS, feed=0.2), STEEL, 1.0)
    assert doubled / life == pytest.approx(2.0 ** (-0.35 / 0.25))
    deep = about.life(TOOL, replace(PASS, depth=4.0), STEEL, 1.0)
    assert deep / life == pytest.approx(2.0 ** (-0.15 / 0.25))
    hard = about.life(TOOL, PASS, STEEL, 1.2)
    assert hard == pytest.approx(about.life(TOOL, replace(PASS, speed=216.0), STEEL, 1.0))


def test_wear_has_three_phases_and_ends_at_the_limit():
    """Fast, steady, fast again; and without a step where the life is over."""
    about = ToolParameters()
    share = np.linspace(0.0, 1.4, 1_401)
    wear = np.array([about.wear(one) for one in share])
    speed = np.diff(wear) / np.diff(share)

    assert wear[0] == 0.0
    assert wear[1_000] == pytest.approx(about.limit, rel=1e-6)
    assert (speed > 0.0).all()
    assert speed[10] > 3.0 * speed[500]
    assert speed[980] > 2.0 * speed[500]
    assert speed[1_050] == pytest.approx(speed[998], rel=0.02)


def test_breaking_is_likelier_by_the_exponential_of_wear():
    """Proportional hazards."""
    about = ToolParameters(breakage_rate=0.01, breakage_wear=2.0)

    assert about.breakage_rate_at(0.0) == pytest.approx(0.01)
    assert about.breakage_rate_at(0.3) == pytest.approx(0.01 * math.exp(2.0))


def test_the_deepest_stable_cut_is_that_of_the_most_negative_real_part():
    """-1 / (2 K N u min Re G), G the answer of one mode to a force."""
    stiffness, damping = 20_000.0, 0.04  # [N/mm]
    ratio = np.linspace(0.5, 1.5, 2_000_001)
    answer = 1.0 / (stiffness * (1.0 - ratio**2 + 2j * damping * ratio))
    n_cutting = 4 * math.pi / (2.0 * math.pi)
    expected = -1.0 / (2.0 * 2_000.0 * n_cutting * 0.4 * answer.real.min())

    assert deepest(PASS, TOOL, STEEL, 20.0) == pytest.approx(expected, rel=1e-4)


def test_a_cut_takes_its_length_over_its_feed():
    """Turns follow from speed and diameter; half the diameter engages a quarter of a turn."""
    assert PASS.turns == pytest.approx(180e3 / (math.pi * 16.0) / 60.0)
    assert PASS.time == pytest.approx(500.0 / (0.1 * 4 * PASS.turns))
    assert PASS.engagement == pytest.approx(math.pi)
    assert replace(PASS, width=8.0).engagement == pytest.approx(math.pi / 2.0)
