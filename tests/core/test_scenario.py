"""Scenario classes that can't be right are refused where they are defined."""

import dataclasses
import inspect
import math

import pyarrow as pa
import pytest
from toys.coin import EVENTS, FLIPS, Coin

from simgen.core import Field, Parameters, RequestError, Role, parameter
from simgen.core.scenario import TAKEN_NAMES
from simgen.pipeline.generate import generate

OWN_LABEL = dataclasses.replace(
    EVENTS, name="own", fields=(*EVENTS.fields, Field("label", pa.int8(), "", "Own.", Role.LABEL))
)
NO_WEIGHT = dataclasses.replace(FLIPS, fields=FLIPS.fields[:-1])


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ((FLIPS, EVENTS, FLIPS), r"Wrong: tables are declared twice: \['flips'\]"),
        (
            (OWN_LABEL,),
            r"table own has a column label, but \['label', 'event_kind'\] not as records",
        ),
        ((NO_WEIGHT,), r"table flips has a column label, but \['weight'\] not as records have"),
    ],
)
def test_wrong_tables_are_refused(tables, message):
    """Two of one name, and a label without the rest of the contract."""
    with pytest.raises(ValueError, match=message):
        type("Wrong", (Coin,), {"tables": tables})


def test_tables_may_follow_from_parameters():
    """As a property they are known of a scenario alone, and not looked at in its class."""

    class Right(Coin):
        @property
        def tables(self):
            return (FLIPS, EVENTS)[: self.n_blocks]

    assert Right(n_blocks=1).tables == (FLIPS,)


@pytest.mark.parametrize("times", [(1.0, math.inf), (-math.inf, 1.0)])
def test_parameters_are_finite(times):
    """Those below another parameter as well: the manifest, which holds them, is JSON."""

    @dataclasses.dataclass(frozen=True, kw_only=True)
    class Thumb(Parameters):
        times: tuple[float, float] = parameter((1.0, 2.0), doc="Of a throw.", unit="s")

    @dataclasses.dataclass(frozen=True, kw_only=True)
    class Thrown(Coin):
        thumb: Thumb = parameter(Thumb, doc="Who throws.")

    with pytest.raises(RequestError, match=r"thumb\.times = .*inf.* is not finite: give a number"):
        Thrown(thumb=Thumb(times=times))


@pytest.mark.parametrize("name", TAKEN_NAMES)
def test_a_parameter_is_not_called_like_an_argument(name):
    """It could not be given; below another parameter, where it can, the name is free."""
    with pytest.raises(TypeError, match=f"Wrong.{name}: generate and scenario files take {name}"):
        type("Wrong", (Coin,), {name: parameter(1, doc="Any.")})
    type("Right", (Parameters,), {name: parameter(1, doc="Any.")})


def test_every_argument_of_generate_is_taken():
    """What is added there must be told here, and what a scenario file begins with."""
    arguments = set(inspect.signature(generate).parameters) - {"parameters"}

    assert arguments | {"defaults"} == set(TAKEN_NAMES)
