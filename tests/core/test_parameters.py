import json
from dataclasses import FrozenInstanceError, dataclass
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, strategies as st

from simgen.core import (
    Parameters,
    RequestError,
    build,
    changed,
    describe,
    free,
    parameter,
    plain,
)


@dataclass(frozen=True, kw_only=True)
class Ring(Parameters):
    """A ring of thieves."""

    rate: float = parameter(0.5, doc="Campaigns.", unit="1/month", minimum=0.0, below=10.0)
    probes: tuple[int, int] = parameter((1, 3), doc="Two numbers.", minimum=1, maximum=99)
    prices: tuple[float, float] = parameter((1.0, 3.0), doc="Least and most.", is_range=True)


@dataclass(frozen=True, kw_only=True)
class Bank(Parameters):
    """A bank."""

    n_customers: int = parameter(100, doc="Customers.", minimum=1)
    share: float | None = parameter(None, doc="Of fraud.", above=0.0, maximum=1.0)
    limit: float = parameter(0.0, doc="Any.")
    currency: str = parameter("EUR", doc="Money.", choices=("EUR", "USD"))
    shadow: bool = parameter(False, doc="Whether rules only watch.")
    hours: tuple[float, ...] = parameter((9.0,), doc="Opening.", unit="h", minimum=0.0)
    ring: Ring = parameter(Ring, doc="The ring.")

    def check(self):
        """Somebody must be meant."""
        if self.share is not None and self.share * self.n_customers < 1.0:
            raise RequestError(f"share = {self.share} of {self.n_customers} customers is nobody")


banks = st.builds(
    Bank,
    n_customers=st.integers(1, 10**6),
    share=st.none(),
    currency=st.sampled_from(["EUR", "USD"]),
    shadow=st.booleans(),
    hours=st.lists(st.floats(0.0, 24.0), max_size=4).map(tuple),
    ring=st.builds(
        Ring,
        rate=st.floats(0.0, 10.0, exclude_max=True),
        probes=st.tuples(st.integers(1, 99), st.integers(1, 99)),
    ),
)


@given(bank=banks)
def test_plain_data_and_back(bank):
    """Parameters written as plain data build equal parameters."""
    assert build(Bank, plain(bank)) == bank


def test_a_parameter_without_meaning_is_no_parameter() -> None:
    """Nested parameters mean what their class says; any other needs words of its own."""
    assert parameter(Ring).metadata["doc"] == Ring.__doc__
    with pytest.raises(ValueError, match=r"default is 3\.0 has no doc"):
        parameter(3.0)


def test_yaml_values_are_converted():
    """Lists become tuples, whole numbers floats where floats are meant, mappings parameters."""
    bank = build(Bank, {"share": 1, "hours": [8, 17.5], "ring": {"rate": 2, "probes": [2, 4]}})

    assert bank == Bank(share=1.0, hours=(8.0, 17.5), ring=Ring(rate=2.0, probes=(2, 4)))
    assert isinstance(bank.share, float)
    assert isinstance(bank.hours[0], float)


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"n_custmers": 5}, "unknown parameter n_custmers: did you mean n_customers?"),
        ({"ring": {"rte": 1.0}}, "unknown parameter ring.rte: did you mean rate?"),
        (
            {"zzz": 1},
            (
                "unknown parameter zzz: "
                "there are currency, hours, limit, n_customers, ring, shadow, share"
            ),
        ),
        ({"n_customers": 0}, "n_customers = 0 is out of bounds: must be >= 1"),
        ({"n_customers": 1.5}, "n_customers = 1.5 is no int: give one, such as 100"),
        ({"n_customers": True}, "n_customers = True is no int: give one, such as 100"),
        ({"n_customers": None}, "n_customers = None is no int: give one, such as 100"),
        ({"n_customers": "many"}, "n_customers = 'many' is no int: give one, such as 100"),
        ({"shadow": 1}, "shadow = 1 is no bool: give one, such as False"),
        ({"share": 0.0}, "share = 0.0 is out of bounds: must be > 0 and <= 1"),
        ({"share": float("nan")}, "share = nan is out of bounds: must be > 0 and <= 1"),
        ({"limit": float("nan")}, "limit = nan is out of bounds: must be a number"),
        ({"currency": "GBP"}, "currency = 'GBP' is out of bounds: must be EUR | USD"),
        ({"hours": [8.0, -1.0]}, "hours = (8.0, -1.0) is out of bounds: must be >= 0 h"),
        (
            {"ring": {"rate": 10}},
            "ring.rate = 10.0 is out of bounds: must be >= 0 and < 10 1/month",
        ),
        (
            {"ring": {"probes": [1]}},
            "ring.probes = (1,) is no tuple[int, int]: give one, such as (1, 3)",
        ),
        (
            {"ring": {"probes": [1, 2, 3]}},
            "ring.probes = (1, 2, 3) is no tuple[int, int]: give one, such as (1, 3)",
        ),
        *(
            (
                {"ring": {"prices": values}},
                f"ring.prices = {values} is no range: give the lower first, both finite",
            )
            for values in ([3.0, 2.0], [1.0, float("inf")], [float("-inf"), 1.0])
        ),
        (
            {"ring": {"prices": [1.0, float("nan")]}},
            "ring.prices = (1.0, nan) is out of bounds: must be a number",
        ),
        ({"ring": 3}, "ring = 3 is no Ring: give a mapping with any of rate, probes, prices"),
        ({"share": 0.001}, "share = 0.001 of 100 customers is nobody"),
    ],
)
def test_wrong_values_are_refused_in_one_line(values, line):
    """The line names the parameter by its path, the value, the bound and the remedy."""
    with pytest.raises(RequestError) as caught:
        build(Bank, values)

    assert str(caught.value) == line


