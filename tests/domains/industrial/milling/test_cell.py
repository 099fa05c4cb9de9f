"""Tools wear cut by cut, are changed in time or too late, and tell in forces."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import ks_2samp
from toys.worlds import world

from simgen.core import DAY, RequestError, Streams, build
from simgen.domains.industrial import MillingCell
from simgen.domains.industrial.kernels.milling import N_STEPS
from simgen.domains.industrial.milling.cell import Cell
from simgen.domains.industrial.milling.readings import MEASURES, State, add_noise
from simgen.domains.industrial.milling.shop import every_cut, tools
from simgen.domains.industrial.milling.wear import deepest

NEW = {"first_age": 0.0, "ageing": 1e-3, "growing": 1e-3}  # mills do not wear
EVEN = {"operation": {"hardness_spread": 0.0}}
PLAIN = {
    **NEW,
    **EVEN,
    "tools": {"breakage_rate": 0.0},
    "lookalikes": {
        "hard_batch": {"share": 0.0},
        "thin_wall": {"share": 0.0},
        "sensor_fault": {"rate": 0.0},
    },
}
# Half of the batches chatter; forces of more cuts are kept.
THIN = {
    **PLAIN,
    "lookalikes": {"thin_wall": {"share": 0.5, "factors": [0.4, 0.5]}},
    "watching": {"waveform_share": 0.05},
}
# Tools are changed at the limit, or soon after it.
MEASURED = {**PLAIN, "tools": {"breakage_rate": 0.0, "measuring_cuts": 2}}

N_CUTS = 4_000
WORN = {"ageing": 400.0, "growing": 3.0, "n_days": 9, "lookalikes": {"thin_wall": {"share": 0.0}}}


def alike(cuts):
    """Each measure over its mean in like cuts of like tools."""
    return cuts.groupby(["product", "tool_kind"], observed=True)


def test_worn_tools_press_harder():
    """In like cuts, forces of worn tools are higher and sharp ones lower."""
    cuts = world(MillingCell, **PLAIN).cuts
    for name in ("force_z", "acoustic_emission"):
        over = cuts[name] / alike(cuts)[name].transform("mean")
        assert over[cuts.wear > 0.27].mean() > 1.08 * over[cuts.wear < 0.12].mean(), name


def test_measured_tools_are_changed_at_the_limit():
    """Those of mills that do not measure are changed after a time, worn or not."""
    found = world(MillingCell, **MEASURED)
    removed = found.tools[found.tools.removal != ""].merge(found.machines, on="machine_id")
    measured = removed[removed.measures_tools]
    timed = removed[~removed.measures_tools]

    assert set(measured.removal) == {"limit"}
    assert set(timed.removal) == {"time"}
    assert measured.wear.between(0.25, 0.42).all()
    assert timed.wear.std() > 1.5 * measured.wear.std()


def test_who_changes_tools_earlier_needs_more_of_them():
    """They wear as fast as those that are changed late."""
    tools = {**MEASURED["tools"], "measured_share": 1.0, "life_spread": 0.0}
    early, late = (
        world(MillingCell, **{**MEASURED, "tools": {**tools, "limit": limit}}).cuts
        for limit in (0.15, 0.3)
    )
    young = [cuts.wear[cuts.n_cuts.between(3, 6)].mean() for cuts in (early, late)]

    assert early.tool_id.nunique() > 1.15 * late.tool_id.nunique()
    assert young[0] == pytest.approx(young[1], rel=0.05)


def test_nothing_is_left_from_the_first_cut_at_the_limit_on():
    """Before it some cuts are; of tools that never reach it nobody knows how many."""
    cuts = world(MillingCell, **MEASURED).cuts
    spent, at_limit = cuts.remaining_cuts == 0, cuts.wear >= 0.3
    reached = cuts.tool_id.isin(cuts.tool_id[at_limit])

    assert at_limit.sum() > 50
    assert (spent == at_limit).all()
    assert (cuts.remaining_cuts.notna() == reached).all()


def test_who_changes_tools_early_wears_few_of_them_out():
    """Half the usual life leaves hardly any worn tool, and takes more of them."""
    early, late = (
        world(MillingCell, **(PLAIN | {"tools": {"measured_share": 0.0, "change_share": share}}))
        for share in (0.5, 1.3)
    )

    assert early.cuts.label.mean() < 0.3 * late.cuts.label.mean()
    assert len(early.tools) > 1.5 * len(late.tools)


def test_a_chipped_edge_shows_between_teeth_until_it_breaks():
    """Teeth press unevenly long before the last cut, whose tool is changed at once."""
    values = NEW | {"tools": {"breakage_rate": 0.01, "measured_share": 0.0}}
    found = world(MillingCell, **values)
    chipped = found.cuts[found.cuts.chip > 0.5]
    broken = found.tools[found.tools.broke]

    assert chipped.unevenness.median() > 3.0 * found.cuts[found.cuts.chip == 0].unevenness.median()
    assert len(broken) > 10
    last = found.cuts.groupby("tool_id").chip.max()
    assert (last.reindex(broken.tool_id).dropna() == 1.0).all()
    events = found.events[found.events.kind == "broken_tool"]
    assert (events[events.severity == 1.0].observed_reason == "breakage").all()


def test_unevenness_is_that_of_noisy_peaks():
    """A deviation is never below 0, and with more teeth the chance of an even turn is smaller."""
    cuts = world(MillingCell, **PLAIN).cuts
    assert (cuts.unevenness >= 0.0).all()

    state = State(**dict.fromkeys(State.__dataclass_fields__, np.zeros(N_CUTS)))
    peaks = np.array([1.3, 0.9, 0.9, 0.9, 1.0])
    clean, places = peaks.std() / peaks.mean(), [cut.tool for _, cut in every_cut()]
    values = dict.fromkeys(MEASURES, np.full(N_CUTS, clean))
    place = np.full(N_CUTS, places.index("face_mill"))
    add_noise(
        SimpleNamespace(telemetry_key=Streams(1).key("noise")),
        SimpleNamespace(machine_id=1),
        replace(state, place=place),
        values,
    )
    chance = Streams(2).generator("peaks").normal(0.0, 0.07, (N_CUTS, len(peaks)))
    expected = (peaks / peaks.mean() + chance).std(axis=1)

    assert tools()["face_mill"].n_teeth == len(peaks)
    assert ks_2samp(values["unevenness"], expected).pvalue > 0.01


def test_thin_walls_chatter_on_a_sound_mill():
    """Their force does not repeat from turn to turn; no label says that anything is wrong."""
    cuts = world(MillingCell, **THIN).cuts
    thin = cuts[(cuts.event_kind == "thin_wall") & (cuts.tool_kind == "end_mill")]
    thick = cuts[(cuts.event_kind == "") & (cuts.tool_kind == "end_mill")]

    assert thin.asynchronous_force.mean() > 3.0 * thick.asynchronous_force.mean()
    assert (thick.chatter == 0.0).all()


def test_a_weak_clamp_chatters_and_wears_tools():
    """As drawbars lose force, deep cuts chatter, and that calls for an inspection."""
    found = world(MillingCell, **WORN)
    weak = found.cuts[(found.cuts.event_kind == "weak_clamping") & (found.cuts.severity > 0.7)]

    assert len(weak)
    assert (weak.chatter > 0.0).mean() > 0.5


def test_hard_batches_press_as_worn_tools_do():
    """Higher forces in like cuts, without a label."""
    values = PLAIN | {"lookalikes": {"hard_batch": {"share": 0.5, "factors": [1.2, 1.25]}}}
    cuts = world(MillingCell, **values).cuts
    fresh = cuts[cuts.wear < 0.15]
    over = fresh.force_peak / alike(fresh).force_peak.transform("median")

    hard = over[fresh.event_kind == "hard_batch"].mean()
    assert hard > 1.1 * over[fresh.event_kind == ""].mean()


def test_harder_material_wears_tools_faster():
    """By Taylor's law, life goes with hardness to the power -1 / n."""
    found = []
    for factor in (1.0, 1.2):
        batch = {"share": 1.0, "factors": [factor, factor]}
        looks = {"lookalikes": PLAIN["lookalikes"] | {"hard_batch": batch}}
        spread = {"tools": {"breakage_rate": 0.0, "life_spread": 0.0, "measured_share": 1.0}}
        cuts = world(MillingCell, **(NEW | EVEN | looks | spread)).cuts
        mine = cuts[(cuts.tool_kind == "face_mill") & (cuts.n_cuts == 10)]
        found.append(mine.groupby("product", observed=True).wear.mean())

    assert (found[1] > 1.05 * found[0]).all()


