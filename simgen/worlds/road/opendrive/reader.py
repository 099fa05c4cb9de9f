"""From a file to the document: reads, then checks that names meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from simgen.core import RequestError
from simgen.worlds.road.opendrive.document import Link, OpenDrive, Road
from simgen.worlds.road.opendrive.furniture import MAX_OBJECTS
from simgen.worlds.road.opendrive.junctions import read_controller, read_junction
from simgen.worlds.road.opendrive.markup import MAX_BYTES, Node, parse
from simgen.worlds.road.opendrive.roads import read_road

VERSIONS = range(4, 9)  # minor revisions of 1.x: 1.8 reads like 1.7 where both say the same
_MAX_VERSION = 99
MAX_LENGTH = 5e6  # of all roads [m]


def read_opendrive(path: Path | str) -> OpenDrive:
    """The map in a file.

    Raises:
        RequestError: the file is missing, no OpenDRIVE, malformed or beyond the reader's limits;
            names file, line and element.
    """
    path = Path(path)
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise RequestError(f"map {path}: {error.strerror}; name an OpenDRIVE file") from None
    if size > MAX_BYTES:
        raise RequestError(f"map {path}: {size} bytes; at most {MAX_BYTES} are read, so cut it")
    return parse_opendrive(content, path.name)


def parse_opendrive(text: str | bytes, name: str = "text") -> OpenDrive:
    """The map in a text; `name` stands for it in errors.

    Raises:
        RequestError: as in `read_opendrive`.
    """
    root = parse(text, name)
    if root.tag != "OpenDRIVE":
        raise root.refuse("is not OpenDRIVE; name a .xodr file")
    header = root.first("header")
    if header is None:
        raise root.refuse("lacks its header; add one with revMajor and revMinor")
    projection = header.first("geoReference")
    document = OpenDrive(
        name=header.word("name", "") or name,
        version=_version(header),
        projection="" if projection is None else projection.text,
        roads=tuple(_roads(root)),
        junctions=tuple(read_junction(node) for node in root.all("junction")),
        controllers=tuple(read_controller(node) for node in root.all("controller")),
    )
    if not document.roads:
        raise root.refuse("has no road; a map needs one")
    _check_names(root, document)
    return document


def _roads(root: Node) -> Iterator[Road]:
    length, n_objects = 0.0, 0
    for node in root.all("road"):
        road = read_road(node)
        length, n_objects = length + road.length, n_objects + len(road.objects)
        if length > MAX_LENGTH or n_objects > MAX_OBJECTS:
            raise node.refuse(
                f"brings the map to {length:g} m of road and {n_objects} objects; at most "
                f"{MAX_LENGTH:g} m and {MAX_OBJECTS} are read, so cut it"
            )
        yield road


def _version(header: Node) -> tuple[int, int]:
    major = header.integer("revMajor", low=0, high=_MAX_VERSION)
    minor = header.integer("revMinor", low=0, high=_MAX_VERSION)
    if major != 1 or minor not in VERSIONS:
        raise header.refuse(
            f"says revision {major}.{minor}; 1.{VERSIONS[0]} to 1.{VERSIONS[-1]} are read, so "
            "convert the map"
        )
    return major, minor


def _check_names(root: Node, document: OpenDrive) -> None:
    """Ids are unique and every link names something that exists."""
    roads = _unique(root, "road", (road.id for road in document.roads))
    junctions = _unique(root, "junction", (junction.id for junction in document.junctions))
    known = {"road": roads, "junction": junctions}
    where = f"map {root.document}, line"
    for road in document.roads:
        label = f"{where} {road.line}: <road id={road.id!r}>"
        if road.junction and road.junction not in junctions:
            raise RequestError(f"{label} is in junction {road.junction!r}, which is not in the map")
        for end, link in (("start", road.predecessor), ("end", road.successor)):
            _check_link(label, road, end, link, known)
    for junction in document.junctions:
        for connection in junction.connections:
            for name in (connection.incoming, connection.connecting):
                if name not in roads:
                    raise RequestError(
                        f"{where} {connection.line}: <connection> names road {name!r}, which is "
                        "not in the map; correct it"
                    )


def _check_link(
    label: str, road: Road, end: str, link: Link | None, known: dict[str, set[str]]
) -> None:
    if link is None:
        return
    if link.id not in known[link.element]:
        raise RequestError(
            f"{label} is linked to {link.element} {link.id!r}, which is not in the map; correct it"
        )
    if (link.element, link.id, link.contact) == ("road", road.id, end):
        raise RequestError(f"{label} links its {end} to the same {end}: a cycle; correct it")


def _unique(root: Node, tag: str, names: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise root.refuse(f"has {tag} {name[:40]!r} twice; rename one")
        seen.add(name)
    return seen
