import numpy as np
import pyarrow as pa
import pytest

from simgen.domains.driving import rules


def tables_of(frames):
    return {name: pa.Table.from_pandas(frame, preserve_index=False) for name, frame in
            frames.items()}  # fmt: skip


def broken(motorway, table, change):
    frames = {name: frame.copy() for name, frame in motorway.items()}
    change(frames[table])
    return tables_of(frames)


def _shrink_gap(frames):
    frames.loc[frames.time_to_collision.notna(), "gap"] *= 0.5


def _speed_up(frames):
    frames.loc[5, "speed"] += 1.0


def _jump(actors):
    actors.loc[400, "x"] += 30.0


def _end_early(events):
    causes = events.index[events.event_id.isin(events.caused_by)]
    events.loc[causes, "ended_at"] = events.loc[causes, "onset_at"]


@pytest.mark.parametrize(("rule", "table", "change"), [
    (rules.measures_follow_from_gap, "frames", _shrink_gap),
    (rules.ego_is_actor_one, "frames", _speed_up),
    (rules.nobody_jumps, "actors", _jump),
    (rules.hazards_cover_their_consequences, "events", _end_early),
])  # fmt: skip
def test_each_rule_holds_and_bites(motorway, rule, table, change):
    """The simulated rows obey it; rows made wrong don't."""
    assert np.all(rule(tables_of(motorway)))
    assert not np.all(rule(broken(motorway, table, change)))
