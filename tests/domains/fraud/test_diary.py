import pytest

from simgen.domains.fraud.diary import Diary
from simgen.domains.fraud.flows import BLOCK, CASH, REFUND
from simgen.domains.fraud.schema import Action


@pytest.fixture
def diary():
    return Diary(horizon=100.0, first_event_id=5_000)


def test_events_are_numbered_from_the_first_id(diary):
    """Within the block from 1, in the data set from the block's own first id."""
    first, second = (diary.event("new_phone", 3, at) for at in (1.0, 2.0))

    assert (first.index, second.index) == (1, 2)
    assert (diary.event_id(first), diary.event_id(second)) == (5_000, 5_001)


def test_an_event_lasts_until_its_last_record(diary):
    """Payments and sessions extend it; a refund, which is the bank's, does not."""
    event = diary.event("account_takeover", 3, 10.0)
    diary.session(Action.LOGIN, 20.0, 3, 7, event)
    diary.flow(CASH, 15.0, 3, event=event)
    diary.flow(REFUND, 90.0, 3, event=event)

    assert (event.onset_at, event.ended_at) == (10.0, 20.0)


def test_nothing_is_written_down_after_the_end(diary):
    """The world goes on, the data set ends: an event does not end with what nobody sees."""
    event = diary.event("account_takeover", 3, 10.0)
    diary.flow(CASH, 100.0, 3, event=event, impostor=True)
    diary.session(Action.LOGIN, 101.0, 3, 7, event)

    assert len(diary.flows()) == len(diary.sessions()) == diary.n_frauds == diary.n_payments == 0
    assert event.ended_at == 10.0


def test_rows_hold_what_was_written(diary):
    """In the order in which it was written, each value in its column."""
    event = diary.event("lost_or_stolen_card", 3, 10.0)
    diary.flow(CASH, 30.0, 3, cents=2_000, place=4, event=event, impostor=True)
    diary.flow(CASH, 20.0, 1, cents=5_000)
    flows = diary.flows()

    assert flows["at"].tolist() == [30.0, 20.0]
    assert flows["cents"].tolist() == [2_000, 5_000]
    assert flows["customer"].tolist() == [3, 1]
    assert flows["event"].tolist() == [1, 0]
    assert flows["place"].tolist() == [4, 0]
    assert flows["impostor"].tolist() == [1, 0]
    assert diary.n_frauds == 1


def test_payments_are_counted(diary):
    """Whoever makes them; what happens to the card or is paid back is none."""
    event = diary.event("lost_or_stolen_card", 3, 10.0)
    diary.flow(CASH, 20.0, 1)
    diary.flow(CASH, 30.0, 3, event=event, impostor=True)
    diary.flow(BLOCK, 40.0, 3)
    diary.flow(REFUND, 50.0, 3, event=event)

    assert (diary.n_payments, diary.n_frauds) == (2, 1)
