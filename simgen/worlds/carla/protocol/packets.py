"""Streams: tokens, packets, headers, and the state of the world, all little-endian.

The client believes every byte: what does not fit kills it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.worlds.carla.protocol.types import Token

_TOKEN = struct.Struct("<IHBB16x")
_HEADER = struct.Struct("<QQd6f")
_EPISODE = struct.Struct("<Qdf3iI")
_IMAGE = struct.Struct("<IIf")
_LENGTH = struct.Struct("<I")
_TCP, _OF_THE_CLIENT = 1, 0  # the client uses the address by which it reached the server
_MAP_CHANGED = 1  # a client of 0.9.15 keeps its old map without

SUBSCRIPTION = struct.Struct("<I")  # what a client sends first: the number of a stream

VEHICLE_STATE = np.dtype(
    [
        ("throttle", "<f4"),
        ("steer", "<f4"),
        ("brake", "<f4"),
        ("hand_brake", "u1"),
        ("reverse", "u1"),
        ("manual_gear", "u1"),
        ("gear", "<i4"),
        ("speed_limit", "<f4"),  # [km/h]
        ("light", "u1"),
        ("has_light", "u1"),
        ("light_id", "<u4"),
        ("failure", "u1"),
    ]
)
WALKER_STATE = np.dtype([("direction", "<f4", 3), ("speed", "<f4"), ("jump", "u1")])
LIGHT_STATE = np.dtype(
    [
        ("sign", "S32"),
        ("green_time", "<f4"),  # [s]
        ("yellow_time", "<f4"),  # [s]
        ("red_time", "<f4"),  # [s]
        ("elapsed_time", "<f4"),  # [s]
        ("pole", "<u4"),
        ("is_frozen", "u1"),
        ("state", "u1"),
    ]
)
SIGN_STATE = np.dtype([("sign", "S32")])

ACTOR_STATE = np.dtype(
    [
        ("id", "<u4"),
        ("life", "u1"),  # 1: active
        ("place", "<f4", 3),  # [m]
        ("rotation", "<f4", 3),  # pitch, yaw, roll [degree]
        ("velocity", "<f4", 3),  # [m/s]
        ("angular_velocity", "<f4", 3),  # [degree/s]
        ("acceleration", "<f4", 3),  # [m/s2]
        ("own", "V54"),  # one of the states above, and zeros
    ]
)
ACTIVE = 1


def own_state(actor: np.void, kind: np.dtype[np.void]) -> np.void:
    """What an ACTOR_STATE says of its kind of actor alone, as one of the states above."""
    state: np.void = np.frombuffer(bytes(actor["own"])[: kind.itemsize], kind)[0]
    return state


def token_of(stream: int, port: int) -> Token:
    """Where a stream is to be had: at this server's address."""
    return Token(data=_TOKEN.pack(stream, port, _TCP, _OF_THE_CLIENT))


def stream_of(token: Token) -> tuple[int, int]:
    """The stream's number and the port."""
    stream, port, _, _ = _TOKEN.unpack(token.data)
    return int(stream), int(port)


def packet(
    sensor: int, frame: int, time: float, place: Iterable[float], body: bytes
) -> tuple[bytes, bytes]:
    """Head and body of a packet.

    Args:
        sensor: its number in the version's table.
        frame: of the world.
        time: since the episode began. [s]
        place: of the sensor, x, y, z [m], pitch, yaw, roll [degree]. (6,)
        body: of the sensor's kind.
    """
    header = _HEADER.pack(sensor, frame, time, *place)
    return _LENGTH.pack(len(header) + len(body)) + header, body


def episode_state(
    episode: int,
    wall_time: float,
    step: float,
    actors: npt.NDArray[np.void],
    *,
    is_new: bool = False,
) -> bytes:
    """The body of the world observer's packets.

    Args:
        episode: its number.
        wall_time: of the server's machine. [s]
        step: of the last tick. [s]
        actors: all there are, as ACTOR_STATE. (n,)
        is_new: whether clients have to ask for the map.
    """
    flags = _MAP_CHANGED if is_new else 0
    return _EPISODE.pack(episode, wall_time, step, 0, 0, 0, flags) + actors.tobytes()


# Pictures of depth, in three bytes, and of instances, in two.
DEPTH_RANGE = 1000.0  # along the optical axis [m]
MOST_DEPTH_CODE = 2**24 - 1  # of that range, and of all beyond
N_PICTURED_IDS = 2**16  # ids are told modulo this


def image(width: int, height: int, field_of_view: float, content: npt.NDArray[Any]) -> bytes:
    """A camera's body.

    Args:
        width: of the picture. [pixel]
        height: of the picture. [pixel]
        field_of_view: across. [degree]
        content: BGRA (h, w, 4), flow (h, w, 2) in 32 bits, or DVS_EVENT (n,).
    """
    return _IMAGE.pack(width, height, field_of_view) + content.tobytes()


def sweep(angle: float, counts: npt.NDArray[np.uint32], points: npt.NDArray[np.void]) -> bytes:
    """A lidar's body.

    Args:
        angle: where the next sweep begins. [rad]
        counts: points by channel. (c,)
        points: channel by channel. (n,)
    """
    head = struct.pack("<fI", angle, len(counts))
    return head + counts.astype("<u4").tobytes() + points.tobytes()


LIDAR_POINT = np.dtype([("place", "<f4", 3), ("intensity", "<f4")])
SEMANTIC_POINT = np.dtype(
    [("place", "<f4", 3), ("cosine", "<f4"), ("object", "<u4"), ("tag", "<u4")]
)
RADAR_POINT = np.dtype(
    [
        ("velocity", "<f4"),  # away from the sensor [m/s]
        ("azimuth", "<f4"),  # [rad]
        ("altitude", "<f4"),  # [rad]
        ("depth", "<f4"),  # [m]
    ]
)
DVS_EVENT = np.dtype(
    [
        ("x", "<u2"),  # [pixel]
        ("y", "<u2"),  # [pixel]
        ("time", "<i8"),  # since the episode began [ns]
        ("brighter", "u1"),
    ]
)
