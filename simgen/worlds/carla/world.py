"""CARLA as a world: the plain data of a server, ours or a real one, and how it is minded."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.core import Parameters, parameter
from simgen.worlds.base import OpenWorld, World


@dataclass(frozen=True, kw_only=True)
class CarlaLink(Parameters):
    """Which server, and what is done when it does not answer."""

    host: str = parameter("", doc="Of the server; empty: one of ours is started for the run.")
    port: int = parameter(
        2000,
        doc="Of its calls. A server that is started for the run takes any free one.",
        minimum=1,
        maximum=65_534,
    )
    # Between the slowest frames that users of several cameras tell of and their patience; assumed.
    tick_time: float = parameter(
        30.0,
        doc="That a step may take, with all that sensors report of it.",
        unit="s",
        above=0.0,
        maximum=3600.0,
    )
    start_time: float = parameter(
        180.0,
        doc="That a server may take to answer first, or to load a map.",
        unit="s",
        above=0.0,
        maximum=3600.0,
    )
    max_restarts: int = parameter(
        3,
        doc="How often an episode is taken up again after server or client died or hung.",
        minimum=0,
        maximum=1000,
    )
    missing: str = parameter(
        "fail",
        doc="Of a sensor that says nothing of a frame within tick_time: `fail` ends the attempt "
        "as if the server hung, `leave_out` goes on without this reading.",
        choices=("fail", "leave_out"),
    )
    fresh_world: bool = parameter(
        True,
        doc="Whether each episode begins in a reloaded world. A real server takes seconds for it; "
        "without it, colours of ours depend on the episodes before.",
    )


@dataclass(frozen=True, kw_only=True)
class CarlaWorld(Parameters, World):
    """A world on a CARLA server, driven by the official client."""

    link: CarlaLink = parameter(CarlaLink, doc="Which server.")
    map: str = parameter(
        "urban_grid",
        doc="Name of a map of ours, path of an OpenDRIVE file, or one of the server's own maps.",
    )
    step_time: float = parameter(0.05, doc="One step.", unit="s", minimum=1e-3, maximum=0.25)

    def open(self) -> OpenWorld:
        """Connect, and have the map loaded; nothing is in it yet.

        Raises:
            RequestError: the client is missing, versions differ, or there is no such map.
            RunError: the server does not answer.
        """
        from simgen.worlds.carla.client.opened import OpenCarlaWorld  # noqa: PLC0415 - see below

        # What is open needs Numba's kernels and an extra; a configuration needs neither.
        return OpenCarlaWorld(self)
