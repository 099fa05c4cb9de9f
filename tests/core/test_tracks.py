"""Measurements in lanes: what an expert sees, and that nothing tells what is real."""

import re

import pyarrow as pa

from simgen.core import tracks


def test_a_picture_does_not_tell_where_a_row_stands():
    """The same course at another time is the same picture; lanes are the same for all examples."""
    draw = tracks("hour", "hours", {"level": "level"})
    rows = pa.table({"hour": [5.0, 6.0, 7.0], "level": [1.0, 3.0, 2.0]})
    later = rows.set_column(0, "hour", pa.array([900.0, 901.0, 902.0]))
    others = pa.concat_tables([rows, pa.table({"hour": [0.0], "level": [9.0]})])

    assert draw(rows, others) == draw(later, others)
    assert draw(rows, others) != draw(rows, rows)
    assert "style" not in draw(rows, rows)
    assert draw(rows, rows).count("<circle") == 3


def test_a_lost_value_breaks_nothing():
    """It is left out of the line."""
    rows = pa.table({"hour": [1.0, 2.0, 3.0], "level": [1.0, None, 2.0]})

    assert tracks("hour", "hours", {"level": "level"})(rows, rows).count("<circle") == 2


def test_a_line_breaks_where_nothing_is_known_for_long():
    """Whether rows are missing or values; who was seen once in between is a dot."""
    level = [1.0] * 50 + [None] * 20 + [2.0] + [None] * 20 + [3.0] * 50
    rows = pa.table({"hour": [float(hour) for hour in range(len(level))], "level": level})
    draw = tracks("hour", "hours", {"level": "level"})
    seen = rows.filter(rows["level"].is_valid())

    assert [len(line.split()) for line in re.findall(r'points="([^"]*)"', draw(rows, rows))] == [
        50, 50,
    ]  # fmt: skip
    assert draw(rows, rows).count("<circle") == 1
    assert draw(seen, rows) == draw(rows, rows)


def test_a_sensor_that_was_silent_leaves_its_lane_empty():
    """The others are drawn, and nothing is warned of."""
    rows = pa.table({"hour": [1.0, 2.0], "level": [1.0, 2.0], "flow": pa.array([None, None], "f8")})

    assert tracks("hour", "h", {"level": "level", "flow": "flow"})(rows, rows).count("<circle") == 2


def test_a_lane_says_its_unit_and_length():
    """The unit is what the column's field states; a column that is not there has no lane."""
    level = pa.field("level", pa.float64(), metadata={"unit": "mm/s"})
    schema = pa.schema([pa.field("hour", pa.float64()), level])
    rows = pa.table({"hour": [1.0, 3.0], "level": [1.0, 2_000.0]}, schema)
    drawn = tracks("hour", "s", {"level": "level", "flow": "flow"}, 3_600.0)(rows, rows)

    assert "level [mm/s]: " in drawn
    assert re.search(r"to 1,9\d\d<", drawn)
    assert ">7.2e+03 s<" not in drawn
    assert ">7,200 s<" in drawn
    assert "flow" not in drawn
