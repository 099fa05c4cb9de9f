import numpy as np
import pytest

from simgen.kernels import arrivals as a

KEY = np.array([5, 6], np.uint32)
WEEK = 7 * 86_400.0  # [s]

PROCESSES = {
    "poisson": (a.poisson_arrivals, (1e-3, np.ones(168), 0.0)),
    "gamma": (a.gamma_renewals, (2.0, 500.0)),
    "weibull": (a.weibull_renewals, (2.0, 1_000.0)),
    "lognormal": (a.lognormal_renewals, (7.0, 0.5)),
    "hawkes": (a.hawkes_arrivals, (5e-4, 0.5, 1e-3)),
}


@pytest.fixture(params=PROCESSES)
def process(request):
    """A process as a function of the entity, the horizon and the output."""
    function, parameters = PROCESSES[request.param]

    def arrive(entity, horizon, out):
        return function(KEY, entity, *parameters, horizon, out)

    return arrive


def test_arrivals_ascend_within_the_horizon(process):
    """Instants are positive, strictly ascending and before the horizon."""
    out = np.empty(10_000)
    times = out[: process(1, WEEK, out)]

    assert times[0] > 0.0
    assert (np.diff(times) > 0.0).all()
    assert times[-1] < WEEK


@pytest.mark.parametrize("capacity", [0, 1, 5])
def test_number_does_not_depend_on_room(process, capacity):
    """A full output keeps the first arrivals; the number returned is that of all."""
    all_of_them, some = np.empty(10_000), np.full(capacity + 1, -1.0)
    n = process(1, WEEK, all_of_them)

    assert process(1, WEEK, some[:capacity]) == n
    assert some.tolist() == [*all_of_them[:capacity], -1.0]


def test_longer_horizon_adds_only(process):
    """What happened before a horizon stays when the horizon moves on."""
    short, long = np.empty(10_000), np.empty(10_000)
    n_short, n_long = process(1, WEEK, short), process(1, 2 * WEEK, long)

    assert n_long > n_short
    assert short[:n_short].tolist() == long[:n_short].tolist()


def test_entities_differ(process):
    """Two entities arrive at different times."""
    one, other = np.empty(10), np.empty(10)
    process(1, WEEK, one)
    process(2, WEEK, other)

    assert not np.isin(one, other).any()


def test_many_entities_arrive_as_each_alone():
    """Rows of all entities lie back to back; leaving entities out moves no other."""
    profile = np.tile([0.5, 1.5], 84)
    entities, rates = np.array([7, 3, 9]), np.array([1e-3, 0.0, 2e-3])
    times, bounds = a.poisson_arrivals_of(
        KEY, entities, rates, profile, start_hour=5.0, horizon=WEEK
    )

    assert bounds[0] == 0
    assert bounds[-1] == len(times)
    assert bounds[1] == bounds[2]
    for row in (0, 2):
        out = np.empty(5_000)
        n = a.poisson_arrivals(KEY, entities[row], rates[row], profile, 5.0, WEEK, out)
        assert times[bounds[row] : bounds[row + 1]].tolist() == out[:n].tolist()


@pytest.mark.parametrize(
    ("rates", "profile"),
    [
        ([1.0, 1.0], np.ones(24)),
        ([1.0, 1.0], np.full(168, 1.1)),
        ([1.0, 1.0], np.concatenate([[-1.0, 3.0], np.ones(166)])),
        ([1.0], np.ones(168)),
        ([1.0, -1.0], np.ones(168)),
        ([1.0, np.inf], np.ones(168)),
    ],
    ids=["day", "mean", "negative_hour", "length", "negative_rate", "infinite_rate"],
)
def test_wrong_rates_are_refused(rates, profile):
    """A profile that is no week of mean 1, or rates that are none, raise an error."""
    with pytest.raises(ValueError, match="must be"):
        a.poisson_arrivals_of(KEY, np.array([1, 2]), rates, profile, horizon=1.0)


def test_week_starts_where_told():
    """`start_hour` turns the profile: the hour of the week at the first instant."""
    profile = np.zeros(168)
    profile[30] = 168.0
    times, _ = a.poisson_arrivals_of(
        KEY, np.arange(50), np.full(50, 1e-4), profile, start_hour=28.5, horizon=WEEK
    )

    assert len(times) > 1_000
    assert times.min() >= 1.5 * 3_600.0
    assert times.max() < 2.5 * 3_600.0
