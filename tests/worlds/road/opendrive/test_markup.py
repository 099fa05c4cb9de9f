import pytest

from simgen.core import RequestError
from simgen.worlds.road.opendrive.markup import MAX_DEPTH, parse

BOMB = (
    '<!DOCTYPE a [<!ENTITY x "ha">'
    + "".join(f'<!ENTITY x{n + 1} "&x{n or ""};&x{n or ""};">' for n in range(1, 40))
    + "]><a>&x40;</a>"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "line 1: <!DOCTYPE>"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "<!DOCTYPE>"),
        ("", "no well-formed XML"),
        ("<a><b></a>", "no well-formed XML"),
        (b"\xff\xfe\x00<", "no well-formed XML"),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', "no well-formed XML"),
        ("<a>" * (MAX_DEPTH + 1), f"nested {MAX_DEPTH + 1} deep"),
    ],
)
def test_refuses_what_could_hurt(text, said):
    """Entities, broken markup and deep nesting end as one line that names the map."""
    with pytest.raises(RequestError, match=r"^map toy") as refusal:
        parse(text, "toy")

    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e300", "", "one", "1,5", "11"])
def test_numbers_are_finite_and_bounded(value):
    """An attribute that is no number within its bounds is refused by line, element and name."""
    node = parse(f'<a>\n<b id="7" x="{value}"/></a>', "toy").children[0]

    with pytest.raises(RequestError, match=r"line 2: <b id='7'> has x=.* from 0 to 10$"):
        node.number("x", low=0.0, high=10.0)


def test_finds_descendants_by_path_in_order():
    """A path gives all elements below it, in the order of the file."""
    root = parse("<a><b><c>1</c></b><d/><b><c> 2 </c></b></a>", "toy")

    assert [node.text for node in root.all("b/c")] == ["1", "2"]
    assert root.first("d/c") is None
