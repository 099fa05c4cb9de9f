"""A line jams, wears and is repaired, and its machines wait for one another."""

import numpy as np
import pytest
from toys.worlds import merged, world

from simgen.core import RequestError, build
from simgen.domains.industrial import PackagingLine
from simgen.domains.industrial.fleet.components import component_table
from simgen.domains.industrial.packaging.stations import has, shows, stations, trade

NEW = {"first_age": 0.0, "ageing": 1e-3, "growing": 1e-3}  # nothing wears
CALM = NEW | {"lookalikes": {"bad_material": {"rate": 0.0}, "sensor_fault": {"rate": 0.0}}}
# All telegrams arrive, and so often that now and then nothing is made in between.
HEARD = {
    "watching": {"telegrams": {"lost_share": 0.0}, "telemetry_interval": 60.0},
    "lookalikes": {"sensor_fault": {"rate": 0.0}},
}
# Alarms at the first level that is not quite usual.
_RULE = {"alarm_factor": 1.02, "baseline_windows": 1, "persistence": 1}
EAGER = {"watching": {"jam_ratio": _RULE, "reject_ratio": _RULE}}
# Run to failure.
WORN = {
    "n_lines": 4,
    "n_days": 11,
    "upkeep": {"inspections": False, "services": False, "opportunities": False},
    "lookalikes": {"bad_material": {"rate": 0.0}},
}


def of(rows, machines, kind):
    """Rows of the machines of one kind."""
    return rows[rows.machine_id.isin(machines[machines.kind == kind].machine_id)]


def test_more_room_makes_more_products():
    """Buffers keep stops apart; without any, one machine's jam stops all at once."""
    made = [
        world(PackagingLine, **CALM, n_days=3, line={"buffering": size}).production.made.sum()
        for size in (0.0, 1.0, 5.0)
    ]

    assert made[0] < 0.9 * made[1] < 0.98 * made[2]


def test_what_is_made_is_counted_along_the_line():
    """The next machine makes no more than came, but for what the buffer had."""
    found = world(PackagingLine, **CALM, watching={"telegrams": {"lost_share": 0.0}})
    rows, room = found.telemetry, found.machines.room.to_numpy()
    made = rows.groupby("machine_id").made.sum().to_numpy()
    rejects = rows.groupby("machine_id").rejects.sum().to_numpy()
    for place in range(5):
        left = made[place] - rejects[place] - made[place + 1]
        # Rejects are counted one by one, so they scatter about what left the line.
        assert abs(left) < room[place] + 5.0 * np.sqrt(rejects[: place + 1].sum() + 1.0) + 3.0


