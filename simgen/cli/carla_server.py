"""`simgen carla-server`: CARLA's protocol on the road world."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from simgen.core import RequestError
from simgen.pipeline.saying import say
from simgen.pipeline.seeds import check_seed


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise RequestError(f"{message}: see simgen carla-server --help")


def serve_carla(arguments: Sequence[str]) -> None:
    """Serve until interrupted.

    Raises:
        RequestError: an argument is wrong, or msgpack is missing.
    """
    given = _parser().parse_args(arguments)
    folder = None if given.recordings is None else _folder(given.recordings)
    if not 0.1 <= given.fps <= 1000.0:
        raise RequestError(f"fps = {given.fps:g}: must be in [0.1, 1000]")
    check_seed(given.seed)
    try:
        from simgen.worlds.carla.server.serving import serve
        from simgen.worlds.carla.server.simulation import Options
    except ModuleNotFoundError as error:
        if error.name != "msgpack":
            raise
        raise RequestError("carla-server needs msgpack: pip install simgen[carla]") from None
    logging.basicConfig(format="simgen: %(message)s", level=logging.WARNING, stream=sys.stderr)

    def ready(port: int) -> None:
        if folder:  # made now, as a recording is written long after the server began
            folder.mkdir(parents=True, exist_ok=True)
        # Whoever started us with --port 0 reads this line.
        say(f"listening at {given.host} port {port}")

    options = Options(
        map=given.map,
        seed=given.seed,
        frame_rate=given.fps,
        version=given.carla_version,
        recordings=folder,
        town_names=given.town_names,
    )
    serve(options, host=given.host, port=given.port, ready=ready)


def _folder(name: str) -> Path:
    """The folder, which is there or can be made; RequestError otherwise."""
    folder = Path(name).absolute()
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if name and there.is_dir() and os.access(there, os.W_OK):
        return folder
    raise RequestError(f"can't write to the folder {name!r}: give another")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="simgen carla-server",
        description="Speak CARLA 0.9.16's protocol on simgen's road world: no GPU, no Unreal.",
    )
    parser.add_argument("--map", default="urban_grid", help="a map of ours, or an OpenDRIVE file")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at")
    parser.add_argument(
        "--port", type=int, default=2000, help="of calls; streams are at the next; 0: any free"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the sensors' noise")
    parser.add_argument(
        "--fps", type=float, default=20.0, help="frames a second in asynchronous mode"
    )
    parser.add_argument(
        "--carla-version",
        choices=("0.9.16", "0.9.15"),
        default="0.9.16",
        help="of the clients: another one's may crash",
    )
    parser.add_argument(
        "--town-names",
        action="store_true",
        help="let Town01 and other names of CARLA's stand for maps of ours",
    )
    parser.add_argument(
        "--recordings",
        help="folder of what start_recorder records; without, it ends with the server",
    )
    return parser
