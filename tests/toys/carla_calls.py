"""Calls to CARLA's protocol as a client makes them, without sockets."""

import msgpack

from simgen.worlds.carla.protocol.codec import codec_of
from simgen.worlds.carla.protocol.messages import Inbox, pack_request
from simgen.worlds.carla.protocol.types import ActorDescription, EpisodeSettings
from simgen.worlds.carla.server.routes import answer
from simgen.worlds.carla.server.simulation import Options, Simulation
from simgen.worlds.carla.server.states import states

CAR = ActorDescription(id="vehicle.tesla.model3")
STEP = 0.05  # [s]


class RefusedError(Exception):
    """What a client would be told."""


class Client:
    """Calls a simulation through the bytes of the wire."""

    def __init__(self, chart="parking", version="0.9.16"):
        self.simulation = Simulation(Options(map=chart, version=version))
        self.calls = self.simulation.version.calls
        self("set_episode_settings", EpisodeSettings(synchronous=True, fixed_step=STEP))

    def __call__(self, name, *arguments):
        """The answer's value; RefusedError with the text of an error."""
        call, inbox = self.calls[name], Inbox()
        inbox.feed(pack_request(1, name, call, arguments))
        plain = msgpack.unpackb(answer(self.simulation, inbox.take()))
        assert plain[:3] == [1, 1, None]
        match plain[3]:
            case [[True, [message]]] if call.gives is None:
                raise RefusedError(message)
            case [[False]] if call.gives is None:
                return None
            case [[int(variant), [message]]] if variant == 0 and name != "apply_batch":
                raise RefusedError(message)
            case [[1, value]]:
                return codec_of(call.gives).decode(value)
        return plain[3]

    def state(self, actor):
        """The record of an actor in the newest frame."""
        found = states(self.simulation.episode)
        return found[found["id"] == actor.id][0]

    def spawn(self, description=CAR, place=0):
        """An actor at one of the map's places."""
        point = self("get_map_info").spawn_points[place]
        return self("spawn_actor", description, point)
