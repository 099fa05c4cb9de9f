import numpy as np
import pytest

from simgen.domains.driving.safety import (
    headway,
    required_deceleration,
    spans,
    time_to_collision,
)

NAN = float("nan")

# gap, closing speed, own speed -> time to collision, headway, required deceleration; by hand.
CASES = [
    ((35.4, 10.0, 20.0), (3.54, 1.77, 100.0 / 70.8)),  # two cars of CommonRoad-CriMe's example
    ((20.0, 5.0, 25.0), (4.0, 0.8, 0.625)),
    ((10.0, 0.0, 10.0), (NAN, 1.0, 0.0)),  # as fast as the other
    ((10.0, -3.0, 10.0), (NAN, 1.0, 0.0)),  # falls back
    ((2.0, 8.0, 8.0), (0.25, 0.25, 16.0)),  # the other stands
    ((0.0, 4.0, 4.0), (0.0, 0.0, NAN)),  # touches
    ((-0.5, 4.0, 4.0), (0.0, 0.0, NAN)),  # overlaps
    ((5.0, -2.0, 0.0), (NAN, NAN, 0.0)),  # stands
    ((NAN, NAN, 12.0), (NAN, NAN, NAN)),  # nobody ahead
]


@pytest.mark.parametrize(("given", "expected"), CASES)
def test_measures_equal_hand_computed_cases(given, expected):
    """Time to collision, headway and required deceleration of one frame."""
    gap, closing, speed = (np.array([value]) for value in given)
    found = (
        time_to_collision(gap, closing),
        headway(gap, speed),
        required_deceleration(gap, closing),
    )

    np.testing.assert_allclose(np.concatenate(found), expected)


def test_required_deceleration_just_avoids_a_collision():
    """Braking by it, the gap closes to zero when speeds are equal."""
    gap, closing = 30.0, 12.0
    brake = required_deceleration(np.array([gap]), np.array([closing]))[0]
    time = closing / brake

    assert gap - closing * time + 0.5 * brake * time**2 == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(("rows", "apart", "expected"), [
    ([], 3, []),
    ([4], 1, [(4, 4)]),
    ([1, 2, 3, 9], 1, [(1, 3), (9, 9)]),
    ([1, 2, 5, 9], 3, [(1, 5), (9, 9)]),
])  # fmt: skip
def test_runs_of_frames_become_spans(rows, apart, expected):
    """Runs not more than so many rows apart are one."""
    true = np.zeros(12, bool)
    true[rows] = True
    assert spans(true, apart) == expected
