import struct

import numpy as np
import pytest

from simgen.worlds.carla.protocol import packets
from simgen.worlds.carla.protocol.versions import VERSIONS, WORLD_OBSERVER


def test_records_have_the_sizes_that_the_client_expects():
    """A record of another size kills the client."""
    kinds = (
        packets.ACTOR_STATE,
        packets.VEHICLE_STATE,
        packets.WALKER_STATE,
        packets.LIGHT_STATE,
        packets.LIDAR_POINT,
        packets.SEMANTIC_POINT,
    )

    assert [kind.itemsize for kind in kinds] == [119, 30, 17, 54, 16, 24]


def test_a_packet_says_its_length():
    """The length counts the header of 48 bytes and the body; the header has kind, frame, time."""
    head, body = packets.packet(17, 3, 0.5, (1, 2, 3, 4, 5, 6), b"abc")

    assert struct.unpack("<I", head[:4])[0] == len(head) - 4 + len(body) == 51
    assert struct.unpack("<QQd6f", head[4:]) == (17, 3, 0.5, 1, 2, 3, 4, 5, 6)


def test_a_token_tells_stream_and_port():
    """24 bytes: stream, port, TCP, and no address, so that the client uses the one it knows."""
    token = packets.token_of(70_000, 2001)

    assert packets.stream_of(token) == (70_000, 2001)
    assert token.data[6:] == b"\x01" + b"\x00" * 17


def test_the_state_of_a_world_is_a_multiple_of_records():
    """36 bytes, the last of which tell whether the map is new, then the records."""
    actors = np.zeros(3, packets.ACTOR_STATE)
    first, later = (packets.episode_state(2, 0.0, 0.05, actors, is_new=new) for new in (1, 0))

    assert len(first) == len(later) == 36 + 3 * 119
    assert [struct.unpack_from("<Q24xI", body) for body in (first, later)] == [(2, 1), (2, 0)]


@pytest.mark.parametrize(("version", "number"), [("0.9.16", 17), ("0.9.15", 16)])
def test_numbers_of_sensors_differ_between_versions(version, number):
    """0.9.16 put a camera before the world observer; a wrong number kills the client."""
    assert VERSIONS[version].number(WORLD_OBSERVER) == number
    assert VERSIONS[version].number("sensor.camera.rgb") == 13
