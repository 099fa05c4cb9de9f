"""A plan as OpenDRIVE 1.7 text."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from tools.maps.drawing import Cubic, LaneStyle, MapPlan, RoadPlan, SectionPlan

Element = ET.Element


def written(plan: MapPlan) -> str:
    """The whole file: the same plan gives the same text."""
    root = Element("OpenDRIVE")
    header = _add(root, "header", revMajor=1, revMinor=7, name=plan.name, version="1.00")
    reference = _add(header, "geoReference")
    reference.text = (
        f"+proj=tmerc +lat_0={plan.latitude} +lon_0={plan.longitude} +k=1 +x_0=0 +y_0=0 "
        "+datum=WGS84 +units=m +no_defs"
    )
    for road in plan.roads:
        _write_road(root, road)
    for number, signals in plan.controllers.items():
        controller = _add(root, "controller", id=number, name=f"phase {number}", sequence=0)
        for signal in signals:
            _add(controller, "control", signalId=signal, type="")
    for junction in plan.junctions:
        node = _add(root, "junction", id=junction.id, name=f"junction {junction.id}")
        for number, (incoming, connecting, contact, links) in enumerate(junction.connections):
            connection = _add(
                node, "connection", id=number, incomingRoad=incoming, connectingRoad=connecting,
                contactPoint=contact,
            )  # fmt: skip
            for start, to in links:
                connection.append(_new("laneLink", {"from": start, "to": to}))
        for controller_id in junction.controllers:
            _add(node, "controller", id=controller_id, type="")
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def _text(value: object) -> str:
    """Numbers to a nanometre; a reader's double keeps no more at 1000 km."""
    return f"{round(value, 9) + 0.0:.12g}" if isinstance(value, float) else str(value)


def _new(tag: str, attributes: dict[str, object]) -> Element:
    return Element(tag, {name: _text(value) for name, value in attributes.items()})


def _add(parent: Element, tag: str, **attributes: object) -> Element:
    node = _new(tag, attributes)
    parent.append(node)
    return node


def _write_road(root: Element, road: RoadPlan) -> None:
    node = _add(
        root, "road", name=f"road {road.id}", length=road.length, id=road.id,
        junction=road.junction, rule="RHT",
    )  # fmt: skip
    links = _add(node, "link")
    for end, link in (("predecessor", road.predecessor), ("successor", road.successor)):
        if link is not None:
            element, number, contact = link
            point = {"contactPoint": contact} if contact else {}
            _add(links, end, elementType=element, elementId=number, **point)
    kind = _add(node, "type", s=0.0, type=road.type)
    _add(kind, "speed", max=road.speed, unit="km/h")
    view = _add(node, "planView")
    for stroke in road.pen.strokes:
        geometry = _add(
            view, "geometry", s=stroke.s, x=stroke.start.x, y=stroke.start.y,
            hdg=stroke.start.heading, length=stroke.length,
        )  # fmt: skip
        _add(geometry, stroke.shape, **_exact(stroke.attributes))
    heights = _add(node, "elevationProfile")
    _write_cubics(heights, "elevation", "s", road.elevation or ((0.0,) * 5,))
    lateral = _add(node, "lateralProfile")
    _write_cubics(lateral, "superelevation", "s", road.superelevation)
    lanes = _add(node, "lanes")
    for section in road.sections:
        _write_section(lanes, section)
    things = _add(node, "objects")
    for thing in road.objects:
        _write_object(things, dict(thing))
    signals = _add(node, "signals")
    for signal in road.signals:
        about = dict(signal)
        first, last = about.pop("lanes").split()
        _add(_add(signals, "signal", **about), "validity", fromLane=first, toLane=last)


def _exact(attributes: dict[str, float | str]) -> dict[str, object]:
    """Coefficients keep all digits: a cubic's grow with the third power of the way."""
    return {
        name: value if isinstance(value, str) else f"{value:.17g}"
        for name, value in attributes.items()
    }


def _write_cubics(
    parent: Element, tag: str, start: str, cubics: tuple[Cubic, ...] | tuple[tuple[float, ...]]
) -> None:
    for first, *coefficients in cubics:
        node = _add(parent, tag, **{start: first})
        for name, value in zip("abcd", coefficients, strict=True):
            node.set(name, f"{value:.12g}")


def _write_section(parent: Element, section: SectionPlan) -> None:
    node = _add(parent, "laneSection", s=section.s)
    lanes = section.style.lanes
    left = sorted((number for number in lanes if number > 0), reverse=True)
    right = sorted((number for number in lanes if number < 0), reverse=True)
    centre = LaneStyle(
        type="none", width=(), mark=section.style.centre_mark, colour=section.style.centre_colour
    )
    for side, numbers in (("left", left), ("center", [0]), ("right", right)):
        if numbers:
            group = _add(node, side)
            for number in numbers:
                _write_lane(group, number, lanes.get(number, centre), section)


def _write_lane(parent: Element, number: int, lane: LaneStyle, section: SectionPlan) -> None:
    node = _add(parent, "lane", id=number, type=lane.type, level="false")
    links = _add(node, "link")
    for tag, linked in (("predecessor", section.before), ("successor", section.after)):
        if number in linked:
            _add(links, tag, id=linked[number])
    _write_cubics(node, "width", "sOffset", lane.widths)
    lane_change = "both" if lane.mark == "broken" else "none"
    _add(
        node, "roadMark", sOffset=0.0, type=lane.mark, weight="standard", color=lane.colour,
        width=0.12, laneChange=lane_change,
    )  # fmt: skip


def _write_object(parent: Element, about: dict[str, object]) -> None:
    """An object with what the schema demands of all."""
    corners = about.pop("outline", ())
    node = _add(parent, "object", **about, dynamic="no", validLength=0.0)
    if corners:
        outline = _add(
            node, "outline", id=0, fillType="asphalt", laneType="none", outer="true", closed="true"
        )
        assert isinstance(corners, tuple)
        # CARLA tells its crosswalks apart by the repeated corner.
        for number, (u, v, height) in enumerate((*corners, corners[0])):
            _add(outline, "cornerLocal", u=u, v=v, z=0.0, height=height, id=number)
