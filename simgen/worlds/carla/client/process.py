"""The process of CARLA's client as the run sees it: asked, watched, and killed if need be."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from multiprocessing import Pipe
from threading import Timer
from typing import Any

from simgen.core import RequestError, RunError
from simgen.worlds.carla.client.pipe import Array, Message, receive, send

_CHILD = "simgen.worlds.carla.client.child"
# Beyond the client's own patience, which ends most waits with a better text [s].
_SLACK = 5.0
_GLANCE = 0.2  # between two looks whether the server lives [s]
_FAREWELL = 10.0  # to leave a world in good order [s]


class LostError(RunError):
    """Server or client died, or gave no answer; what was going on can be taken up again."""


class DiedError(LostError):
    """It was there and died: another try costs no wait."""


class ClientProcess:
    """A child that holds the official client.

    The client's own timeouts don't cover every way in which it hangs, so each request has a
    deadline after which the child is killed. It does not notice either when a server dies.
    """

    def __init__(self, server_lives: Callable[[], bool]) -> None:
        self._server_lives = server_lives
        self._connection, theirs = Pipe()
        with theirs:
            # In a session of its own: an interrupt at the terminal is for the run to deal with.
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-m", _CHILD, str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=2,  # the client prints, and a run's own output is not for it
                start_new_session=True,
            )

    @property
    def number(self) -> int:
        """Of the process, for those who want to see it die."""
        return self._process.pid

    def ask(
        self,
        name: str,
        patience: float,
        arrays: Mapping[str, Array] | None = None,
        /,
        **arguments: Any,
    ) -> Message:
        """Have a method of `Session` done.

        Args:
            name: of the method.
            patience: what the client may take. [s]
            arrays: its arrays.
            arguments: plain data.

        Raises:
            RequestError: the server refuses this.
            LostError: the client failed, died, or gave no answer in time.
        """
        # Stops a child that is stopped, too, and one that is halfway through its answer.
        deadline, asked_at = patience + _SLACK, time.monotonic()
        watchdog = Timer(deadline, self._process.kill)
        watchdog.daemon = True
        watchdog.start()
        try:
            send(self._connection, {"do": name, "with": arguments}, arrays)
            while not self._connection.poll(_GLANCE):
                if not self._server_lives():
                    raise DiedError(f"the CARLA server died ({name})")
            answer = receive(self._connection)
        except (EOFError, OSError):
            if time.monotonic() - asked_at < deadline:
                raise DiedError(f"CARLA's client died ({name})") from None
            raise LostError(f"CARLA's client gave no answer in {deadline:g} s ({name})") from None
        finally:
            watchdog.cancel()
        return _done(name, answer)

    def close(self, *, politely: bool) -> None:
        """End it, politely by leaving the world in good order. May be called again."""
        if politely and self._process.poll() is None:
            try:
                self.ask("leave", _FAREWELL)
            except (RunError, RequestError):
                politely = False
        self._connection.close()
        if not politely:
            self._process.kill()
        try:
            self._process.wait(_FAREWELL)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _done(name: str, answer: Message) -> Message:
    """The answer to a request that was done; an error as told in `ask`."""
    if "refused" in answer.content:
        raise RequestError(answer.content["refused"])
    if "failed" in answer.content:
        raise LostError(f"CARLA's client failed ({name}): {answer.content['failed']}")
    return answer
