"""Which lane follows which: CSR tables in the direction of travel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from simgen.kernels.arrays import Integers
from simgen.worlds.road.offsets import offsets_of
from simgen.worlds.road.opendrive.document import Connection, Link, OpenDrive, Road
from simgen.worlds.road.tables import LaneTables


@dataclass(frozen=True, kw_only=True)
class LaneLinks:
    """Followers of each lane: those of lane i are `lanes[offsets[i]:offsets[i + 1]]`."""

    offsets: Integers
    lanes: Integers


def lane_links(document: OpenDrive, tables: LaneTables) -> tuple[LaneLinks, LaneLinks]:
    """Successors and predecessors of each lane, with the traffic; order of the file.

    Only links in the direction of travel are read, as CARLA does: out of a junction there is no
    other. A link to a lane that doesn't exist, or to the centre, leads nowhere.
    """
    finder = _Finder(document, tables)
    successors: list[list[int]] = []
    predecessors: list[list[int]] = [[] for _ in tables.records]
    for row, record in enumerate(tables.records):
        place = (int(record["road"]), int(record["section"]), int(record["id"]))
        found = list(dict.fromkeys(finder.follow(*place, end=bool(record["direction"] > 0))))
        successors.append(found)
        for after in found:
            predecessors[after].append(row)
    return _packed(successors), _packed(predecessors)


def _packed(followers: list[list[int]]) -> LaneLinks:
    return LaneLinks(
        offsets=offsets_of(len(lanes) for lanes in followers),
        lanes=np.array([lane for lanes in followers for lane in lanes], np.int64),
    )


class _Finder:
    """Looks lanes up by name."""

    def __init__(self, document: OpenDrive, tables: LaneTables) -> None:
        self.roads = document.roads
        self.numbers = {road.id: number for number, road in enumerate(document.roads)}
        self.lanes = {
            (int(record["road"]), int(record["section"]), int(record["id"])): index
            for index, record in enumerate(tables.records)
        }
        self.connections: dict[tuple[str, str], list[Connection]] = {}
        for junction in document.junctions:
            for connection in junction.connections:
                key = (junction.id, connection.incoming)
                self.connections.setdefault(key, []).append(connection)

    def follow(self, road: int, section: int, lane: int, *, end: bool) -> Iterator[int]:
        """The lanes that touch one end of a lane: the one at larger s, or the other."""
        this = self.roads[road]
        neighbour = section + (1 if end else -1)
        if 0 <= neighbour < len(this.sections):
            for name in self._names(this, section, lane, end=end):
                yield from self._lane(road, neighbour, name)
            return
        link = this.successor if end else this.predecessor
        if link is None:
            return
        if link.element == "junction":
            yield from self._into_junction(this, link, lane, end=end)
        elif link.contact:
            other = self.numbers[link.id]
            for name in self._names(this, section, lane, end=end):
                yield from self._touching(other, link.contact, name)

    def _names(self, road: Road, section: int, lane: int, *, end: bool) -> tuple[int, ...]:
        lanes = road.sections[section].lanes
        found = lanes[lanes[0].id - lane]  # ids descend without gaps
        return found.successors if end else found.predecessors

    def _into_junction(self, road: Road, link: Link, lane: int, *, end: bool) -> Iterator[int]:
        for connection in self.connections.get((link.id, road.id), ()):
            # A road with both ends at one junction enters at the end that its partner names.
            if not self._meets(connection, road, end=end):
                continue
            other = self.numbers[connection.connecting]
            for start, to in connection.lane_links:
                if start == lane:
                    yield from self._touching(other, connection.contact, to)

    def _meets(self, connection: Connection, road: Road, *, end: bool) -> bool:
        connecting = self.roads[self.numbers[connection.connecting]]
        back = connecting.predecessor if connection.contact == "start" else connecting.successor
        both = road.predecessor is not None and road.predecessor == road.successor
        if not both or back is None or back.id != road.id:
            return True
        return back.contact == ("end" if end else "start")

    def _touching(self, road: int, contact: str, lane: int) -> Iterator[int]:
        section = 0 if contact == "start" else len(self.roads[road].sections) - 1
        yield from self._lane(road, section, lane)

    def _lane(self, road: int, section: int, lane: int) -> Iterator[int]:
        index = self.lanes.get((road, section, lane))
        if index is not None:
            yield index
