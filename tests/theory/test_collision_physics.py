"""Collisions against the laws of impact. Without grip, nothing else acts in the plane."""

import numpy as np
import pytest
from hypothesis import example, given, settings, strategies as st
from toys.tracks import launch, run, track

from simgen.worlds.base import TargetVelocity

LIGHT, HEAVY = 1000.0, 3000.0  # [kg]


def rink(restitution):
    """A road of ice."""
    about = {"restitution": restitution, "size": (4.0, 2.0, 1.5)}
    kinds = {"light": {**about, "mass": LIGHT}, "heavy": {**about, "mass": HEAVY}}
    return track(kinds=kinds, grip=0.0)


@pytest.mark.parametrize("restitution", [0.0, 0.1, 0.5, 1.0])
def test_central_impact(restitution):
    """Momentum stays, and speeds part at the restitution times the closing speed."""
    world = rink(restitution)
    launch(world, "light", 1000.0, 10.0)
    launch(world, "heavy", 1010.0, -4.0)

    last = run(world, 2.0)
    together = (LIGHT * 10.0 - HEAVY * 4.0) / (LIGHT + HEAVY)
    shares = np.array([-HEAVY, LIGHT]) / (LIGHT + HEAVY)
    expected = together + shares * restitution * 14.0
    np.testing.assert_allclose(last.velocities[:, 0], expected, atol=1e-9)
    np.testing.assert_allclose(last.velocities[:, 1], 0.0, atol=1e-9)
    np.testing.assert_allclose(last.yaw_rates, 0.0, atol=1e-9)


def test_elastic_impact_of_equals_swaps_speeds():
    """What ran stands, and what stood runs: energy is kept."""
    world = rink(1.0)
    launch(world, "light", 1000.0, 10.0)
    launch(world, "light", 1010.0)

    np.testing.assert_allclose(run(world, 2.0).velocities[:, 0], [0.0, 10.0], atol=1e-9)


def test_the_event_tells_the_impulse():
    """Its impulse is the change of momentum, at the place of the contact, in one step alone."""
    world = rink(0.1)
    first = launch(world, "light", 1000.0, 10.0)
    other = launch(world, "light", 1010.0)

    events = []
    for _ in range(40):
        world.step()
        events += world.sense().collisions
    (event,) = events
    assert (event.actor, event.other) == (first, other)
    np.testing.assert_allclose(event.impulse, (-LIGHT * 5.0 * 1.1, 0.0, 0.0), atol=1e-6)
    assert event.x == pytest.approx(1008.0, abs=0.1)
    assert event.y == pytest.approx(-200.0, abs=1e-6)


@settings(max_examples=100, deadline=None)
@given(
    st.floats(-1.8, 1.8), st.floats(-3.1, 3.1), st.floats(-3.1, 3.1), st.floats(0.0, 1.0),
    st.floats(-5.0, 5.0),
)  # fmt: skip
@example(0.0, 2.0, 1.0, 1.0, 0.0)  # friction together with restitution would make energy
def test_no_impact_makes_momentum_or_energy(offset, yaw, other_yaw, restitution, drift):
    """Wherever and however boxes meet: momenta stay, angular too, and energy does not grow."""
    world = rink(restitution)
    launch(world, "light", 1000.0, 20.0, yaw=yaw)
    second = launch(world, "heavy", 1010.0, 0.0, y=-200.0 + offset, yaw=other_yaw)
    world.apply(second, TargetVelocity(x=-5.0, y=drift, about_z=0.3))
    masses = np.array([LIGHT, HEAVY])
    inertias = masses * (16.0 + 4.0) / 12.0

    def totals(shot):
        at, v = shot.positions, shot.velocities
        spin = inertias @ shot.yaw_rates
        turning = masses @ ((at[:, 0] - 1000) * v[:, 1] - (at[:, 1] + 200) * v[:, 0]) + spin
        energy = 0.5 * (masses @ (v * v).sum(axis=1) + inertias @ shot.yaw_rates**2)
        return np.array([*(masses @ v), turning]), energy

    before, energy = totals(world.sense())
    hit = False
    for _ in range(20):
        world.step()
        hit = hit or bool(world.sense().collisions)
    after, left = totals(world.sense())
    np.testing.assert_allclose(after[:3], before[:3], atol=1e-6)
    # Boxes are moved out of each other as far as they went in, along the impulse's direction.
    assert after[3] == pytest.approx(before[3], abs=1e4 if hit else 1e-3)
    assert left <= energy * (1 + 1e-12)
