import numpy as np
import pytest

import simgen
from simgen.core import RequestError, Role, Streams
from simgen.domains.driving import CutIn
from simgen.domains.driving.lane_change import LaneChange
from simgen.domains.driving.sensing import network_of
from simgen.worlds.road.traffic import Traffic, TrafficRules


def test_cut_ins_leave_less_room_than_ordinary_changes(motorway):
    """When either begins to show, headway to who comes in is shorter after a cut-in."""
    frames, events = motorway["frames"], motorway["events"]
    seen = events.merge(
        frames, left_on=["entity_id", "detectable_at"], right_on=["episode_id", "at"]
    ).groupby("kind", observed=True)["headway"]

    assert seen.median()["cut_in"] < 0.9 * seen.median()["lane_change"]


def test_a_lane_is_where_somebody_is_and_not_where_he_means_to_go(motorway):
    """Everybody's lane is the nearest one, but for those who are just crossing the line."""
    network, actors = network_of("highway"), motorway["actors"]
    found = network.project(actors[["x", "y", "z"]].to_numpy())
    lanes = network.lanes[found.waypoints.lane]
    crossing = np.abs(found.offset) > 0.5 * network.widths(found.waypoints) - 0.1

    assert (np.abs(found.offset) > 1.0).sum() > 200
    assert (actors.lane.to_numpy() == lanes["id"])[~crossing].all()


def test_a_cut_in_is_someone_else_in_the_egos_lane(motorway):
    """From the frame in which it shows, who is ahead has come from another lane."""
    events = motorway["events"]
    frames = motorway["frames"].set_index(["episode_id", "at"])
    actors = motorway["actors"].set_index(["episode_id", "at", "actor_id"])
    cut_ins = events[(events.kind == "cut_in") & events.detectable_at.notna()]
    assert len(cut_ins) > 5
    for event in cut_ins.itertuples():
        lead = frames.loc[(event.entity_id, event.detectable_at), "lead_id"]
        first = actors.loc[(event.entity_id, actors.loc[event.entity_id].index[0][0], lead)]
        ego = actors.loc[(event.entity_id, actors.loc[event.entity_id].index[0][0], 1)]
        assert first.lane != ego.lane
        assert event.detectable_at > event.onset_at


def test_consequences_name_their_cause(motorway):
    """Near misses and hard braking soon after a cut-in are caused by it; severity reflects them."""
    events = motorway["events"].set_index("event_id")
    outcomes = events[events.kind.isin(["near_miss", "hard_braking", "collision"])]
    caused = outcomes[outcomes.caused_by != 0]

    assert len(caused) > 0
    assert set(events.loc[caused.caused_by, "kind"]) == {"cut_in"}
    near = caused[caused.kind == "near_miss"]
    assert (near.severity > 1.0 - 1.5 / 4.0).all()
    assert (events.severity.between(0.0, 1.0)).all()


def test_events_say_who_did_it(motorway):
    """Who comes in is ahead when he shows; whom the ego strikes is its lead in the last frame."""
    events, actors = motorway["events"], motorway["actors"]
    frames = motorway["frames"].set_index(["episode_id", "at"])
    shown = events[events.kind.isin(["cut_in", "lane_change"]) & events.detectable_at.notna()]
    hit = events[events.kind == "collision"]
    assert len(shown) > 5
    assert len(hit) > 0
    for part, moment in ((shown, "detectable_at"), (hit, "onset_at")):
        leads = frames.loc[list(zip(part.entity_id, part[moment], strict=True)), "lead_id"]
        assert leads.tolist() == part.actor_id.tolist()
    named = events[events.kind != "hard_braking"]
    known = set(zip(actors.episode_id, actors.actor_id, strict=True))
    assert set(zip(named.entity_id, named.actor_id, strict=True)) <= known
    assert (named.actor_id > 1).all()
    assert (events.actor_id[events.kind == "hard_braking"] == 0).all()


