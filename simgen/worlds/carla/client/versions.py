"""Which versions of CARLA go together."""

from __future__ import annotations

from simgen.core import RequestError
from simgen.worlds.carla.protocol.versions import VERSIONS


def check_versions(client: str, server: str) -> None:
    """Refuse a client and a server that would misread each other.

    The client itself only warns, and then dies of the first packet that it takes for another.
    Builds of a version, such as 0.9.16-12-gabc, speak as it does.

    Raises:
        RequestError: one is not of `VERSIONS`, or they differ.
    """
    for side, version in (("client", client), ("server", server)):
        if version.partition("-")[0] not in VERSIONS:
            raise RequestError(
                f"CARLA's {side} is {version}: the bridge knows {', '.join(VERSIONS)}"
            )
    if client.partition("-")[0] != server.partition("-")[0]:
        raise RequestError(
            f"CARLA's client is {client}, the server {server}: install carla=="
            f"{server.partition('-')[0]}, or start a server of the client's version"
        )
