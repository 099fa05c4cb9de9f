import re
import time

import pytest
from hypothesis import given, strategies
from toys.drawn_roads import LANES, LINE, opendrive, road, section

from simgen.core import RequestError
from simgen.worlds.road import make_network
from simgen.worlds.road.opendrive import parse_opendrive, read_opendrive

LINKED = opendrive(
    road(1, links='<successor elementType="junction" elementId="9"/>'),
    road(
        2,
        junction=9,
        line=LINE.replace('x="0"', 'x="100"'),
        links='<predecessor elementType="road" elementId="1" contactPoint="end"/>',
        more='<objects><object id="3" type="pole" s="1" t="4"><repeat s="0" length="50" '
        'distance="10"/></object></objects><signals><signal id="5" s="9" t="-4" type="206">'
        '<validity fromLane="-1" toLane="-1"/></signal></signals>',
    ),
    more='<controller id="8"><control signalId="5"/></controller><junction id="9">'
    '<connection id="0" incomingRoad="1" connectingRoad="2" contactPoint="start">'
    '<laneLink from="-1" to="-1"/></connection><controller id="8"/></junction>',
)

SPIRAL = LINE.replace("<line/>", '<spiral curvStart="0" curvEnd="0.01"/>')
PROFILES = (
    '<elevationProfile><elevation s="0" a="1" b="0.01" c="0" d="0"/></elevationProfile>'
    '<lateralProfile><superelevation s="0" a="0.01" b="0" c="0" d="0"/>'
    '<shape s="0" t="-4" a="0" b="0.01" c="0" d="0"/></lateralProfile>'
)
# All that a reader could stumble over.
RICH = LINKED.replace(LINE, SPIRAL).replace("</planView>", f"</planView>{PROFILES}")
REPEAT = '<repeat s="0" length="50" distance="7e-4"/>'


def _shaped(count):
    shape = '<shape s="0" t="0" a="0" b="0" c="0" d="0"/>'
    return f"<lateralProfile>{count * shape}</lateralProfile>"


def refusal(text):
    with pytest.raises(RequestError) as caught:
        make_network(parse_opendrive(text, "toy.xodr"))
    message = str(caught.value)
    assert message.startswith("map toy.xodr")
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<html/>", "<html> is not OpenDRIVE"),
        ("<OpenDRIVE/>", "lacks its header"),
        (opendrive(), "has no road"),
        (opendrive(road()).replace('revMinor="7"', 'revMinor="1"'), "revision 1.1"),
        (opendrive(road(length=0.0)), "<road id='1'> has length='0.0'"),
        (opendrive(road(length=1e9)), "<road id='1'> has length="),
        (opendrive(road(), road()), "has road '1' twice"),
        (opendrive(road(line="")), "has no planView/geometry"),
        (opendrive(road(line=LINE.replace("<line/>", "<bend/>"))), "<geometry> has no known shape"),
        (opendrive(road(line=LINE.replace('"100"', '"60"'))), "ends at s=60 and leaves a gap"),
        (opendrive(road(line=LINE.replace('"100"', '"160"'))), "ends at s=160 and overlaps"),
        (opendrive(road(line=LINE.replace('"100"', '"0"'))), "<geometry> has length='0'"),
        (
            opendrive(road(line=LINE.replace("<line/>", '<arc curvature="50"/>'))),
            "<arc> winds around up to 796 times",
        ),
        (
            opendrive(road(line=LINE.replace("<line/>", '<arc curvature="nan"/>'))),
            "<arc> has curvature='nan'",
        ),
        (
            opendrive(road(line=SPIRAL.replace("0.01", "0.3"))),
            "<spiral> winds around up to 4.77 times; at most 4",
        ),
        (
            opendrive(road(profile=_shaped(10_001))),
            "<road id='1'> has 10001 shapes; at most 10000",
        ),
        (opendrive(road(sections=section("<center/>"))), "lacks the centre lane"),
        (opendrive(road(sections=section(LANES, s=5.0))), "<laneSection> begins at s=5"),
        (
            opendrive(road(sections=section() + section(s=0.0))),
            "<laneSection> reaches from s=0 to 0",
        ),
        (
            opendrive(road(sections=section() + section(s=50.0) + section(s=20.0))),
            "less than the one before it",
        ),
        (
            opendrive(road(sections=section(LANES.replace('id="-2"', 'id="-1"')))),
            "has the lane -1 twice",
        ),
        (
            opendrive(road(sections=section(LANES.replace('id="-2"', 'id="-4"')))),
            "number them without gaps",
        ),
        (
            opendrive(road(sections=section(LANES.replace('id="-2"', 'id="2"')))),
            "<lane id='2'> has id='2'; must be a number from -100 to -1",
        ),
        (
            opendrive(road(links='<successor elementType="road" elementId="7"/>')),
            "<road id='1'> is linked to road '7', which is not in the map",
        ),
        (
            opendrive(
                road(links='<successor elementType="road" elementId="1" contactPoint="end"/>')
            ),
            "links its end to the same end: a cycle",
        ),
        (LINKED.replace('connectingRoad="2"', 'connectingRoad="1"'), "back into itself"),
        (LINKED.replace('connectingRoad="2"', 'connectingRoad="4"'), "names road '4'"),
        (LINKED.replace('distance="10"', 'distance="1e-9"'), "<repeat> makes"),
        (
            LINKED.replace('distance="10"/>', 'distance="4e-4"/>' + 2 * REPEAT),
            "<repeat> brings the objects to",
        ),
        (
            opendrive(*(road(k, length=1e6, line=LINE.replace("100", "1e6")) for k in range(6))),
            "<road id='5'> brings the map to 6e+06 m of road",
        ),
    ],
)
def test_malformed_maps_are_refused_by_element(text, said):
    """What is wrong with a map is said in one line that names the element."""
    assert said in refusal(text)


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ('x="70" y="0" hdg="0"', "begins 20 m away"),
        ('x="50" y="0" hdg="3.1"', "turns back over the piece before it"),
    ],
)
def test_reference_lines_neither_jump_nor_fold(second, said):
    """Pieces that don't continue each other are refused by road and s."""
    first = '<geometry s="0" x="0" y="0" hdg="0" length="50"><line/></geometry>'
    line = f'{first}<geometry s="50" {second} length="50"><line/></geometry>'

    message = refusal(opendrive(road(line=line)))

    assert "<geometry s=50> of <road id='1'>" in message
    assert said in message