def test_construction_checks_too():
    """The dataclass checks itself, however it is made."""
    with pytest.raises(RequestError, match=r"rate = -1\.0 is out of bounds"):
        Ring(rate=-1.0)


def test_a_range_may_be_a_single_number():
    """What is drawn from it is always the same; pairs that are no ranges need no order."""
    assert Ring(prices=(2.0, 2.0), probes=(3, 1)).prices == (2.0, 2.0)


def test_parameters_are_frozen():
    """Nothing changes under a run."""
    with pytest.raises(FrozenInstanceError):
        Ring().rate = 1.0


def test_description_lists_every_parameter():
    """Depth first, with dotted names, the present value, unit, bounds and meaning."""
    rows = {row.name: row for row in describe(Bank(ring=Ring(rate=2.0)))}

    assert list(rows)[-4:] == ["hours", "ring.rate", "ring.probes", "ring.prices"]
    rate = rows["ring.rate"]
    assert rate[1:] == ("float", 2.0, "1/month", ">= 0 and < 10", "Campaigns.")
    assert rows["currency"].bounds == "EUR | USD"
    assert rows["share"].type == "float | None"


def test_fields_must_be_parameters():
    """A field without bounds and meaning, or without a default, is a mistake in the class."""

    @dataclass(frozen=True, kw_only=True)
    class Bare(Parameters):
        x: int = 1

    with pytest.raises(TypeError, match=r"Bare.x is not made by .parameter."):
        Bare()


@dataclass(frozen=True, kw_only=True)
class Gang(Parameters):
    """A gang, some of whose parameters may be fitted."""

    size: float = parameter(
        3.0, doc="Members.", unit="1", minimum=1.0, plausible=(2.0, 20.0), scale="log"
    )
    name: str = parameter("they", doc="How they are called.")


@dataclass(frozen=True, kw_only=True)
class Town(Parameters):
    """A town with a gang."""

    share: float = parameter(0.5, doc="Of honest people.", minimum=0.0, plausible=(0.1, 0.9))
    gang: Gang = parameter(Gang, doc="The gang.")


def test_numbers_of_numpy_become_python_s():
    """A notebook has them, JSON does not; within a tuple, too, and whoever makes the parameters."""
    given = {"rate": np.float32(0.5), "probes": (np.int64(1), np.uint8(4)), "prices": (1.0, 2.0)}
    made = [Ring(**given), build(Ring, given), changed(Ring(), given)]

    assert [json.loads(json.dumps(plain(ring))) for ring in made] == [
        {"rate": 0.5, "probes": [1, 4], "prices": [1.0, 2.0]}
    ] * 3
    assert build(Town, {"share": np.int64(0)}) == Town(share=0.0)
    with pytest.raises(RequestError, match=r"probes = \(1, 2\.5\) is no tuple"):
        Ring(probes=(np.int64(1), np.float32(2.5)))


class Shift(NamedTuple):
    """Hours of work."""

    begin: float
    end: float


@dataclass(frozen=True, kw_only=True)
class Shop(Parameters):
    """A shop."""

    shift: Shift = parameter(Shift(8.0, 17.5), doc="When it is open.", unit="h")
    opened_at: np.datetime64 = parameter(np.datetime64("1999-05-01", "ns"), doc="First day.")
    rest: np.timedelta64 = parameter(np.timedelta64(30, "ns"), doc="Between customers.")


def test_what_is_no_plain_number_stays_what_it_is():
    """A named tuple keeps its class, an instant and a duration their unit."""
    shop = Shop()

    assert type(shop.shift) is Shift
    assert shop.opened_at.dtype == "datetime64[ns]"
    assert shop.rest.dtype == "timedelta64[ns]"
    assert changed(shop, {"shift": Shift(9.0, 12.0)}).shift.end == 12.0


def test_free_parameters_are_those_with_a_plausible_range():
    """By dotted name, with present value, range and scale."""
    rows = list(free(Town(gang=Gang(size=5.0))))

    assert [row.name for row in rows] == ["share", "gang.size"]
    assert rows[1][1:6] == (5.0, 2.0, 20.0, "log", "1")


def test_changed_parameters_are_others():
    """Nested ones are reached by dots; what is not named stays, and bounds are checked."""
    town = Town()

    assert changed(town, {"gang.size": 4.0}) == Town(gang=Gang(size=4.0))
    assert town == Town()
    with pytest.raises(RequestError, match=r"size = 0\.5 is out of bounds"):
        changed(town, {"gang.size": 0.5})


@pytest.mark.parametrize(
    ("plausible", "scale"),
    [((2.0, 2.0), "linear"), ((-1.0, 2.0), "linear"), ((0.0, 2.0), "log")],
)
def test_a_plausible_range_must_be_one(plausible, scale):
    """Not empty, within the bounds, and above 0 on a logarithmic scale."""
    with pytest.raises(ValueError, match="is no range within"):
        parameter(1.0, doc="Any.", minimum=0.0, plausible=plausible, scale=scale)


def test_what_a_group_leaves_out_is_as_its_field_has_it():
    """Not as the group's class has it: a field's own default may differ."""

    @dataclass(frozen=True, kw_only=True)
    class City(Parameters):
        ring: Ring = parameter(Ring(rate=2.0, probes=(5, 7)), doc="The ring.")

    assert build(City, {"ring": {"rate": 1.0}}).ring == Ring(rate=1.0, probes=(5, 7))
