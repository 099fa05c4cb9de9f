"""A line of gearboxes, where shafts bend."""

import pytest
from toys.worlds import world

from simgen.core import RequestError, build
from simgen.domains.industrial import GearboxLine


def test_shafts_bend_in_a_small_line():
    """Windows and telemetry show it, an order names it, and its beginning is told."""
    found = world(GearboxLine, seed=5)
    bends = found.events[found.events.kind == "bent_shaft"]

    assert len(bends)
    assert bends.detectable_at.notna().any()
    assert (found.windows.event_kind == "bent_shaft").any()
    assert (found.telemetry.event_kind == "bent_shaft").any()
    assert (found.work_orders.finding == "bent_shaft").any()


def test_a_rate_too_low_for_the_mesh_is_refused():
    """And for its sidebands, at the highest speed; the message says how much is enough."""
    gearbox = {"n_pinion": 300, "n_wheel": 600}
    with pytest.raises(RequestError, match=r"sample_rate = 12800 Hz is too low.*above 14847 Hz"):
        build(GearboxLine, {"gearbox": gearbox})

    build(GearboxLine, {"gearbox": gearbox, "watching": {"sample_rate": 14_848.0}})
