"""Details that programs for CARLA rely on, by the official client."""

import pytest


@pytest.fixture
def ask(run_client, carla_server):
    """What a program of `detail_programs.py` found."""
    return lambda name: run_client("detail_programs.py", name, carla_server.port)


def test_trigger_volumes_lie_on_the_lanes(ask):
    """Of each light and sign, in the middle of a lane, as wide as it, around the road."""
    found = ask("volumes")

    assert {chart: len(rows) for chart, rows in found.items()} == {
        "urban_grid": 24,
        "roundabout": 4,
        "highway": 2,
        "rural": 1,
    }
    for chart, rows in found.items():
        for off, holds, wider in rows:
            assert holds, chart
            assert off < 0.5, chart
            assert wider == pytest.approx(0.0, abs=0.3), chart


def test_lanes_are_found_across_a_volume(ask):
    """Along its x, from the drivers' left to their right: all lanes that a light is for."""
    found = ask("lanes")

    assert found == sorted(found, reverse=True)
    assert set(found) == {-1, -2}


def test_who_is_at_a_light_is_in_its_volume(ask):
    """Wherever a car is at a light, its front is in the volume of that light."""
    n_at, n_inside = ask("at_lights")

    assert n_at > 100
    assert n_inside == n_at


def test_gears_are_told(ask):
    """That of the model, -1 in reverse; shifting by hand to what was told keeps a car going."""
    found = ask("gears")
    before, after = found.pop("speeds")

    assert found.pop("higher") == found.pop("manual") > 1
    assert found == {"new": 1, "first": 1, "neutral": 0, "reverse": -1, "ahead": True}
    assert after > before


def test_blows_and_lines_have_no_time_of_their_own(ask):
    """Collisions and lane invasions are told when they happen: there is no `sensor_tick`."""
    assert ask("attributes") == {"collision": False, "lane_invasion": False, "gnss": True}
