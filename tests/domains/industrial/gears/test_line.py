"""A line of gearboxes, where shafts bend."""

from toys.worlds import world

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
