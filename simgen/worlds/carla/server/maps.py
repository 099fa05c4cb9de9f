"""Maps by name: ours, and files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from simgen.core import RequestError
from simgen.worlds.carla.server.assets import assets
from simgen.worlds.carla.server.episode import Map
from simgen.worlds.road import make_network
from simgen.worlds.road.embedded import own_maps
from simgen.worlds.road.opendrive.reader import parse_opendrive, read_opendrive

PREFIX = "Carla/Maps/"  # programs take what follows the last slash for the map's name


def towns() -> Mapping[str, str]:
    """Our maps that stand for CARLA's, by CARLA's names."""
    found: Mapping[str, str] = assets()["towns"]
    return found


def find_map(name: str, *, town_names: bool = False) -> Map:
    """One of our maps, also by CARLA's long name, or an OpenDRIVE file.

    Args:
        name: of the map.
        town_names: whether names of CARLA's towns stand for maps of ours, which are called so then.

    Raises:
        RequestError: there is none, or it can't be read.
    """
    town = name.rpartition("/")[2]
    own = towns().get(town.removesuffix("_Opt"), "") if town_names else ""
    if own:
        return replace(find_map(own), name=PREFIX + town)
    path = own_maps().get(name.rpartition("/")[2], Path(name))
    if not path.is_file():
        raise RequestError(
            f"no map {name!r}: name one of {', '.join(own_maps())}, or an OpenDRIVE file"
        )
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, _modified: int) -> Map:
    network = make_network(read_opendrive(path))
    text = path.read_text(encoding="utf-8")
    return Map(name=PREFIX + path.stem, text=text, network=network)


def make_map(name: str, text: str) -> Map:
    """A map that a client sent; RequestError if it can't be read."""
    return Map(name=PREFIX + name, text=text, network=make_network(parse_opendrive(text, name)))
