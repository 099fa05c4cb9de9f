import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, strategies as st

from simgen.core import DAY, HOUR, MINUTE, WEEK, RequestError, first_day, timestamps

microseconds = st.lists(st.integers(0, 10 * 366 * 86_400 * 10**6), min_size=1)


@given(micros=microseconds)
@example(micros=[249, 251])  # 249 / 1e6 * 1e6 is less than 249
def test_instants_are_exact_to_the_microsecond(micros):
    """Seconds of ten years come back as the nearest microsecond."""
    instants = timestamps("2024-02-29", np.array(micros) / 1e6)

    since = instants - np.datetime64("2024-02-29", "us")
    assert since.astype(np.int64).tolist() == micros


@given(micros=microseconds)
def test_order_is_kept(micros):
    """Later seconds are never an earlier instant."""
    instants = timestamps("2024-01-01", np.sort(micros) / 1e6)
    assert (np.diff(instants) >= np.timedelta64(0)).all()


def test_no_number_is_no_instant():
    """NaN gives NaT and leaves its neighbours alone."""
    instants = timestamps("2024-01-01", [np.nan, DAY])

    assert np.isnat(instants[0])
    assert instants[1] == np.datetime64("2024-01-02")


@pytest.mark.parametrize("start_date", ["1699-12-31", "2200-01-01", "9999-12-31"])
def test_no_data_begin_centuries_away(start_date):
    """Those of years would leave what the calendar, or pandas, can tell."""
    with pytest.raises(RequestError, match="choose one from 1700 to 2199"):
        first_day(start_date)


@pytest.mark.parametrize("start_date", ["1700-01-01", "2199-12-31"])
def test_nanoseconds_tell_decades_from_any_first_day(start_date):
    """Some readers of tables count in them."""
    instants = pd.Series(timestamps(str(first_day(start_date)), [-365 * DAY, 10_000 * DAY]))

    assert (instants.astype("datetime64[ns]") == instants).all()


def test_units_are_seconds():
    """Each unit is so many of the one below."""
    assert (MINUTE, HOUR, DAY, WEEK) == (60.0, 60 * MINUTE, 24 * HOUR, 7 * DAY)
