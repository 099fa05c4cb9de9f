"""Rules and keys of a reference, row by row."""

import dataclasses

import pyarrow as pa
import pytest

from simgen.core import RequestError
from simgen.pipeline.references import Reference, SampleView
from simgen.pipeline.rules import obeyed

PAYMENTS = pa.table(
    {"person": [1, 1, 2, None, 9], "day": [1, 1, 1, 2, 2], "amount": [5.0, -1.0, None, 2.0, 3.0]}
)
PEOPLE = pa.table({"person": [1, 2, 3]})


def check(samples=None, **stated):
    """What the rows of `payments` obey of what is stated."""
    view = dataclasses.replace(SampleView(name="payments", doc="", columns=()), **stated)
    about = dict.fromkeys(("title", "domain", "file", "source", "licence"), "")
    reference = Reference(name="shop", samples=(view,), **about)
    found = obeyed(reference, view, samples or {"payments": PAYMENTS, "people": PEOPLE})
    return {name: flags.tolist() for name, flags in found.items()}


def test_each_rule_is_checked_row_by_row():
    """As for SQL's CHECK, unknown is no breach."""
    found = check(rules={"positive": "amount > 0"})
    assert found == {"positive": [True, False, True, True, True]}


def test_a_rule_may_read_the_other_samples():
    """A foreign key: person 9 is unknown, and who has none breaks nothing."""
    found = check(rules={"known": "person IN (SELECT person FROM samples.people)"})
    assert found == {"known": [True, True, True, True, False]}


def test_a_key_is_unique_and_present():
    """Both rows of a repeated key break it, and so does the row that lacks a part."""
    found = check(key=("person", "day"))
    assert found == {"key person, day": [False, False, True, False, True]}


def test_without_rules_nothing_is_checked():
    """No entry, and so no score."""
    assert check() == {}


@pytest.mark.parametrize("rule", ["amont > 0", "amount >", "amount + '1 day'"])
def test_a_rule_that_is_none_is_refused_in_one_line(rule):
    """The line names reference and rule."""
    with pytest.raises(RequestError, match="reference shop: rule odd is no condition") as raised:
        check(rules={"odd": rule})
    assert "\n" not in str(raised.value)
