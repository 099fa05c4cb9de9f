"""Tools in a mill's magazine: how a cut uses them up, and why they are taken out."""

from dataclasses import replace

import pytest
from toys.worlds import merged

from simgen.core import HOUR, Streams, build
from simgen.des import run
from simgen.domains.industrial import MillingCell
from simgen.domains.industrial.milling.batches import next_batch
from simgen.domains.industrial.milling.magazine import (
    BREAKAGE,
    CHIPPED,
    LIMIT,
    MEASUREMENT,
    TIME,
    WORN,
    due,
    put_in,
    take_out,
    use_tool,
)
from simgen.domains.industrial.milling_cell import make_cell


def fitted(**tools):
    """A new cell, its first mill with a sharp tool, and a cut for that; `tools` differ."""
    about = build(MillingCell, merged(MillingCell.small, {"tools": tools}))
    streams = Streams(7)
    days = about.prepare(streams.child("shared"))
    cell = make_cell(about, about.blocks()[0], days, streams.child("blocks"))
    mill = cell.mills[0]
    cut = next_batch(cell, mill)[0]
    run(cell.env, put_in(cell, mill, cut.tool), until=HOUR)
    return cell, mill, mill.tools[cut.tool], cut


def used(*, hardness=1.0, chatter=0.0, dry=0.0, share=0.0, budget=5.0):
    """A tool of which a share of the life was used up, after one more cut by the same chance."""
    cell, mill, tool, cut = fitted(breakage_wear=0.0)
    tool.share, tool.budget = share, budget
    use_tool(cell, mill, tool, replace(cut, hardness=hardness), chatter, dry)
    return tool


def test_dry_cuts_and_chatter_shorten_lives():
    """The same cut uses up more without coolant, more in full chatter, and most in both."""
    usual = used().share
    dry, chatter = used(dry=1.0).share / usual, used(chatter=1.0).share / usual

    assert min(dry, chatter) > 1.5
    assert used(dry=0.5).share / usual == pytest.approx(0.5 * (1.0 + dry))
    assert used(dry=1.0, chatter=1.0).share / usual == pytest.approx(dry * chatter)


def test_hard_and_chattering_cuts_chip_edges():
    """The chance goes with hardness, and is twice as large in full chatter."""
    usual = 5.0 - used().budget

    assert usual > 0.0
    assert 5.0 - used(hardness=1.2).budget == pytest.approx(1.2 * usual)
    assert 5.0 - used(chatter=1.0).budget == pytest.approx(2.0 * usual)


@pytest.mark.parametrize(("share", "worn"), [(0.1, False), (0.99, True)])
def test_an_edge_that_chips_worn_names_the_wear_as_its_cause(share, worn):
    """An edge that chips sharp has none."""
    tool = used(share=share, budget=0.0)

    assert (tool.worn is not None) == worn
    assert tool.chipped.caused_by == (tool.worn.event_id if worn else 0)


@pytest.mark.parametrize(("measured_share", "found"), [(1.0, CHIPPED), (0.0, None)])
def test_a_measurement_finds_a_chipped_edge(measured_share, found):
    """Unless hardly anything is gone; mills that do not measure never find it."""
    for chip, removal in ((0.05, None), (0.5, found)):
        cell, mill, tool, cut = fitted(measured_share=measured_share, measuring_cuts=1)
        use_tool(cell, mill, tool, cut, 0.0, 0.0)
        tool.chip = chip
        assert due(cell, mill, cut.tool) == removal


@pytest.mark.parametrize(
    ("removal", "reason"),
    [(LIMIT, MEASUREMENT), (CHIPPED, MEASUREMENT), (BREAKAGE, BREAKAGE), (TIME, "")],
)
def test_nobody_looks_at_a_tool_that_is_changed_after_its_time(removal, reason):
    """Its wear ends and stays unknown; of all others it is known from then on."""
    cell, mill, tool, _ = fitted()
    tool.worn = cell.begin(mill, WORN)
    take_out(cell, tool, removal)

    assert tool.worn.ended_at == cell.env.now
    assert tool.worn.observed_reason == reason
    assert tool.worn.observed_at == (cell.env.now if reason else None)
