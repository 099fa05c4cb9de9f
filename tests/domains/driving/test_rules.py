import numpy as np
import pyarrow as pa
import pytest

from simgen.core import Batch, Streams
from simgen.domains.driving import CutIn, rules


def tables_of(frames):
    return {name: pa.Table.from_pandas(frame, preserve_index=False) for name, frame in
            frames.items()}  # fmt: skip


def broken(motorway, table, change):
    frames = {name: frame.copy() for name, frame in motorway.items()}
    change(frames[table])
    return tables_of(frames)


def _shrink_gap(frames):
    frames.loc[frames.time_to_collision.notna(), "gap"] *= 0.5


def _off(column):
    """Of all that follows from gap and speeds, one measure alone."""

    def change(frames):
        frames[column] *= 1.1

    return change


def _speed_up(frames):
    frames.loc[5, "speed"] += 1.0


def _jump(actors):
    actors.loc[400, "x"] += 30.0


def _end_early(events):
    causes = events.index[events.event_id.isin(events.caused_by)]
    events.loc[causes, "ended_at"] = events.loc[causes, "onset_at"]


def _begin_late(events):
    causes = events.index[events.event_id.isin(events.caused_by)]
    events.loc[causes, "onset_at"] = events.loc[causes, "ended_at"]


@pytest.mark.parametrize(("rule", "table", "change"), [
    (rules.measures_follow_from_gap, "frames", _shrink_gap),
    (rules.measures_follow_from_gap, "frames", _off("time_to_collision")),
    (rules.measures_follow_from_gap, "frames", _off("headway")),
    (rules.measures_follow_from_gap, "frames", _off("required_deceleration")),
    (rules.ego_is_actor_one, "frames", _speed_up),
    (rules.nobody_jumps, "actors", _jump),
    (rules.hazards_cover_their_consequences, "events", _end_early),
    (rules.hazards_cover_their_consequences, "events", _begin_late),
])  # fmt: skip
def test_each_rule_holds_and_bites(motorway, rule, table, change):
    """The simulated rows obey it; rows made wrong don't."""
    assert np.all(rule(tables_of(motorway)))
    assert not np.all(rule(broken(motorway, table, change)))


@pytest.fixture(scope="module")
def carrying():
    """An episode with sensors, as data frames."""
    pytest.importorskip("PIL", reason="pictures are encoded by Pillow: extra [av]")
    scenario = CutIn(n_episodes=1, duration=2.0, step_time=0.25, n_vehicles=2, sensors="survey")
    streams = Streams(3)
    shared, (block,) = scenario.prepare(streams), scenario.blocks()
    made = [one for one in scenario.simulate(block, shared, streams) if isinstance(one, Batch)]
    return {one.table: pa.Table.from_batches([one.rows]).to_pandas() for one in made}


def _move(files):
    files.loc[7, "z"] += 1e-5


def _rename(mounts):
    mounts.loc[2, "sensor"] = "other"


def _forget(mounts):
    mounts["episode_id"] += 1


@pytest.mark.parametrize(("table", "change"), [
    ("sensor_files", _move), ("sensors", _rename), ("sensors", _forget),
])  # fmt: skip
def test_sensors_ride_on_the_ego(carrying, table, change):
    """Readings elsewhere than the mount says, and readings of nobody, are found out."""
    rule = rules.sensors_ride_on_the_ego

    assert len(carrying["sensors"]) == 7
    assert np.all(rule(tables_of(carrying)))
    assert not np.all(rule(broken(carrying, table, change)))


def test_without_sensors_there_is_nothing_to_ride(motorway):
    """Empty tables obey."""
    assert np.all(rules.sensors_ride_on_the_ego(tables_of(motorway)))
