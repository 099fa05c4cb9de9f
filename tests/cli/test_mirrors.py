"""Hydra's schema says what the dataclass says."""

from dataclasses import dataclass

import pytest
from omegaconf import OmegaConf
from omegaconf.errors import ConfigKeyError, ValidationError

from simgen.cli.mirrors import mirrored
from simgen.core import Parameters, build, parameter, plain


@dataclass(frozen=True, kw_only=True)
class Leg(Parameters):
    """A leg."""

    length: float = parameter(0.5, unit="m", doc="How long.")
    joints: tuple[float, ...] = parameter((0.1, 0.4), unit="m", doc="Where it bends.")
    span: tuple[int, str] = parameter((1, "a"), doc="Of two kinds.")


@dataclass(frozen=True, kw_only=True)
class Table(Parameters):
    """Every kind of parameter there is."""

    n_legs: int = parameter(4, doc="How many legs.")
    height: float | None = parameter(None, unit="m", doc="How high; null: as it is.")
    name: str = parameter("table", doc="Its name.")
    folds: bool = parameter(default=False, doc="Whether it folds.")
    leg: Leg = parameter(Leg(length=0.7), doc="The legs.")


@pytest.fixture
def schema():
    return OmegaConf.structured(mirrored(Table()))


def test_defaults_come_back_unchanged(schema):
    """From the dataclass to Hydra and back, nothing is lost."""
    assert build(Table, OmegaConf.to_container(schema)) == Table()


def test_values_come_back_typed(schema):
    """What YAML gives is what the dataclass would hold."""
    given = {"n_legs": 3, "height": 1, "folds": True, "leg": {"joints": [1, 2, 3]}}
    merged = OmegaConf.merge(schema, given)

    assert build(Table, OmegaConf.to_container(merged)) == build(Table, given)
    assert plain(build(Table, given))["leg"]["length"] == 0.7


@pytest.mark.parametrize(
    "wrong",
    [
        {"n_legs": 1.5},
        {"n_legs": None},
        {"height": "high"},
        {"folds": "perhaps"},
        {"leg": {"length": "long"}},
        {"leg": {"joints": ["a"]}},
        {"leg": 3},
    ],
)
def test_a_wrong_type_is_refused(schema, wrong):
    """Before anything is built."""
    with pytest.raises(ValidationError):
        OmegaConf.merge(schema, wrong)


def test_an_unknown_name_is_refused(schema):
    """However deep."""
    with pytest.raises(ConfigKeyError):
        OmegaConf.merge(schema, {"leg": {"lenght": 1.0}})
