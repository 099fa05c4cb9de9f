"""From a request to the bytes of its answer; never an exception."""

from __future__ import annotations

import logging

from simgen.core import RequestError, RunError
from simgen.worlds.carla.protocol.calls import Call
from simgen.worlds.carla.protocol.codec import WireError
from simgen.worlds.carla.protocol.messages import (
    Request,
    pack_answer,
    pack_failure,
    pack_list,
    read_arguments,
)
from simgen.worlds.carla.server.routes.refusals import REFUSALS
from simgen.worlds.carla.server.routes.table import ROUTES
from simgen.worlds.carla.server.simulation import Simulation

_log = logging.getLogger(__name__)


def answer(simulation: Simulation, request: Request) -> bytes:
    """Do what a request asks for."""
    call = simulation.version.calls.get(request.name)
    try:
        return _done(simulation, request, call)
    except (RequestError, RunError) as error:
        message = str(error)
    except Exception as error:  # noqa: BLE001 - a bug must not end what other clients do
        _log.exception("%s failed: a bug in simgen", request.name)
        message = f"{request.name}: {type(error).__name__} (a bug in simgen)"
    return _failed(simulation, request, call, message)


def _done(simulation: Simulation, request: Request, call: Call | None) -> bytes:
    number, name, plain = request
    if call is None:
        raise RequestError(f"{name}: CARLA {simulation.version.name} has no such call")
    if name in REFUSALS:
        raise RequestError(f"{name} is not offered by this server: {REFUSALS[name]}")
    try:
        arguments = read_arguments(call, plain)
    except (WireError, RecursionError) as error:
        raise RequestError(f"{name}: {error}") from None
    value = ROUTES[name].work(simulation, *arguments)
    return pack_list(number, value) if name == "apply_batch" else pack_answer(number, call, value)


def _failed(simulation: Simulation, request: Request, call: Call | None, message: str) -> bytes:
    number, name, _ = request
    # Who does not wait will not hear of it. Each kind of failure is worth one line.
    kind = "" if call is None else name
    if (call is None or not call.waits) and kind not in simulation.told:
        simulation.told.add(kind)
        _log.warning("%.200s; not said again", message)
    # Its answer is a list, and the client dies of another envelope: an error of the protocol.
    return pack_failure(number, None if name == "apply_batch" else call, message)
