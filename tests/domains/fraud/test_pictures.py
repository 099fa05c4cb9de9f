"""What an expert is shown of a customer."""

import pyarrow as pa
import pytest

from simgen.core import RequestError
from simgen.domains.fraud import DOMAIN

PAYMENTS = DOMAIN.pictures["payments"]


def drawn(amounts):
    """A customer's payments, an hour apart, beside another's of 10 EUR."""
    rows = pa.table({"at": [1.0 * hour for hour in range(len(amounts))], "amount": amounts})
    other = pa.table({"at": [3.0, 4.0, 5.0], "amount": [10.0] * 3})
    return PAYMENTS.draw(rows, pa.concat_tables([rows, other], promote_options="permissive"))


def test_payments_stand_at_their_amounts_in_medians_of_all():
    """A verified card pays nothing, and stands as low as the axis goes."""
    assert "day 0: 2.00; day 0: 0.10" in drawn([20.0, 0.0])


def test_a_payment_without_an_amount_is_left_out():
    """The others are drawn as if it were not there."""
    assert drawn([20.0, None, 10.0]).count("<circle") == 2
    assert "nan" not in drawn([20.0, None, 10.0])


def test_payments_of_nothing_are_drawn():
    """Their median is no unit."""
    nothing = pa.table({"at": [0.0, 1.0], "amount": [0.0, 0.0]})

    assert "nan" not in PAYMENTS.draw(nothing, nothing)


@pytest.mark.parametrize(
    "rows", [pa.table({"at": [1.0]}), pa.table({"at": [1.0], "amount": pa.nulls(1, pa.float64())})]
)
def test_payments_without_any_amount_are_refused(rows):
    """A reference of one's own may compare other columns alone."""
    with pytest.raises(RequestError, match="no payment has an amount"):
        PAYMENTS.draw(rows, rows)
