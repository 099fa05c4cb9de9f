import socket

import pytest

from simgen.cli import main


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--map", "Town99"], "no map 'Town99'"),
        (["--port", "70000"], "port = 70000: must be in [0, 65534]"),
        (["--fps", "0"], "fps = 0: must be in [0.1, 1000]"),
        (["--seed", "-1"], "seed = -1 is out of bounds: must be >= 0"),
        (["--recordings", "/dev/null/x"], "can't write to the folder '/dev/null/x'"),
        (["--quality", "low"], "--quality"),
        (["--carla-version", "0.9.10"], "0.9.10"),
        (["--host", "192.0.2.1", "--map", "parking"], "can't listen at 192.0.2.1"),
    ],
)
def test_bad_requests_are_one_line(arguments, text, capsys):
    """Exit code 2 and one line that says what to give instead."""
    assert main(["carla-server", *arguments]) == 2

    told = capsys.readouterr().err.strip()
    assert text in told
    assert "\n" not in told


def test_a_port_in_use_is_told(capsys):
    """A port that another program has is named."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert main(["carla-server", "--map", "parking", "--port", str(port)]) == 2

    assert f"can't listen at 127.0.0.1, port {port}" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong", [("--port", "70000"), ("--map", "Town99"), ("--fps", "0"), ("--host", "192.0.2.1")]
)
def test_a_refused_request_makes_no_folder(wrong, tmp_path, capsys):
    """The folder of recordings is made once everything else holds."""
    folder = tmp_path / "recordings"
    request = ("--map", "parking", *wrong, "--recordings", str(folder))

    assert main(["carla-server", *request]) == 2
    assert "recordings" not in capsys.readouterr().err
    assert not folder.exists()
