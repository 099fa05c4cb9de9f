"""The official client makes each call that is answered, and finds what it should."""

import socket
import threading
from contextlib import suppress

import msgpack
import pytest

from simgen.worlds.carla.protocol.versions import VERSIONS
from simgen.worlds.carla.server.routes import ROUTES

# The Python client makes no such call: it is in its C++ alone, or ...
UNCALLED = {
    "add_actor_force_at_location",
    "add_actor_impulse_at_location",
    "add_actor_torque",  # ... `add_torque` sends add_actor_angular_impulse
    "are_gbuffers_enabled",
    "freeze_traffic_light",  # ... `TrafficLight.freeze` sends freeze_all_traffic_lights
    "get_navigation_mesh",
    "set_actor_autopilot",
    "set_actor_dead",
    "update_lights_state",  # ... there must be a lamp
}


class Tap:
    """Between a client and its server: passes all on and notes which calls are made."""

    def __init__(self, port):
        self._server_port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.names = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._server_port))
                for one, other, note in ((client, server, True), (server, client, False)):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    arguments = (one, other, note)
                    threading.Thread(target=self._pump, args=arguments, daemon=True).start()

    def _pump(self, one, other, note):
        unpacker = msgpack.Unpacker()
        with suppress(OSError), one, other:
            while data := one.recv(2**16):
                other.sendall(data)
                if note:
                    unpacker.feed(data)
                    self.names.update(message[2] for message in unpacker)

    def close(self):
        """Take no more clients."""
        self._listener.close()


@pytest.fixture(scope="module")
def outcome(carla_server, run_client):
    """What the program found, and the calls that passed."""
    tap = Tap(carla_server.port)
    found = run_client("every_call.py", tap.port)
    tap.close()
    return found | {"names": tap.names}


@pytest.mark.parametrize("name", sorted(set(ROUTES) - UNCALLED))
def test_the_client_makes_the_call(client_version, outcome, name):
    """It was sent by the client's own code, and what it did or gave is right."""
    if name not in VERSIONS[client_version].calls:
        pytest.skip(f"CARLA {client_version} has no such call")
    assert name in outcome["made"]
    assert name in outcome["names"]
    assert outcome["failed"].get(name, "") == ""
