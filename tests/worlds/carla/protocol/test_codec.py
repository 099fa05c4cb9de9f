import dataclasses
import math
import types
import typing
from functools import cache

import msgpack
import pytest
from hypothesis import given, settings, strategies as st

from simgen.worlds.carla.protocol import commands, types as wire_types, vehicles
from simgen.worlds.carla.protocol.calls import CALLS
from simgen.worlds.carla.protocol.codec import F32, U8, Pedal, WireError, codec_of
from simgen.worlds.carla.protocol.messages import Inbox, pack_request, read_arguments


def all_wires():
    modules = (wire_types, vehicles, commands)
    found = [kind for module in modules for kind in vars(module).values()]
    return [kind for kind in found if isinstance(kind, type) and dataclasses.is_dataclass(kind)]


@cache
def values(hint, depth=3):
    """A strategy of values that a type may have."""
    arguments = typing.get_args(hint)
    if hint in {bool, str, bytes}:
        return {bool: st.booleans(), str: st.text(max_size=8), bytes: st.binary(max_size=8)}[hint]
    if hint is typing.Any:
        return st.none()
    if dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint, include_extras=True)
        fields = {
            field.name: values(hints[field.name], depth - 1) for field in dataclasses.fields(hint)
        }
        return st.builds(hint, **fields)
    if typing.get_origin(hint) is typing.Annotated:
        bounds = arguments[1]
        if arguments[0] not in {int, float}:
            return values(arguments[0], depth)
        if arguments[0] is int:
            return st.integers(bounds.low, bounds.high)
        return st.floats(-1e30, 1e30)
    if typing.get_origin(hint) is tuple:
        return (
            st.just(())
            if depth < 0
            else st.lists(values(arguments[0], depth - 1), max_size=2).map(tuple)
        )
    if arguments[-1] is types.NoneType:
        return st.none() | values(arguments[0], depth - 1)
    return st.one_of([values(kind, depth - 1) for kind in arguments])


@pytest.mark.parametrize("kind", all_wires(), ids=lambda kind: kind.__name__)
@settings(max_examples=10)
@given(data=st.data())
def test_values_survive_the_wire(kind, data):
    """What is encoded, packed, unpacked and decoded is what it was."""
    value = data.draw(values(kind))

    packed = msgpack.packb(codec_of(kind).encode(value))

    assert codec_of(kind).decode(msgpack.unpackb(packed)) == value


@pytest.mark.parametrize("name", sorted(CALLS))
@settings(max_examples=3)
@given(data=st.data())
def test_arguments_survive_the_wire(name, data):
    """A request's arguments arrive as they were given, whatever the cuts between packets."""
    call = CALLS[name]
    arguments = [data.draw(values(hint)) for hint in call.takes]
    message = pack_request(7, name, call, tuple(arguments))
    cut = data.draw(st.integers(0, len(message)))
    inbox = Inbox()

    inbox.feed(message[:cut])
    early = inbox.take()
    inbox.feed(message[cut:])
    number, called, plain = early or inbox.take()

    assert (number, called, read_arguments(call, plain)) == (7, name, arguments)
    assert inbox.waiting == 0


def test_later_fields_may_be_missing():
    """A shorter array leaves the defaults, a longer one is cut; the client does so too."""
    codec = codec_of(wire_types.Weather)

    assert codec.decode([5.0]) == wire_types.Weather(cloudiness=5.0)
    assert codec.decode([0.0] * 12 + [0.0331] + [0.0] * 9) == wire_types.Weather()


def test_a_field_without_default_must_be_there():
    """What has no default is asked for by name."""
    with pytest.raises(WireError, match=r"DestroyActor\.actor is missing"):
        codec_of(commands.DestroyActor).decode([])


def test_a_pedal_may_be_no_number():
    """As the client's Traffic Manager has it; an infinite one is refused as any other."""
    assert math.isnan(codec_of(Pedal).decode(math.nan))
    with pytest.raises(WireError):
        codec_of(Pedal).decode(math.inf)


@pytest.mark.parametrize(
    ("hint", "plain"),
    [
        (bool, 1),
        (str, b"x"),
        (U8, 256),
        (U8, -1),
        (U8, True),
        (U8, 1.0),
        (F32, "1"),
        (F32, math.nan),
        (F32, math.inf),
        (F32, 1e39),
        (F32 | None, [True]),
        (F32 | None, None),
        (tuple[U8, ...], 3),
        (wire_types.Vector, {"x": 1.0}),
        (commands.Command, [[22, []]]),
        (commands.Command, [[-1, []]]),
    ],
)
def test_other_types_are_refused(hint, plain):
    """A value that is not of the type is named and refused."""
    with pytest.raises(WireError):
        codec_of(hint).decode(plain)


def test_whole_numbers_are_floats_too():
    """A client may write 1 for 1.0."""
    assert codec_of(wire_types.Vector).decode([1, 2, 3]) == wire_types.Vector(x=1.0, y=2.0, z=3.0)


def test_the_order_of_commands_is_their_number():
    """CARLA's numbers of three commands, first, middle and last."""
    orders = typing.get_args(commands.Order)

    assert [orders[0], orders[8], orders[21]] == [
        commands.SpawnActor,
        commands.ApplyTargetVelocity,
        commands.SetTrafficLightState,
    ]
