import pandas as pd
import pytest

from simgen.domains.fraud.kernels.amounts import HIGHEST
from simgen.domains.fraud.market import facts
from simgen.domains.fraud.schema import LOOKALIKE_KINDS

ENDINGS = list(facts()["price_endings"])

RESEMBLES = {
    "holiday_travel": "lost_or_stolen_card",
    "new_phone": "account_takeover",
    "large_purchase": "card_not_present",
    "subscription_burst": "card_testing",
    "new_payee": "account_takeover",
    "mistaken_dispute": "card_not_present",
}


def of_kind(world, kind):
    """Events of a kind, and their payments and sessions."""
    return tuple(
        table[table[column] == kind]
        for table, column in (
            (world.events, "kind"),
            (world.transactions, "event_kind"),
            (world.sessions, "event_kind"),
        )
    )


@pytest.fixture(scope="module")
def home_and_away(world):
    """Genuine payments at tills and cash machines, with the trip under way at the time, if any."""
    present = world.transactions.query("channel in ('card_present', 'atm') and not label")
    trips = of_kind(world, "holiday_travel")[0][["event_id", "entity_id", "onset_at", "ended_at"]]
    trips = trips.sort_values("onset_at").rename(columns={"event_id": "trip"})
    trips["entity_id"] = trips["entity_id"].astype("int64")  # null for events of merchants
    joined = pd.merge_asof(
        present.sort_values("at"),
        trips,
        left_on="at",
        right_on="onset_at",
        left_by="customer_id",
        right_by="entity_id",
    )
    joined["away"] = joined["at"] < joined["ended_at"]
    return joined


def test_every_kind_of_lookalike_has_its_fraud():
    """None resembles nothing."""
    assert set(RESEMBLES) == set(LOOKALIKE_KINDS)


def test_nobody_sends_more_than_anybody_asks_for(simulate):
    """Nor to a new payee, however large the sums that a scenario wants."""
    dear = {"new_payee": {"rate": 50.0, "median_amount": 100_000.0}}
    _, sent, _ = of_kind(simulate(n_customers=20, n_days=30, lookalikes=dear), "new_payee")

    assert sent["amount"].between(1.0, HIGHEST / 100).all()
    assert (sent["amount"] == HIGHEST / 100).any()


@pytest.mark.parametrize("kind", sorted(set(RESEMBLES) - {"mistaken_dispute"}))
def test_a_lookalike_happens_as_often_as_told(world, kind):
    """Per customer and year, less what customers are too busy for."""
    events, _, _ = of_kind(world, kind)
    rate = getattr(world.bank.lookalikes, kind).rate
    expected = rate * world.bank.n_customers * world.bank.n_days / 365.25

    assert 0.8 * expected < len(events) < 1.0 * expected + 4.0 * expected**0.5
    assert (events["lookalike_of"] == RESEMBLES[kind]).all()
    assert (events["severity"] == 0.0).all()


@pytest.mark.parametrize("kind", sorted(set(RESEMBLES) - {"mistaken_dispute"}))
def test_a_lookalike_is_genuine(world, kind):
    """It has records, and none is labelled or ever taken for more than what it is."""
    _, payments, sessions = of_kind(world, kind)

    assert len(payments) + len(sessions) > 20
    assert not payments["label"].any()
    assert not sessions["label"].any()
    assert (payments["weight"] == 1.0).all()


@pytest.mark.parametrize("kind", ["holiday_travel", "large_purchase", "new_payee"])
def test_a_lookalike_can_be_turned_off(simulate, kind):
    """A rate of 0 leaves the others."""
    world = simulate(
        n_customers=150, n_days=91, customers_per_block=150, lookalikes={kind: {"rate": 0.0}}
    )
    kinds = set(world.events["kind"])

    assert kind not in kinds
    assert set(RESEMBLES) - {kind, "mistaken_dispute"} <= kinds


class TestHolidayTravel:
    """Tills abroad, during the trip and only then."""

    def test_tills_abroad_are_visited_during_a_trip_only(self, home_and_away):
        """Each genuine payment with the card abroad belongs to the trip under way."""
        abroad = home_and_away[home_and_away["country"] != "DE"]

        assert len(abroad) > 500
        assert abroad["away"].all()
        assert (abroad["event_id"] == abroad["trip"]).all()

    def test_no_till_at_home_during_a_trip(self, home_and_away):
        """Who is abroad is not at home."""
        away = home_and_away[home_and_away["away"]]

        assert (away["country"] != "DE").all()

    def test_a_trip_goes_to_one_country(self, home_and_away):
        """All payments of a trip are made in one country."""
        abroad = home_and_away[home_and_away["country"] != "DE"]

        assert abroad.groupby("trip")["country"].nunique().eq(1).all()

    def test_online_banking_is_used_from_there(self, world):
        """A login during a trip seems to come from the country of its payments."""
        _, payments, _ = of_kind(world, "holiday_travel")
        countries = payments.groupby("customer_id")["country"].agg(set)
        abroad = world.sessions.query("country != 'DE' and not label")
        known = abroad[abroad["customer_id"].isin(countries.index)]

        assert len(known) > 50
        seen = [
            country in countries[customer]
            for customer, country in zip(known["customer_id"], known["country"], strict=True)
        ]
        assert sum(seen) > 0.6 * len(seen)


