"""What a reference is described by."""

import json
import re
from dataclasses import replace

import pytest
import yaml

from simgen.core import RequestError, Streams
from simgen.pipeline.catalogue import load_scenario
from simgen.pipeline.memory import simulate_in_memory
from simgen.pipeline.references import (
    describe_reference,
    description_of,
    find_references,
    load_reference,
)
from simgen.pipeline.samples import take_rows


@pytest.mark.parametrize("name", find_references())
def test_every_reference_is_described(name):
    """Each file of configs/reference has all that a reader and the code need."""
    reference = load_reference(name)
    assert reference.licence
    assert reference.source
    assert reference.notes
    for sample in reference.samples:
        assert bool(sample.derived) != bool(sample.view and sample.real)
        assert sample.columns
        if sample.view:
            assert "weight" in reference.view(sample)


def described(**changes):
    """A description of one small reference, with changes at dotted names."""
    content = {
        "title": "Coins",
        "domain": "coins",
        "file": "coins.parquet",
        "source": "nobody",
        "licence": "none",
        "samples": {
            "flips": {
                "doc": "Flips.",
                "columns": {"height": {"kind": "numeric", "unit": "m", "doc": "Height"}},
            }
        },
    }
    for name, value in changes.items():
        *path, last = name.split("__")
        place = content
        for step in path:
            place = place[step]
        place[last] = value
    return describe_reference("coins", content)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"licens": "?"}, "coins has an unknown key licens: did you mean licence?"),
        ({"file": None}, "coins: file = None must be a text"),
        ({"notes": "one"}, "coins: notes = 'one' must be a list, each entry a text"),
        ({"notes": [3]}, "coins: notes = [3] must be a list, each entry a text"),
        ({"samples": [3]}, "coins: samples = [3] must be a mapping from names"),
        ({"parameters": {"n": True}}, "must be a mapping from names, each entry a text or a numb"),
        ({"samples__flips__columns": 3}, "sample flips: columns = 3 must be a mapping from names"),
        ({"samples__flips__label": 3}, "sample flips: label = 3 must be a text"),
        ({"samples__flips__columns__height": {}}, "column height lacks kind, unit, doc: state it"),
        (
            {"samples__flips__columns__height__kind": "ordinal"},
            "column height: kind = 'ordinal' must be numeric | categorical",
        ),
        (
            {"samples__flips__columns__height__decimals": "two"},
            "column height: decimals = 'two' must be a whole number or null",
        ),
        (
            {"samples__flips__columns__height__scored": 1},
            "column height: scored = 1 must be true or false",
        ),
    ],
)
def test_a_wrong_description_is_refused(change, line):
    """Its key, its value and what it must be are named: no option is without effect."""
    with pytest.raises(RequestError, match=re.escape(line)):
        described(**change)


def test_lists_of_a_description_become_tuples():
    """So that a reference can't change under those who read it."""
    reference = described(notes=["one"], samples__flips__key=["height"])

    assert reference.notes == ("one",)
    assert reference.samples[0].key == ("height",)


@pytest.mark.parametrize("name", find_references())
def test_a_reference_comes_back_from_its_description(name):
    """Also when JSON kept it, as a fitted model does."""
    reference = load_reference(name)

    held = json.loads(json.dumps(description_of(reference)))
    assert describe_reference(name, held) == reference


def test_a_reference_may_be_given_as_a_path(tmp_path):
    """It is called as its file; a file that is not there is named."""
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(json.loads(json.dumps(description_of(described())))))

    for given in (path, str(path)):
        assert load_reference(given) == replace(described(), name="mine")
    with pytest.raises(RequestError, match=r"reference none: .*none\.yaml can't be read: "):
        load_reference(str(tmp_path / "none.yaml"))


@pytest.mark.skipif(not load_reference("ulb_creditcard").path.is_file(), reason="no ULB file")
@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"label": "fraud"}, "sample payments has no column fraud for its label"),
        ({"real": "SELEC 1"}, "is not the file described: Parser Error"),
    ],
)
def test_wrong_sql_of_a_description_is_refused(change, line):
    """Also where only the real rows show that it is wrong."""
    reference = load_reference("ulb_creditcard")
    reference = replace(reference, samples=(replace(reference.samples[0], **change),))
    bank = load_scenario("fraud/retail_bank", n_customers=20, n_days=2)
    world = simulate_in_memory(bank, Streams(1))

    with pytest.raises(RequestError, match=re.escape(line)):
        list(take_rows(reference, world))
