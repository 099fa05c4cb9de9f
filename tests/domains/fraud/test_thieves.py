"""What thieves do with a card, a number or an account while nobody stops them."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

from simgen.domains.fraud.market import facts, weekly_profile
from simgen.domains.fraud.schema import RARE_KINDS

MINUTE, DAY = pd.Timedelta("1min"), pd.Timedelta("1D")
TRIAL = 4.99  # the dearest [EUR]


@pytest.fixture(scope="module")
def thieves(simulate):
    """A function from a kind and its parameters to a world of it alone, in which nobody looks."""

    def alone(kind, **about):
        silent = {other: {"rate": 0.0} for other in RARE_KINDS}
        return simulate(
            n_customers=1_000,
            n_days=60,
            n_merchants=1_000,
            purchase_rate=0.3,
            typologies=silent | {kind: {"rate": 50.0, "unreported_share": 1.0} | about},
            bank={"monitoring_share": 0.0, "mistaken_dispute_rate": 0.0},
        )

    return alone


@pytest.fixture(scope="module")
def card(thieves):
    return partial(thieves, "lost_or_stolen_card")


@pytest.fixture(scope="module")
def number(thieves):
    return partial(thieves, "card_not_present", mean_purchases=6.0)


@pytest.fixture(scope="module")
def account(thieves):
    return partial(thieves, "account_takeover")


def payments(world):
    """Those of thieves, by case and time."""
    return world.transactions.query("label").sort_values(["event_id", "at"])


def close_to(share, n):
    """A share of n independent ones, to five deviations."""
    return pytest.approx(share, abs=5.0 * np.sqrt(share * (1.0 - share) / n))


def geometric_mean_of(mean, n):
    """The mean of n geometric numbers, to five deviations, less some cut off at the end."""
    return pytest.approx(mean, abs=5.0 * np.sqrt(mean * (mean - 1.0) / n) + 0.05 * mean)


class TestCards:
    """Lost or stolen."""

    def test_who_does_not_know_the_pin_taps(self, card):
        """No cash, no other PIN than a wrong one, and mostly baskets that need none."""
        rows = payments(card(pin_known_share=0.0))
        chip = rows["entry_mode"] == "chip_and_pin"

        assert len(rows) > 200
        assert (rows["channel"] == "card_present").all()
        assert (rows.loc[chip, "decline_code"] == "incorrect_pin").all()
        assert chip.mean() < 0.25

    def test_who_knows_the_pin_uses_it(self, card):
        """For cash too, and for baskets of any size."""
        rows = payments(card(pin_known_share=1.0))
        entry = rows.loc[rows["channel"] == "card_present", "entry_mode"]

        assert not (rows["decline_code"] == "incorrect_pin").any()
        assert (rows["channel"] == "atm").mean() == close_to(0.35, len(rows))
        assert (entry == "chip_and_pin").mean() > 0.35

    def test_pays_as_often_and_as_soon_as_told(self, card):
        """Five times in the mean, 25 minutes apart in the median."""
        rows = payments(card(pin_known_share=1.0))
        per_case = rows.groupby("event_id").size()
        gaps = rows.groupby("event_id")["at"].diff().dropna() / MINUTE
        room = 5.0 * np.sqrt(np.pi / 2.0 / len(gaps))

        assert per_case.mean() == geometric_mean_of(5.0, len(per_case))
        assert np.log(gaps.median() / 25.0) == pytest.approx(0.0, abs=room)

    def test_cards_are_lost_when_they_are_used(self, card, account):
        """Seldom at night, unlike accounts, which are taken over at any hour."""
        night = weekly_profile().reshape(7, 24)[:, :6].sum() / 168.0
        often = {"rate": 300.0}

        for world, share in ((card(**often), night), (account(**often), 0.25)):
            cases = world.events[world.events["kind"].isin(RARE_KINDS)]
            at_night = cases["onset_at"].dt.hour < 6

            assert len(cases) > 400
            assert at_night.mean() == close_to(share, len(cases))


class TestNumbers:
    """Of cards that are not present."""

    def test_buyers_who_probe_begin_with_next_to_nothing(self, number):
        """At a shop of digital goods; the others begin with what they want."""
        first = payments(number(probe_share=1.0)).groupby("event_id").first()
        bold = payments(number(probe_share=0.0)).groupby("event_id").first()

        assert len(first) > 50
        assert (first["merchant_category"] == "digital_goods").all()
        assert (first["amount"] <= TRIAL).all()
        assert (bold["amount"] <= TRIAL).mean() < 0.5

    def test_buys_as_often_as_told(self, number):
        """In the mean."""
        per_case = payments(number(probe_share=0.0)).groupby("event_id").size()

        assert per_case.mean() == geometric_mean_of(6.0, len(per_case))

    def test_stays_with_a_shop_or_goes_to_another(self, number):
        """About every second time."""
        shop = payments(number(probe_share=0.0)).groupby("event_id")["merchant_id"]
        pairs = pd.concat([shop.shift(), shop.shift(0)], axis=1).dropna()
        stays = pairs.iloc[:, 0] == pairs.iloc[:, 1]

        assert len(stays) > 200
        assert 0.3 < stays.mean() < 0.65

    def test_sums_follow_the_amount_factor(self, number):
        """In proportion, where prices vary; one in ten buys a gift card of 99.99 EUR."""
        medians, shares = [], []
        for factor in (0.1, 10.0):
            rows = payments(number(probe_share=0.0, amount_factor=factor))
            varies = ~rows["merchant_category"].isin(list(facts()["fixed_prices"]))
            amount = rows.loc[varies, "amount"]
            gifts = amount == 99.99
            medians.append(amount[~gifts].median())
            shares.append((gifts.mean(), len(amount)))

        (share, n), _ = shares  # sums are otherwise far below
        assert n > 250
        assert share == close_to(0.1, n)
        assert medians[1] / medians[0] == pytest.approx(100.0, rel=0.8)

    def test_numbers_come_from_breaches_as_told(self, number):
        """None, or all while a breached merchant has some that work."""
        many = {"breaches_per_year": 200.0}
        phished = number(breached_share=0.0, **many).events.query("kind == 'card_not_present'")
        breached = number(breached_share=1.0, **many).events.query("kind == 'card_not_present'")

        assert len(phished) > 50
        assert (phished["caused_by"] == 0).all()
        assert (breached["caused_by"] > 0).mean() > 0.6


class TestAccounts:
    """Taken over."""

    def test_contact_data_are_changed_as_told(self, account):
        """Never, or by all who enrolled a device."""
        for share in (0.0, 1.0):
            steps = account(contact_change_share=share).sessions.query("label")
            drained, changed = (
                set(steps.loc[steps["action"] == action, "event_id"])
                for action in ("add_payee", "change_contact")
            )

            assert len(drained) > 50
            assert drained & changed == (drained if share else set())

    def test_sleepers_wait_for_days(self, account):
        """Four in the mean; the others begin within hours."""
        days = []
        for share in (0.0, 1.0):
            steps = account(sleeper_share=share).sessions.query("label")
            first = steps.pivot_table("at", "event_id", "action", aggfunc="min", observed=True)
            days.append(((first["add_payee"] - first["enrol_device"]) / DAY).dropna())

        assert days[0].max() < 0.5
        assert days[1].mean() == pytest.approx(4.0, abs=5.0 * 4.0 / np.sqrt(len(days[1])) + 0.3)

    def test_logs_in_for_as_many_transfers_as_told(self, account):
        """Six in the mean; what is less than ten euros is not even tried."""
        world = account(mean_transfers=6.0, sleeper_share=0.0)
        steps = world.sessions.query("label")
        drains = steps.query("action == 'add_payee'").set_index("event_id")["at"]
        later = steps["at"] > steps["event_id"].map(drains)
        n_logins = (later & (steps["action"] == "login")).groupby(steps["event_id"]).sum()
        n_logins = n_logins[drains.index] + 1  # the first is before

        assert n_logins.mean() == geometric_mean_of(6.0, len(drains))
        n_payments = payments(world).groupby("event_id").size()
        assert (n_payments <= n_logins[n_payments.index]).all()

    def test_small_tests_come_first(self, account):
        """A few euros to the new payee, if at all before all else."""
        rows = payments(account(sleeper_share=0.0, mean_transfers=6.0))
        number = rows.groupby("event_id").cumcount()
        small = rows["amount"] < 10.0

        assert set(rows.loc[small, "amount"]) == {1.0, 5.0}
        assert (number[small] == 0).all()
        assert small[number == 0].mean() == close_to(0.15, (number == 0).sum())