def test_a_collision_ends_its_episode(motorway):
    """In the frame in which both boxes meet: no time and no gap are left, in both tables."""
    hit = motorway["events"].query("kind == 'collision'").set_index("entity_id")
    last = motorway["frames"].groupby("episode_id").nth(-1).set_index("episode_id").loc[hit.index]
    episodes = motorway["episodes"].set_index("episode_id")

    assert len(hit) > 0
    assert (last["at"] == hit.onset_at).all()
    assert (hit.onset_at == hit.ended_at).all()
    assert (last[["gap", "time_to_collision"]] == 0.0).all(axis=None)
    assert (episodes.least_time_to_collision[hit.index] == 0.0).all()
    assert (episodes.duration[hit.index] < 14.0).all()
    assert (motorway["frames"].gap.dropna().between(0.0, 150.0)).all()


def test_what_gives_an_outcome_away_is_no_input():
    """How long an episode lasted and who did what is known to the oracle alone."""
    episodes, events = ({t.name: t for t in CutIn.tables}[name] for name in ("episodes", "events"))
    features = [field.name for field in episodes.fields if field.role is Role.FEATURE]

    assert features == ["map", "n_actors"]
    assert events.field("actor_id").role is Role.ORACLE


def test_weights_lead_back_to_nature():
    """Weighted, the share of episodes with a cut-in planned is the natural one."""
    about = CutIn(n_vehicles=0, natural_share=0.03, cut_in_share=0.4)
    place, streams = about.prepare(Streams(0)), Streams(1)
    drawn = []
    for number in range(400):
        own = streams.child(f"episode_{number}")
        traffic = Traffic(place.town, TrafficRules(), own)
        script, weight = about.begin(place, number, traffic, own.generator("script"))
        drawn.append((script.planned == "cut_in", weight))
    planned, weight = np.array(drawn).T

    assert planned.mean() == pytest.approx(0.4, abs=0.08)
    assert np.average(planned, weights=weight) == pytest.approx(0.03, rel=0.2)
    assert weight.mean() == pytest.approx(1.0, rel=0.15)


def test_episodes_carry_the_weights(motorway):
    """Episodes in which somebody means to cut in stand for few, the others for many."""
    episodes = motorway["episodes"]
    planned = episodes.planned == "cut_in"

    np.testing.assert_allclose(episodes.weight[planned], 0.1)
    np.testing.assert_allclose(episodes.weight[~planned], 1.9)
    frames = motorway["frames"].groupby("episode_id").weight.nunique()
    assert (frames == 1).all()


def test_gaps_and_closing_speeds_have_the_declared_medians():
    """The law of who cuts in is lognormal in the gap, exponential in the inverse time."""
    rng = Streams(1).generator("law")
    gap, closing, time = LaneChange().of(rng.normal(size=(8_000, 3)))

    assert np.median(gap) == pytest.approx(12.0, rel=0.03)
    assert (closing / gap).mean() == pytest.approx(0.3, rel=0.05)
    assert 2.0 <= time.min() < time.max() <= 4.0


@pytest.mark.parametrize(("parameters", "message"), [
    ({"map": "urban_grid"}, "no road with two lanes in one direction, 400 m long"),
    ({"duration": 600.0}, "from which 20,000 m lie ahead: choose a longer map or a shorter dur"),
    ({"map": "mars"}, "map = 'mars': no such file"),
])  # fmt: skip
def test_a_map_without_a_lane_for_it_is_refused(parameters, message):
    """Before anything is simulated, in one line that says what would do."""
    with pytest.raises(RequestError, match=message):
        CutIn(**parameters).prepare(Streams(0))


def test_contradictions_are_refused():
    """Times that don't come in order, a date that is none."""
    with pytest.raises(RequestError, match=r"min_time = 5 s is more than max_time = 4 s"):
        LaneChange(min_time=5.0)
    with pytest.raises(RequestError, match=r"start_date = '2024-02-30' is no date"):
        CutIn(start_date="2024-02-30")


def test_a_refused_map_leaves_no_folder_behind(tmp_path):
    """The same folder can be used once the request is mended."""
    with pytest.raises(RequestError, match="400 m long"):
        simgen.generate("driving/cut_in", out=tmp_path / "out", map="urban_grid", quiet=True)
    assert not (tmp_path / "out").exists()
