import math
from itertools import pairwise

import numpy as np
import pytest
from toys.drawn_roads import LINE, opendrive, road

from simgen.worlds.road import make_network
from simgen.worlds.road.furniture import objects, signal_effects, signals
from simgen.worlds.road.opendrive import parse_opendrive

NORTH = LINE.replace('hdg="0"', f'hdg="{math.pi / 2}"')


def network_of(content, line=NORTH):
    return make_network(parse_opendrive(opendrive(road(line=line, more=content))))


@pytest.mark.parametrize(("orientation", "yaw"), [("+", -math.pi / 2), ("-", math.pi / 2)])
def test_signals_look_at_their_traffic(orientation, yaw):
    """A signal for traffic along s faces against s, and the other way round."""
    text = f'<signal id="1" s="40" t="-5" zOffset="2" orientation="{orientation}"/>'
    (placed,) = signals(network_of(f"<signals>{text}</signals>"))

    assert (placed.x, placed.y, placed.z) == pytest.approx((5.0, 40.0, 2.0))
    assert math.remainder(placed.yaw - yaw, 2.0 * math.pi) == pytest.approx(0.0)


def test_signals_hold_for_their_valid_lanes():
    """Without a validity for all lanes, with one for those, with lane 0 alone for none."""
    text = "".join(
        f'<signal id="{number}" s="40" t="-5">{validity}</signal>'
        for number, validity in enumerate(
            (
                "",
                '<validity fromLane="-1" toLane="-2"/>',
                '<validity fromLane="0" toLane="0"/>',
            )
        )
    )
    refer = '<signalReference id="2" s="9" t="0"><validity fromLane="1" toLane="1"/>'
    effects = signal_effects(network_of(f"<signals>{text}{refer}</signalReference></signals>"))

    assert [(effect.signal, effect.lanes) for effect in effects] == [
        ("0", (1, -1, -2)),
        ("1", (-1, -2)),
        ("2", (1,)),
    ]


def test_outlines_turn_with_road_and_object():
    """Corners are turned by the road's heading and the object's own, and lifted to its foot."""
    first = '<cornerLocal u="2" v="0" z="0.5"/>'
    text = (
        f'<object id="1" type="crosswalk" s="10" t="3" zOffset="1" hdg="{math.pi / 2}">'
        f'<outline>{first}<cornerLocal u="0" v="1"/>{first}</outline></object>'
    )
    (placed,) = objects(network_of(f"<objects>{text}</objects>"), {"crosswalk"})

    np.testing.assert_allclose(placed.corners, [[-5.0, 10.0, 1.5], [-3.0, 9.0, 1.0]], atol=1e-12)


def test_boxes_and_discs_get_their_corners():
    """An object without outline is its box, or its disc as eight corners."""
    text = (
        '<object id="1" type="building" s="10" t="0" length="4" width="2"/>'
        '<object id="2" type="tree" s="20" t="0" radius="3"/>'
    )
    box, disc = objects(network_of(f"<objects>{text}</objects>", LINE))

    assert np.ptp(box.corners, axis=0).tolist() == [4.0, 2.0, 0.0]
    np.testing.assert_allclose(np.hypot(disc.corners[:, 0] - 20.0, disc.corners[:, 1]), 3.0)


def test_continuous_objects_become_a_chain_of_boxes():
    """A barrier repeated without distance covers its length in boxes end to end."""
    text = (
        '<object id="1" type="barrier" s="0" t="4" width="0.4">'
        '<repeat s="10" length="42" distance="0" tStart="4" tEnd="6"/></object>'
    )
    boxes = [placed.object for placed in objects(network_of(f"<objects>{text}</objects>"))]

    assert sum(box.length for box in boxes) == pytest.approx(42.0)
    assert boxes[0].s - 0.5 * boxes[0].length == pytest.approx(10.0)
    assert [b.s - a.s for a, b in pairwise(boxes)] == pytest.approx(
        [boxes[0].length] * (len(boxes) - 1)
    )
    assert boxes[0].t < 4.5
    assert boxes[-1].t > 5.5