def test_curves_are_as_long_as_they_claim():
    """A parametric cubic with a quarter of the length it claims is refused."""
    curve = '<paramPoly3 aU="0" bU="25" cU="0" dU="0" aV="0" bV="0" cV="0" dV="0"/>'

    assert "claims 100 m" in refusal(opendrive(road(line=LINE.replace("<line/>", curve))))


@pytest.mark.slow
def test_too_winding_maps_are_refused_before_memory_ends():
    """A map whose lanes would need millions of chords is refused."""
    long = LINE.replace('"100"', '"1e6"').replace("<line/>", '<arc curvature="6e-4"/>')
    wave = '<width sOffset="0" a="3.5" b="0" c="0" d="1e-9"/>'
    lanes = LANES.replace('<width sOffset="0" a="3.5" b="0" c="0" d="0"/>', wave)

    message = refusal(opendrive(road(length=1e6, line=long, sections=section(lanes))))

    assert "the map's lanes need more than 1000000 chords" in message


def test_maps_stay_near_their_origin():
    """A lane that climbs to the stars is refused by road and id."""
    steep = '<elevationProfile><elevation s="0" a="0" b="1e7" c="0" d="0"/></elevationProfile>'

    message = refusal(opendrive(road(profile=steep)))

    assert "lane 1 of the road number 1 leads more than 1e+08 m away" in message


def test_lanes_that_sweep_the_map_are_refused():
    """Lanes whose every chord crosses the map are refused before the grid fills memory."""
    sweep = "".join(
        f'<lane id="-{k}" type="driving"><width sOffset="0" a="0" b="{b}" c="0" d="0"/></lane>'
        for k, b in enumerate([1e6, -1e6] * 50, 1)
    )
    lanes = f'<center><lane id="0"/></center><right>{sweep}</right>'
    line = LINE.replace('hdg="0"', 'hdg="0.8"')

    message = refusal(opendrive(road(line=line, sections=section(lanes))))

    assert "lanes run to and fro over the whole map" in message


def test_missing_files_are_refused(tmp_path):
    """A path without a file is a wrong request."""
    with pytest.raises(RequestError, match=r"absent.xodr: No such file"):
        read_opendrive(tmp_path / "absent.xodr")


def test_reads_furniture_and_junctions():
    """Signals, validities, repeated objects, controllers and connections come as written."""
    document = parse_opendrive(LINKED)
    first, second = document.roads

    assert (first.successor.element, first.successor.id) == ("junction", "9")
    assert [thing.s for thing in second.objects] == [0, 10, 20, 30, 40, 50]
    assert second.signals[0].validities[0].first == -1
    assert document.controllers[0].signals == ("5",)
    assert document.junctions[0].connections[0].lane_links == ((-1, -1),)


ATTRIBUTE = re.compile(r'"[^"]*"')
ELEMENT = re.compile(r"<\w[^<>]*/>")
SOON = 30.0  # of processor time, a thousand times the usual: what never ends takes longer [s]
VALUES = strategies.sampled_from(
    ["", "-1", "0", "1e-300", "1e8", "-1e8", "nan", "1", "2", "-2", "9", "road", "end", "60", "x"]
)


@given(strategies.lists(strategies.tuples(strategies.integers(0, 10**6), VALUES), max_size=4))
def test_any_attribute_may_be_wrong(changes):
    """Whatever stands in any attributes, there is a network or a refusal in one line, and soon."""
    text = RICH
    for place, value in changes:
        found = list(ATTRIBUTE.finditer(text))
        spot = found[place % len(found)]
        text = f'{text[: spot.start()]}"{value}"{text[spot.end() :]}'

    _assert_network_or_refusal(text)


@given(strategies.integers(0, len(RICH)), strategies.integers(0, 60), strategies.text(max_size=4))
def test_any_piece_may_be_missing(start, length, instead):
    """Whatever is cut out or put in, there is a network or a refusal in one line, and soon."""
    _assert_network_or_refusal(RICH[:start] + instead + RICH[start + length :])


@pytest.mark.parametrize("element", sorted({found[0] for found in ELEMENT.finditer(RICH)}))
def test_any_element_may_come_a_thousand_times(element):
    """Whatever is said over and over, there is a network or a refusal in one line, and soon."""
    _assert_network_or_refusal(RICH.replace(element, 1_000 * element))


@given(strategies.binary(max_size=200))
def test_any_bytes_may_be_given(content):
    """Bytes that are no map are refused in one line."""
    with pytest.raises(RequestError, match=r"^map toy: [^\n]*$"):
        parse_opendrive(content, "toy")


@pytest.fixture(scope="module", autouse=True)
def _compiled():
    """Kernels are compiled before the first look at the time."""
    make_network(parse_opendrive(RICH))


def _assert_network_or_refusal(text):
    refusal, began = "", time.process_time()
    try:
        make_network(parse_opendrive(text, "toy"))
    except RequestError as error:
        refusal = str(error)
    assert re.fullmatch(r"(map toy[^\n]*)?", refusal)
    assert time.process_time() - began < SOON
