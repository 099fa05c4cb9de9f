"""Malformed input: whatever comes, the server answers or drops the connection."""

import dataclasses
import logging
import os
import resource
import types
import typing

import msgpack
import pytest

from simgen.core import Streams
from simgen.worlds.carla.protocol.calls import CALLS
from simgen.worlds.carla.protocol.codec import WireError
from simgen.worlds.carla.protocol.messages import MAX_MESSAGE, Inbox
from simgen.worlds.carla.server.routes import answer
from simgen.worlds.carla.server.sensors import SENSORS
from simgen.worlds.carla.server.simulation import Options, Simulation

N_INPUTS = int(os.environ.get("SIMGEN_FUZZ", "2000"))
# Of the peak, for each doubling of a run's length.
GROWTH = 40_000  # [kB]

LEAVES = [
    0, 1, 7, -1, 255, 2**31, 2**63, True, False, None, 0.0, -1.5, 1e38, float("nan"), float("inf"),
    "", "vehicle.tesla.model3", "sensor.other.imu", "sensor.camera.depth", "x" * 300, b"\x00" * 24,
]  # fmt: skip


class Chance:
    """Draws from a stream of ours."""

    def __init__(self):
        self._generator = Streams(11).generator("fuzz")

    def random(self):
        """A number in [0, 1)."""
        return self._generator.random()

    def randrange(self, low, high=None):
        """A whole number, as Python's."""
        return int(self._generator.integers(low, high))

    def choice(self, options):
        """One of some."""
        return options[self.randrange(len(options))]


def anything(chance, depth=4):
    """A value of any shape."""
    kind = chance.random()
    if depth == 0 or kind < 0.5:
        return chance.choice(LEAVES)
    if kind < 0.97:
        return [anything(chance, depth - 1) for _ in range(chance.randrange(6))]
    return {"k": anything(chance, depth - 1)}


def typed(hint, chance):
    """A plain value of a type, at the edges of what it may be."""
    arguments = typing.get_args(hint)
    if hint in {bool, str, bytes}:
        text = chance.choice(["", "vehicle.audi.tt", "walker.pedestrian.0001", *SENSORS, "parking"])
        return {bool: chance.random() < 0.5, str: text, bytes: b"x"}[hint]
    if dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint, include_extras=True)
        return [typed(hints[field.name], chance) for field in dataclasses.fields(hint)]
    if typing.get_origin(hint) is typing.Annotated:
        if arguments[0] not in {int, float}:
            return typed(arguments[0], chance)
        if arguments[0] is int:
            return chance.choice([0, 1, 2, 3, 5, 40, arguments[1].high])
        return chance.choice([0.0, 0.05, 1.0, -3.0, 100.0, 1e-30, -1e30, 3e38])
    if typing.get_origin(hint) is tuple:
        return [typed(arguments[0], chance) for _ in range(chance.choice([0, 0, 1, 2]))]
    if types.NoneType in arguments:
        return [True, typed(arguments[0], chance)] if chance.random() < 0.5 else [False]
    if arguments:
        number = chance.randrange(len(arguments))
        return [number, typed(arguments[number], chance)]
    return anything(chance)


def message(chance):
    """A known call with arguments right or wrong, sometimes with a few bytes changed."""
    name = chance.choice(sorted(CALLS))
    if chance.random() < 0.6:
        arguments = [typed(hint, chance) for hint in CALLS[name].takes]
    else:
        arguments = [anything(chance) for _ in range(chance.randrange(5))]
    data = bytearray(msgpack.packb([0, 3, name, [[False], *arguments]]))
    if chance.random() < 0.2:
        for _ in range(chance.randrange(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def feed(simulation, chance, count):
    """How many of some messages were answered."""
    inbox, answered = Inbox(), 0
    for number in range(count):
        if number % 5 == 0:
            inbox = Inbox()  # a changed length may swallow all that follows
        try:
            inbox.feed(message(chance))
            while (request := inbox.take()) is not None:
                if (
                    request[1] not in {"load_new_episode", "copy_opendrive_to_file"}
                    or number % 50 == 0
                ):
                    msgpack.unpackb(answer(simulation, request))
                    answered += 1
        except WireError:
            inbox = Inbox()  # as when the connection is dropped
        if number % 200 == 199:
            simulation.load(simulation.episode.chart, reset_settings=True)
    return answered


def test_malformed_calls_are_answered_or_dropped(caplog):
    """No input raises, none is taken for a bug, and memory does not grow."""
    simulation, chance = Simulation(Options(map="parking")), Chance()
    feed(simulation, chance, 300)
    before = peak()

    answered = feed(simulation, chance, N_INPUTS)

    assert answered > N_INPUTS / 3
    bugs = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert not bugs
    assert peak() - before < GROWTH


@pytest.mark.parametrize(
    "data",
    [
        b"\xc1",
        b"\x93\x00\x01\x02",
        b"\x94\x01\x01\xc0\xc0",
        b"\x91" * 5000,
        b"GET / HTTP/1.1\r\n\r\n",
    ],
    ids=["reserved", "short", "answer", "deep", "http"],
)
def test_other_protocols_are_no_requests(data):
    """What is no request is refused, not waited for."""
    inbox = Inbox()
    inbox.feed(data)

    with pytest.raises(WireError):
        inbox.take()


def test_a_message_has_an_end():
    """A string that promises more than the limit is refused when the limit is reached."""
    inbox = Inbox()
    inbox.feed(b"\x94\x00\x01\xdb\x7f\xff\xff\xff")
    n_fed = 0

    def grow():
        nonlocal n_fed
        while inbox.take() is None:
            inbox.feed(b"x" * 2**16)
            n_fed += 2**16

    with pytest.raises(WireError):
        grow()
    assert n_fed <= MAX_MESSAGE
