"""Many sensors and many clients at once; nothing is lost."""

import pytest


@pytest.mark.parametrize("n_ticks", [60, pytest.param(1000, marks=pytest.mark.slow)])
def test_eight_sensors_at_once(run_client, carla_server, n_ticks):
    """Each tick brings one packet of its own frame from each; none is lost or doubled."""
    port = carla_server.port
    found = run_client("crowd_programs.py", "eight", n_ticks, port, patience=180.0)

    assert found == {"off": 0, "left": 0}


def test_five_clients_at_once(run_client, carla_server):
    """One ticks; each other gets its own sensors' packets of that frame, and sees all cars."""
    found = run_client("crowd_programs.py", "clients", 40, carla_server.port)

    assert found == {"off": 0, "seen": [True] * 5}
