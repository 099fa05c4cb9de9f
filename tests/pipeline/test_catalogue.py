"""Scenario files become scenarios."""

from pathlib import Path

import pytest

from simgen.core import RequestError, find_domains
from simgen.pipeline.catalogue import (
    load_scenario,
    our_schemas,
    read_scenario,
    scenario_doc,
    scenario_names,
)

BANK = "fraud/retail_bank"


@pytest.fixture
def written(tmp_path):
    """Writes a scenario file and gives its path."""

    def write(text, name="mine"):
        path = tmp_path / f"{name}.yaml"
        path.write_text(text)
        return str(path)

    return write


def test_names_are_sorted_and_without_suffix():
    """A name is what `scenario=` takes."""
    assert BANK in scenario_names()
    assert scenario_names() == sorted(scenario_names())


def test_a_scenario_can_be_changed_by_name(written):
    """A nested parameter is given as a mapping or by its dotted name."""
    nested = load_scenario(BANK, n_days=30, typologies={"card_testing": {"rate": 3}})
    dotted = load_scenario(BANK, **{"n_days": 30, "typologies.card_testing.rate": 3})

    assert nested == dotted
    assert nested.n_days == 30
    assert nested.typologies.card_testing.rate == 3.0
    assert nested.prevalence == load_scenario(BANK).prevalence


def test_a_file_inherits_by_name_or_from_its_own_folder(written):
    """What it states is laid over what it inherits, however deep."""
    written(f"defaults: [{BANK}, _self_]\nn_days: 30\nbank: {{alert_recall: 0.5}}\n", "base")
    path = written("defaults: [base, _self_]\nbank: {wrongly_rejected_share: 0.25}\n")
    scenario = load_scenario(path, n_customers=50)

    assert (scenario.n_days, scenario.n_customers) == (30, 50)
    assert (scenario.bank.alert_recall, scenario.bank.wrongly_rejected_share) == (0.5, 0.25)


def test_of_two_files_that_are_inherited_the_later_counts(written):
    """Where both state a value; what one of them states alone stays."""
    written(f"defaults: [{BANK}, _self_]\nn_days: 30\nn_customers: 700\n", "small")
    written(f"defaults: [{BANK}, _self_]\nn_days: 90\n", "long")

    both = load_scenario(written("defaults: [small, long, _self_]\n"))

    assert (both.n_days, both.n_customers) == (90, 700)


def test_yaml_is_read_as_hydra_reads_it(written):
    """Numbers may have an exponent without a point, and a date stays the text it is."""
    path = written("defaults: [/schema/fraud, _self_]\na: 1e-3\nb: 2024-02-01\nc: 1_000\nd: -2E5\n")

    values = read_scenario(Path(path)).values
    assert values == {"a": 0.001, "b": "2024-02-01", "c": 1000, "d": -200_000.0}


def test_the_head_comment_is_the_documentation(written):
    """Comments further down belong to what they stand beside."""
    path = written("# One.\n#\n# Two.\ndefaults: [/schema/fraud, _self_]\n# Three.\n")

    assert scenario_doc(path) == "One.\n\nTwo."


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("n_days: 3\n", "it must begin with `defaults:"),
        ("defaults: [/schema/fraud]\n", "it must begin with `defaults:"),
        ("- 1\n", "it must begin with `defaults:"),
        ("a: [\n", "is no YAML: while parsing"),
        ("defaults: [/schema/frod, _self_]\n", "unknown schema 'frod': did you mean fraud?"),
        ("defaults: [/schema/fraud, _self_]\nn_day: 3\n", "did you mean n_days?"),
        ("defaults: [/schema/fraud, _self_]\nn_days: 0\n", "n_days = 0 is out of bounds"),
        ("defaults: [mine, _self_]\n", "inherits itself: remove the circle"),
        ("defaults: [fraud/retail_bnk, _self_]\n", "did you mean fraud/retail_bank?"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line(written, text, reason):
    """The line says what is wrong and what to do."""
    with pytest.raises(RequestError) as refused:
        load_scenario(written(text))

    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_in_another_encoding_is_refused(tmp_path):
    """An editor on Windows may have written it."""
    path = tmp_path / "mine.yaml"
    path.write_bytes("# Grüße\ndefaults: [/schema/fraud, _self_]\n".encode("latin-1"))

    with pytest.raises(RequestError, match="is no YAML: 'utf-8' codec can't decode"):
        load_scenario(str(path))


def test_a_missing_file_is_refused():
    """A path that ends with .yaml is a path."""
    with pytest.raises(RequestError, match=r"no scenario file 'none\.yaml'"):
        load_scenario("none.yaml")


def test_a_wrong_override_is_refused():
    """The parameter is named as it was given."""
    with pytest.raises(RequestError, match=r"bank\.alert_recal: did you mean alert_recall\?"):
        load_scenario(BANK, **{"bank.alert_recal": 0.5})


def test_each_schema_of_ours_has_a_scenario_file():
    """By those files, unimported, a third party's schema of the same name is told from ours."""
    domains = [find_domains()[name] for name in ("driving", "fraud", "industrial")]

    assert our_schemas() == {schema: one.name for one in domains for schema in one.schemas}
