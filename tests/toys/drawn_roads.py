"""OpenDRIVE texts of a road or two, for tests."""

from __future__ import annotations

LINE = '<geometry s="0" x="0" y="0" hdg="0" length="100"><line/></geometry>'
LANES = (
    '<left><lane id="1" type="driving"><width sOffset="0" a="3" b="0" c="0" d="0"/>'
    '<roadMark sOffset="0" type="solid" color="white" laneChange="none"/></lane></left>'
    '<center><lane id="0" type="none"><roadMark sOffset="0" type="broken" color="yellow"/></lane>'
    '</center>'
    '<right><lane id="-1" type="driving"><width sOffset="0" a="3.5" b="0" c="0" d="0"/></lane>'
    '<lane id="-2" type="sidewalk"><width sOffset="0" a="2" b="0" c="0" d="0"/></lane></right>'
)  # fmt: skip


def section(lanes: str = LANES, s: float = 0.0) -> str:
    """A lane section."""
    return f'<laneSection s="{s}">{lanes}</laneSection>'


def road(
    number: int = 1,
    *,
    length: float = 100.0,
    line: str = LINE,
    links: str = "",
    junction: int = -1,
    profile: str = "",
    sections: str = "",
    offsets: str = "",
    more: str = "",
    rule: str = "RHT",
) -> str:
    """A straight road of 100 m with a lane each way, unless told otherwise."""
    return (
        f'<road id="{number}" length="{length}" junction="{junction}" rule="{rule}">'
        f"<link>{links}</link><planView>{line}</planView>{profile}"
        f"<lanes>{offsets}{sections or section()}</lanes>{more}</road>"
    )


def opendrive(*roads: str, more: str = "", header: str = "") -> str:
    """A map of these roads."""
    return (
        f'<OpenDRIVE><header revMajor="1" revMinor="7">{header}</header>'
        f"{''.join(roads)}{more}</OpenDRIVE>"
    )


def linked(lanes: str, tag: str) -> str:
    """Lanes that go on in the lane of the same id."""
    for number in ("1", "-1", "-2"):
        start = f'<lane id="{number}" type="'
        head, rest = lanes.split(start)
        kind, rest = rest.split('">', 1)
        lanes = f'{head}{start}{kind}"><link><{tag} id="{number}"/></link>{rest}'
    return lanes


# A road that forks into a left and a right bend.
FORK = (
    road(
        1,
        links='<successor elementType="junction" elementId="9"/>',
    ),
    *(
        road(
            number,
            junction=9,
            line=LINE.replace('x="0"', 'x="100"').replace("<line/>", f'<arc curvature="{bend}"/>'),
            links='<predecessor elementType="road" elementId="1" contactPoint="end"/>',
            sections=section(linked(LANES, "predecessor")),
        )
        for number, bend in ((2, 0.01), (3, -0.01))
    ),
)
JUNCTION = (
    '<junction id="9">'
    + "".join(
        f'<connection id="{number}" incomingRoad="1" connectingRoad="{number}" '
        'contactPoint="start"><laneLink from="-1" to="-1"/></connection>'
        for number in (2, 3)
    )
    + "</junction>"
)