def in_hours(rows, column):
    """Sums of a column of telemetry, by line and the hour in which a row was read."""
    hour = rows["at"].dt.ceil("h")
    return rows[column].groupby([(rows.machine_id - 1) // 6 + 1, hour]).sum()


@pytest.mark.parametrize("name", ["made", "rejects", "n_jams"])
def test_an_hour_of_production_is_what_machines_counted(name):
    """Where all telegrams arrive, rows of telemetry add up to it, to the product."""
    found = world(PackagingLine, **HEARD)
    rows = found.telemetry
    if name == "made":
        rows = of(rows, found.machines, "palletizer")
    told = found.production.set_index(["line_id", "at"])[name]
    counted = in_hours(rows, name).reindex(told.index, fill_value=0)

    assert told.sum() > 100
    assert (counted == told).all()


def test_lost_telegrams_are_counted_in_production():
    """Telemetry never has more than production, and less where rows were lost."""
    found = world(PackagingLine, watching={"telegrams": {"lost_share": 0.2}})
    told = found.production.set_index(["line_id", "at"]).rejects
    counted = in_hours(found.telemetry, "rejects").reindex(told.index, fill_value=0)

    assert (counted <= told).all()
    assert counted.sum() < 0.9 * told.sum()


def test_alarms_judge_what_telemetry_counted():
    """Their levels are its jams or rejects since the last judgement, and one, a thousand made."""
    found = world(PackagingLine, **merged(HEARD, EAGER))
    columns = {"jam_ratio": "n_jams", "reject_ratio": "rejects"}
    alarms = found.alarms[found.alarms.raised & found.alarms.quantity.isin(columns)]
    for alarm in alarms.itertuples():
        rows = found.telemetry[found.telemetry.machine_id == alarm.machine_id]
        rows = rows[(rows["at"] >= alarm.at - np.timedelta64(8, "h")) & (rows["at"] < alarm.at)]
        level = (rows[columns[alarm.quantity]].sum() + 1) / rows.made.sum() * 1e3
        assert alarm.level == pytest.approx(level)

    assert set(alarms.quantity) == set(columns)


def test_who_throws_nothing_out_has_no_alarm_of_rejects():
    """However early alarms come: the others have some."""
    found = world(PackagingLine, **EAGER)
    alarms = found.alarms[found.alarms.quantity == "reject_ratio"]

    assert len(alarms)
    assert of(found.telemetry, found.machines, "palletizer").rejects.sum() == 0
    assert len(of(alarms, found.machines, "palletizer")) == 0


def test_who_made_nothing_sends_nothing():
    """And the next row tells how long it starved or was blocked meanwhile, as messages do."""
    found = world(PackagingLine, **HEARD)
    rows, spans = found.telemetry, found.messages.sort_values(["machine_id", "at"], kind="stable")
    last = rows.groupby("machine_id")["at"].max()
    until = spans.groupby("machine_id")["at"].shift(-1)
    # Of what comes after its last row, none has told.
    until = until.fillna(last.max()).clip(upper=spans.machine_id.map(last))
    lasted = (until - spans["at"]).dt.total_seconds().clip(lower=0.0)

    assert (rows.made > 0).all()
    for state in ("starved", "blocked"):
        told = rows.groupby("machine_id")[f"{state}_time"].sum()
        mine = spans.state == state
        spent = lasted[mine].groupby(spans.machine_id[mine]).sum().reindex(told.index, fill_value=0)
        # Rows are rounded to a tenth of a second.
        assert told.to_numpy() == pytest.approx(spent.to_numpy(), abs=10.0)


def test_a_line_works_in_its_shifts_alone():
    """Nothing is counted at night or on weekends."""
    rows = world(PackagingLine).telemetry
    hours = rows["at"].dt.hour + rows["at"].dt.minute / 60.0

    assert rows["at"].dt.day_of_week.max() <= 4
    # What was made before the end is told a moment after it.
    assert hours.between(6.0, 22.2).all()


def test_a_failed_machine_stops_its_line():
    """While one is out for hours, the others starve or are blocked, and nothing leaves."""
    found = world(PackagingLine, **WORN)
    first = found.failures.iloc[0]
    line = (first.machine_id - 1) // 6 * 6 + np.arange(1, 7)
    parts = found.components.set_index("component_id")
    begun = found.telemetry["at"] > first["at"] + np.timedelta64(1, "h")
    until = parts.removed_at.get(first.component_id)
    during = begun & (found.telemetry["at"] < until)
    rows = found.telemetry[during & found.telemetry.machine_id.isin(line)]

    assert until > first["at"]
    assert rows.made.sum() == 0


def test_whoever_waits_names_the_machine_that_stands():
    """The root of a wait is out of order, jammed or standing itself, and on the same line."""
    found = world(PackagingLine, **CALM)
    waits = found.messages[found.messages.state.isin(["starved", "blocked"])]
    other = waits[waits.root_machine_id != waits.machine_id]

    assert len(other) > 0.95 * len(waits)
    assert ((other.root_machine_id - 1) // 6 == (other.machine_id - 1) // 6).all()
    blocked = other[other.state == "blocked"]
    assert (blocked.root_machine_id > blocked.machine_id).all()
    starved = other[other.state == "starved"]
    assert (starved.root_machine_id < starved.machine_id).all()


def test_worn_valves_show_at_the_checkweigher():
    """Bottles that are not full are thrown out three machines later."""
    found = world(PackagingLine, **WORN)
    rows = of(found.telemetry, found.machines, "checkweigher")
    rows = rows[rows.event_kind != "cell_drift"]
    worn = found.events[found.events.kind == "valve_wear"]
    share = {True: [0.0, 0.0], False: [0.0, 0.0]}
    for line, mine in rows.groupby((rows.machine_id - 1) // 6):
        late = np.zeros(len(mine), bool)
        for event in worn[(worn.entity_id - 1) // 6 == line].itertuples():
            half = event.onset_at + 0.6 * (event.ended_at - event.onset_at)
            late |= ((mine["at"] >= half) & (mine["at"] <= event.ended_at)).to_numpy()
        for key, some in ((True, mine[late]), (False, mine[~late])):
            share[key] = [share[key][0] + some.rejects.sum(), share[key][1] + some.made.sum()]

    assert len(worn)
    worn_share, sound_share = (share[key][0] / share[key][1] for key in (True, False))
    assert worn_share > 1.5 * sound_share


def test_electric_parts_wait_for_the_electrician():
    """Whose shift begins later and ends earlier; a mechanic who finds one asks for him."""
    found = world(PackagingLine, **WORN)
    orders = found.work_orders
    electric = orders[orders.finding.isin(["inverter_fault", "cell_drift"])]
    begun = electric[electric.started_at.notna()].started_at.dt

    assert len(begun.hour)
    assert begun.hour.between(7, 14).all()


def test_services_are_done_while_the_line_stands_anyway():
    """Work on one machine calls for the services of others that are nearly due."""
    often = {"upkeep": {"service_interval": 40.0, "due_share": 0.3}}
    found = world(PackagingLine, **(NEW | often))
    alone = {"upkeep": {"service_interval": 40.0, "due_share": 0.3, "opportunities": False}}
    apart = world(PackagingLine, **(NEW | alone))

    def gaps(orders):
        served = orders[orders.kind == "service"].opened_at.sort_values()
        return served.groupby(served.dt.floor("h")).size().mean()

    assert gaps(found.work_orders) > 1.5 * gaps(apart.work_orders)


def test_bad_material_jams_one_machine():
    """It has more jams per product than its like while the lot lasts."""
    values = NEW | {"lookalikes": {"bad_material": {"rate": 400.0, "factors": [6.0, 7.0]}}}
    rows = world(PackagingLine, **values).telemetry
    bad, usual = rows[rows.event_kind == "bad_material"], rows[rows.event_kind == ""]

    ratio = bad.n_jams.sum() / bad.made.sum() / (usual.n_jams.sum() / usual.made.sum())
    assert 2.5 < ratio < 10.0
    assert not rows.label.any()


def test_cold_mornings_cost_current():
    """In a cold hall the first rows of a shift read more than those of noon."""
    rows = world(PackagingLine, **CALM, mean_hall_temperature=2.0).telemetry
    filler = rows[(rows.machine_id == 1) & (rows.blocked_time + rows.starved_time < 60.0)]
    early = filler[filler["at"].dt.hour == 6].current / filler[filler["at"].dt.hour == 6].speed
    noon = filler[filler["at"].dt.hour == 12].current / filler[filler["at"].dt.hour == 12].speed

    assert early.median() > 1.1 * noon.median()


@pytest.mark.parametrize("formats", [[0.5], [0.85, 0.6]])
def test_a_changeover_is_to_another_of_the_formats(formats):
    """A line with one makes nothing else, and is never changed over."""
    found = world(PackagingLine, **CALM, n_days=30, n_lines=1, line={"formats": formats})
    speeds = found.production.sort_values("at").format_speed
    changeovers = found.events.onset_at[found.events.kind == "new_format"].nunique()

    assert set(speeds) == set(formats)
    assert changeovers == (speeds.diff().fillna(0.0) != 0.0).sum()
    assert (changeovers > 5) == (len(formats) > 1)


def test_a_line_that_stands_leaves_empty_tables():
    """A weekend alone has machines and parts, and no row of telemetry."""
    found = world(PackagingLine, n_days=1, start_date="2024-01-06")

    assert len(found.telemetry) == 0
    assert len(found.components)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"start_date": "soon"}, "start_date = 'soon' is no date: write it as"),
        ({"line": {"shift_stop": 5.0}}, "shift_stop = 5 h is not after shift_start = 6 h"),
        ({"line": {"formats": []}}, "leaves nothing to make: give one"),
        ({"line": {"formats": [0.5, 0.5]}}, "has one twice: leave it out"),
        ({"upkeep": {"electricians_stop": 6.0}}, "electricians_stop = 6 h is not after"),
    ],
)
def test_what_contradicts_itself_is_refused(values, said):
    """With the value and the remedy."""
    with pytest.raises(RequestError, match=said):
        build(PackagingLine, values)


def test_the_table_of_parts_is_whole():
    """Each defect shows somehow, each part has a trade and a machine, each machine has parts."""
    table = component_table("packaging")

    assert set(shows()) == set(table.defects)
    assert all(any(vars(one).values()) for one in shows().values())
    assert {trade(kind) for kind in table.kinds} == {"mechanic", "electrician"}
    assert all(any(has(one.kind, kind) for one in stations()) for kind in table.kinds)
    assert all(sum(has(one.kind, kind) for kind in table.kinds) >= 3 for one in stations())
    # Who throws nothing out is not watched for it.
    assert all(
        one.reject_share > 0.0 or not shows()[mode.defect].rejects
        for one in stations()
        for component in table.components
        for mode in component.modes
        if has(one.kind, component.kind)
    )
    assert {one.cause for one in table.cascades} <= set(table.defects)
