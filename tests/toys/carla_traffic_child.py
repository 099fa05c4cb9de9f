"""The bridge's child with a Traffic Manager: run as `python -m toys.carla_traffic_child FD`."""

import socket

from simgen.worlds.carla.client import child, session


class TrafficSession(session.Session):
    """Ticks a Traffic Manager, too, as a client does that has made one."""

    def enter(self, **about):
        """Make it once the world is there; it goes by itself until the first step."""
        answer = super().enter(**about)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self._manager = self._client.get_trafficmanager(port)
        return answer

    def step(self, **about):
        """From now on it waits for each tick, and each tick for it."""
        self._manager.set_synchronous_mode(True)
        return super().step(**about)


if __name__ == "__main__":
    child.Session = TrafficSession
    child.main()
