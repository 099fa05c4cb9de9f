import math

import numpy as np
import pytest
from hypothesis import given, strategies
from scipy.special import fresnel
from toys.drawn_roads import LINE, opendrive, road

from simgen.worlds.road import make_network
from simgen.worlds.road.opendrive import parse_opendrive

POLYNOMIAL = '<{tag} s="0" {start} a="{a}" b="{b}" c="{c}" d="{d}"/>'


def places(shape, s, t=0.0, *, length=100.0, profile="", start='x="0" y="0" hdg="0"'):
    line = f'<geometry s="0" {start} length="{length}">{shape}</geometry>'
    text = opendrive(road(line=line, length=length, profile=profile))
    network = make_network(parse_opendrive(text))
    s = np.atleast_1d(np.asarray(s, float))
    return network.surface(np.zeros(len(s), np.int64), s, np.full(len(s), t))


def test_arc_is_a_circle():
    """An arc keeps its distance from its centre and turns with the way."""
    s = np.linspace(0.0, 100.0, 21)
    pose = places('<arc curvature="-0.02"/>', s, start='x="3" y="4" hdg="0.5"')

    centre = 3.0 + 50.0 * math.sin(0.5), 4.0 - 50.0 * math.cos(0.5)
    np.testing.assert_allclose(np.hypot(pose.x - centre[0], pose.y - centre[1]), 50.0)
    np.testing.assert_allclose(pose.yaw, 0.5 - 0.02 * s)


@given(strategies.floats(-0.2, 0.2), strategies.floats(-0.2, 0.2))
def test_clothoid_follows_fresnel(begin, end):
    """A clothoid between two curvatures lies where Fresnel's integrals say (DLMF 7.2)."""
    pose = places(f'<spiral curvStart="{begin}" curvEnd="{end}"/>', 100.0)

    rate = (end - begin) / 100.0
    if abs(rate) < 1e-6:
        return  # the closed form loses its digits
    scale = math.sqrt(math.pi / abs(rate))

    def standard(s):
        sine, cosine = fresnel(s / scale)
        return scale * cosine + 1j * scale * math.copysign(1.0, rate) * sine

    origin = begin / rate
    turn = np.exp(-0.5j * begin * origin)
    there = (standard(origin + 100.0) - standard(origin)) * turn
    assert abs(pose.x[0] + 1j * pose.y[0] - there) < 1e-8
    assert pose.yaw[0] == pytest.approx(50.0 * (begin + end))


BY_SHARE = (
    '<paramPoly3 pRange="normalized" aU="0" bU="90" cU="15" dU="-5" '
    'aV="0" bV="0" cV="60" dV="-30"/>'
)
BY_LENGTH = (
    '<paramPoly3 pRange="arcLength" aU="0" bU="1" cU="-1e-4" dU="0" '
    'aV="0" bV="0" cV="0.004" dV="-1e-6"/>'
)


@pytest.mark.parametrize(("shape", "end"), [(BY_SHARE, 1.0), (BY_LENGTH, None)])
def test_parametric_cubic_is_walked_by_arc_length(shape, end):
    """The s of a place is the length of the curve, whatever the speed of its parameter."""
    numbers = [float(value) for value in shape.split('"')[3::2]]
    u, v = np.polynomial.Polynomial(numbers[:4]), np.polynomial.Polynomial(numbers[4:])
    p = np.linspace(0.0, end or 100.0, 200_001)
    length = float(np.hypot(np.diff(u(p)), np.diff(v(p))).sum())
    s = np.linspace(0.0, 1.0, 41)

    pose = places(shape, s * (length if end else 100.0), length=length if end else 100.0)

    travelled = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(u(p)), np.diff(v(p))))])
    at = np.interp(s * length, travelled, p)
    np.testing.assert_allclose(pose.x, u(at), atol=1e-4)
    np.testing.assert_allclose(pose.y, v(at), atol=1e-4)
    np.testing.assert_allclose(pose.yaw, np.arctan2(v.deriv()(at), u.deriv()(at)), atol=1e-5)


def test_poly3_ends_where_its_length_is_used_up():
    """A cubic v(u) is followed for as many metres as the geometry claims."""
    pose = places('<poly3 a="0" b="0" c="0.005" d="0"/>', 100.0)

    x = pose.x[0]
    closed = 0.5 * x * math.hypot(1.0, 0.01 * x) + math.asinh(0.01 * x) / 0.02
    assert closed == pytest.approx(100.0, abs=1e-4)
    assert pose.y[0] == pytest.approx(0.005 * x**2)


def test_surface_lies_on_its_profiles():
    """Elevation, roll and cross-section add up: z = e + t sin(roll) + h cos(roll)."""
    elevation = POLYNOMIAL.format(tag="elevation", start="", a=5, b=0.1, c=0, d=0)
    roll = POLYNOMIAL.format(tag="superelevation", start="", a=0.05, b=0, c=0, d=0)
    shapes = "".join(
        POLYNOMIAL.format(tag="shape", start=f't="{t}"', a=0, b=b, c=0, d=0).replace(
            's="0"', f's="{s}"'
        )
        for s, t, b in ((0, -9, 0.0), (0, 0, 0.02), (50, -9, 0.0), (50, 0, 0.04))
    )
    profile = (
        f"<elevationProfile>{elevation}</elevationProfile>"
        f"<lateralProfile>{roll}{shapes}</lateralProfile>"
    )

    left = places("<line/>", [25.0, 75.0], 4.0, profile=profile)
    right = places("<line/>", 25.0, -4.0, profile=profile)

    height = np.array([0.03, 0.04]) * 4.0
    expected = np.array([7.5, 12.5]) + 4.0 * math.sin(0.05) + height * math.cos(0.05)
    np.testing.assert_allclose(left.z, expected)
    np.testing.assert_allclose(left.y, 4.0 * math.cos(0.05))
    np.testing.assert_allclose(right.z, 7.5 - 4.0 * math.sin(0.05))
    np.testing.assert_allclose(left.pitch, math.atan(0.1))
    np.testing.assert_allclose(left.roll, 0.05)


def test_pieces_follow_each_other():
    """The s of a road runs through its pieces; beyond its ends it holds."""
    line = LINE.replace('"100"', '"40"') + (
        '<geometry s="40" x="40" y="0" hdg="0" length="60"><arc curvature="0.01"/></geometry>'
    )
    network = make_network(parse_opendrive(opendrive(road(line=line))))

    pose = network.surface(np.zeros(4, np.int64), np.array([-1.0, 20.0, 100.0, 200.0]), np.zeros(4))

    np.testing.assert_allclose(pose.x, [0.0, 20.0, *[40.0 + 100.0 * math.sin(0.6)] * 2])