class TestNewPhone:
    """A device never seen, and from then on the customer's."""

    def test_the_new_phone_replaces_the_old(self, world):
        """It is never used before, and is used afterwards."""
        events, _, sessions = of_kind(world, "new_phone")
        phone = sessions.groupby("event_id")["device_id"].first()
        rows = pd.concat([world.transactions, world.sessions])
        rows = rows[rows["event_kind"] != "new_phone"].dropna(subset="device_id")
        onset = events.set_index("event_id")["onset_at"]
        uses = rows.merge(pd.DataFrame({"device_id": phone, "onset_at": onset}), on="device_id")

        assert sessions.groupby("event_id")["device_id"].nunique().eq(1).all()
        assert (uses["at"] >= uses["onset_at"]).all()
        assert uses["device_id"].nunique() > 0.8 * len(events)

    def test_ends_with_enrolment(self, world):
        """Each change enrols the device, after a login that succeeds; some fail first."""
        _, _, sessions = of_kind(world, "new_phone")
        enrolled = sessions[sessions["action"] == "enrol_device"]

        assert enrolled["event_id"].nunique() > 0.95 * sessions["event_id"].nunique()
        assert (~sessions["successful"]).any()


def test_a_large_purchase_is_far_above_the_habit(world):
    """Its median is many times that of the customer's online purchases."""
    _, payments, _ = of_kind(world, "large_purchase")
    first = payments.groupby("event_id")["amount"].first()
    ordinary = world.transactions.query("channel == 'ecommerce' and event_kind == ''")["amount"]

    assert first.median() == pytest.approx(420.0, rel=0.15)
    assert first.median() > 10.0 * ordinary.median()


def test_a_burst_has_small_sums_at_several_shops(world):
    """Two to five sign-ups within hours, some of 0 EUR, some after a mistyped code."""
    _, payments, _ = of_kind(world, "subscription_burst")
    burst = payments[payments["decline_code"] != "cvv_mismatch"].groupby("event_id")
    span = burst["at"].agg(lambda at: at.max() - at.min())

    assert burst.size().between(1, 5).all()
    assert burst.size().median() >= 3
    assert payments["amount"].max() < 5.0
    assert (payments["amount"] == 0.0).any()
    assert span.quantile(0.95) < pd.Timedelta("3h")
    assert (payments["decline_code"] == "cvv_mismatch").any()


def test_a_burst_begins_in_the_evening(world):
    """Between six and ten o'clock, as one sits down for it."""
    events, _, _ = of_kind(world, "subscription_burst")

    assert events["onset_at"].dt.hour.between(18, 21).all()


def test_lookalikes_keep_the_hours_of_customers(world):
    """Large purchases are as seldom at night as other payments."""
    events, _, _ = of_kind(world, "large_purchase")
    ordinary = world.transactions.query("channel == 'ecommerce' and event_kind == ''")
    at_night, usual = (at.dt.hour.lt(6).mean() for at in (events["onset_at"], ordinary["at"]))

    assert len(events) > 300
    assert at_night == pytest.approx(usual, abs=0.06)


def test_what_is_bought_on_the_web_comes_from_devices_as_usual(world):
    """Of bursts and large purchases some come from the second device, a few from strange ones."""
    paid = world.transactions.query("entry_mode == 'web' and not label")
    n_rows = paid.groupby(["customer_id", "device_id"], observed=True)["amount"].transform("size")
    alike = paid["event_kind"].isin(["large_purchase", "subscription_burst"])
    events = paid.assign(seldom=n_rows < 3)[alike].drop_duplicates("event_id")
    phones = world.sessions.groupby("customer_id")["device_id"].agg(lambda ids: ids.mode()[0])

    assert 0.0 < events["seldom"].mean() < 0.15
    assert 0.6 < (events["device_id"] == events["customer_id"].map(phones)).mean() < 0.85


def test_large_purchases_end_as_prices_do(world):
    """As often on whole euros or 99 cents as other sums."""
    _, payments, _ = of_kind(world, "large_purchase")
    ordinary = world.transactions.query(
        "channel == 'ecommerce' and event_kind == '' and amount > 200"
    )
    large, usual = (
        rows["amount"].mul(100).round().mod(100).isin(ENDINGS).mean()
        for rows in (payments, ordinary)
    )

    assert large == pytest.approx(usual, abs=0.1)


def test_a_new_payee_is_added_and_then_paid(world):
    """By the customer's own device; the customer never paid there otherwise."""
    _, payments, sessions = of_kind(world, "new_payee")
    added = sessions[sessions["action"] == "add_payee"].groupby("event_id")["at"].min()
    paid = payments.groupby("event_id")["at"].min()
    ordinary = world.transactions.query("channel == 'transfer' and event_kind == ''")

    assert (added[paid.index] < paid).all()
    assert payments.groupby("event_id").size().between(1, 3).all()
    assert payments.groupby("event_id")["payee_id"].nunique().eq(1).all()
    assert payments.merge(ordinary, on=["customer_id", "payee_id"]).empty
