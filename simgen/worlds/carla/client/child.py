"""The process that holds CARLA's client: run as `python -m simgen.worlds.carla.client.child FD`.

It does what it is asked over a pipe, one request after the other. When the run at the other end
is gone it leaves the world in good order, or dies trying.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread
from typing import Any

from simgen.worlds.carla.client.pipe import Message, receive, send
from simgen.worlds.carla.client.session import RefusedError, Session

_GRACE = 10.0  # to leave in, once the run is gone [s]


def main() -> None:
    """Answer until the run is gone."""
    connection = Connection(int(sys.argv[1]))
    requests: SimpleQueue[Message | None] = SimpleQueue()
    Thread(target=_listen, args=(connection, requests), daemon=True).start()
    session = Session()
    while (request := requests.get()) is not None:
        _answer(connection, session, request)
    session.leave()
    # The client's threads may abort an orderly exit.
    os._exit(0)


def _listen(connection: Connection, requests: SimpleQueue[Message | None]) -> None:
    try:
        while True:
            requests.put(receive(connection))
    except (EOFError, OSError):
        requests.put(None)
    time.sleep(_GRACE)
    os._exit(1)


def _answer(connection: Connection, session: Session, request: Message) -> None:
    name, arguments = request.content["do"], request.content["with"]
    arrays: dict[str, Any] = {}
    try:
        answer = getattr(session, name)(**arguments, **request.arrays)
        if isinstance(answer, tuple):
            answer, arrays = answer
    except RefusedError as error:
        answer = {"refused": str(error)}
    except Exception as error:  # noqa: BLE001 - whatever it is, the run must hear of it
        answer = {"failed": f"{type(error).__name__}: {error}"}
    # If the run is gone, the listener knows, too.
    with contextlib.suppress(OSError):
        send(connection, answer, arrays)


if __name__ == "__main__":
    main()