def test_a_mill_whose_spindle_failed_waits_for_the_crew():
    """The failure is told, and the urgent order ends the standstill."""
    found = world(MillingCell, **WORN)

    assert len(found.failures)
    urgent = found.work_orders[found.work_orders.urgent | found.work_orders.hastened_at.notna()]
    assert set(found.failures.machine_id) <= set(urgent.machine_id)
    for one in found.failures.itertuples():
        mine = found.cuts[(found.cuts.machine_id == one.machine_id)]
        assert (mine["at"] == one.at).any()


def test_forces_of_a_kept_cut_are_those_that_were_measured():
    """Means of its turns are the columns of its row, with their noise."""
    found = world(MillingCell, **PLAIN, watching={"waveform_share": 0.05})
    kept = found.waveforms.merge(found.cuts, on=["cut_id", "machine_id"])

    assert len(kept) == pytest.approx(0.05 * len(found.cuts), abs=6.0)
    for axis in "xyz":
        off = kept[f"force_{axis}_x"].map(np.mean) - kept[f"force_{axis}_y"]
        assert (off.abs() < 1.5).all(), axis


def test_a_waveform_begins_anywhere_in_a_turn():
    """Its largest force tells nothing of where a tooth sits."""
    waveforms = world(MillingCell, **PLAIN, watching={"waveform_share": 0.05}).waveforms
    plane = np.hypot(*(np.stack(waveforms[name]) for name in ("force_x", "force_y")))
    places = plane.reshape(len(plane), -1, N_STEPS).mean(1).argmax(1)
    counts = np.bincount(places * 6 // N_STEPS, minlength=6)

    assert (counts > 0.08 * len(plane)).all()


def test_what_of_a_kept_cut_does_not_repeat_is_what_was_measured():
    """From turn to turn it deviates by its row's asynchronous force, chattering or not."""
    found = world(MillingCell, **THIN)
    kept = found.waveforms.merge(found.cuts, on=["cut_id", "machine_id"])
    forces = [np.stack(kept[f"force_{axis}_x"]) for axis in "xyz"]
    turns = np.stack(forces).reshape(3, len(kept), -1, N_STEPS)
    spread = (turns - turns.mean(2, keepdims=True)).std(axis=(0, 2, 3))
    over = spread / kept.asynchronous_force

    for chatters in (kept.chatter > 0.1, kept.chatter == 0.0):
        assert chatters.sum() > 30
        assert over[chatters].median() == pytest.approx(1.0, abs=0.12)


def test_sisters_run_out():
    """With one tool of each kind and days of presetting, mills stand more than they cut."""
    few = {"n_sisters": 1, "mean_presetting_time": 40.0, "measured_share": 0.0}
    short = world(MillingCell, **NEW, tools=few)
    usual = world(MillingCell, **NEW, tools={"measured_share": 0.0})

    assert len(short.cuts) < 0.6 * len(usual.cuts)


def test_a_cell_that_stands_leaves_empty_tables():
    """A weekend alone has machines and parts, and no row of cuts."""
    found = world(MillingCell, n_days=1, start_date="2024-01-06")

    assert len(found.cuts) == 0
    assert len(found.components)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"start_date": "soon"}, "start_date = 'soon' is no date: write it as"),
        ({"operation": {"shift_stop": 5.0}}, "shift_stop = 5 h is not after shift_start = 6 h"),
    ],
)
def test_what_contradicts_itself_is_refused(values, said):
    """With the value and the remedy."""
    with pytest.raises(RequestError, match=said):
        build(MillingCell, values)


def test_programs_are_stable_on_sound_mills():
    """Every cut has a tool, takes seconds to minutes, and is shallower than chatters."""
    for product, cut in every_cut():
        tool = tools()[cut.tool]
        assert 20.0 < cut.time < 120.0
        assert cut.depth < 0.85 * deepest(cut, tool, product.material, tool.stiffness)


def test_ids_of_a_mills_cuts_do_not_reach_those_of_the_next():
    """Not if it did the shortest of all cuts day and night, for as long as a world may last."""
    n_days = MillingCell.__dataclass_fields__["n_days"].metadata["bounds"].maximum

    assert n_days * DAY / min(cut.time for _, cut in every_cut()) < Cell.NUMBERS
