"""Messages between a run and the process that holds CARLA's client: JSON and arrays, no pickles."""

from __future__ import annotations

import json
from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


class Message(NamedTuple):
    """Plain data, and arrays by name."""

    content: dict[str, Any]
    arrays: dict[str, Array]


def send(
    connection: Connection, content: Mapping[str, Any], arrays: Mapping[str, Array] | None = None
) -> None:
    """Send one message: a head in JSON, then the bytes of each array of plain numbers.

    Raises:
        OSError: nobody listens any more.
    """
    flat = {name: np.ascontiguousarray(array) for name, array in (arrays or {}).items()}
    shapes = [[name, array.dtype.str, list(array.shape)] for name, array in flat.items()]
    connection.send_bytes(json.dumps([dict(content), shapes]).encode())
    for array in flat.values():
        connection.send_bytes(array.reshape(-1).view(np.uint8).data)


def receive(connection: Connection) -> Message:
    """Wait for the next message; its arrays can't be written to.

    Raises:
        EOFError: nobody is at the other end any more.
        OSError: the same.
    """
    content, shapes = json.loads(connection.recv_bytes())
    arrays = {
        name: np.frombuffer(connection.recv_bytes(), kind).reshape(shape)
        for name, kind, shape in shapes
    }
    return Message(content, arrays)
