import pandas as pd
import pytest

from simgen.domains.fraud.typologies.lost_or_stolen_card import TRIES

TILLS = ["card_present", "atm"]


def of_kind(world, kind):
    """Events of a kind, their payments, and their sessions, in order of time."""
    events = world.events[world.events["kind"] == kind]
    payments = world.transactions[world.transactions["event_kind"] == kind]
    sessions = world.sessions[world.sessions["event_kind"] == kind]
    return events, payments.sort_values(["event_id", "at"]), sessions


def caused(events, world, kind):
    """Events with the cause of each, where that is of a kind."""
    causes = world.events[world.events["kind"] == kind]
    return events.merge(causes, left_on="caused_by", right_on="event_id", suffixes=("", "_cause"))


class TestCardTesting:
    """Tiny payments at little-known shops, in campaigns."""

    def test_happens_within_a_campaign(self, world):
        """Each case is caused by a campaign and begins while it runs."""
        events, _, _ = of_kind(world, "card_testing")
        pairs = caused(events, world, "testing_campaign")

        assert len(pairs) == len(events) > 100
        assert (pairs["onset_at"] >= pairs["onset_at_cause"]).all()
        assert (pairs["onset_at"] <= pairs["ended_at_cause"]).all()

    def test_probes_few_times_with_tiny_sums(self, world):
        """One to three probes of a card, below 5 EUR, all online."""
        _, payments, _ = of_kind(world, "card_testing")
        fewest, most = world.bank.typologies.card_testing.probes_per_card

        assert payments.groupby("event_id").size().between(fewest, most).all()
        assert (payments["amount"] < 5.0).all()
        assert (payments["entry_mode"] == "web").all()

    def test_fails_on_the_card_code(self, world):
        """As many probes as told have a wrong code, unless the card is blocked or suspected."""
        _, payments, _ = of_kind(world, "card_testing")
        codes = payments["decline_code"]
        judged = codes[codes.isin(["", "cvv_mismatch", "exceeds_limit"])]
        share = world.bank.typologies.card_testing.wrong_code_share

        assert (judged == "cvv_mismatch").mean() == pytest.approx(share, abs=0.07)

    def test_a_campaign_shares_shops_and_devices(self, world):
        """At most five merchants and three devices for many cards."""
        events, payments, _ = of_kind(world, "card_testing")
        payments = payments.merge(events[["event_id", "caused_by"]], on="event_id")
        campaign = payments.groupby("caused_by")

        assert campaign["merchant_id"].nunique().max() <= 5
        assert campaign["device_id"].nunique().max() <= 3
        assert campaign["card_id"].nunique().max() > 10

    def test_working_numbers_are_sold(self, world):
        """A part of the cards that passed is then shopped with, caused by the test."""
        events, payments, _ = of_kind(world, "card_testing")
        sold = caused(of_kind(world, "card_not_present")[0], world, "card_testing")
        passed = payments.loc[~payments["decline_code"].isin(["cvv_mismatch"]), "event_id"]

        assert 0.05 < len(sold) / len(events) < 0.35
        assert (sold["onset_at"] > sold["onset_at_cause"]).all()
        assert (sold["entity_id"] == sold["entity_id_cause"]).all()
        assert sold["caused_by"].isin(passed).all()

    def test_a_ring_uses_its_devices_for_the_numbers_it_sold(self, crowded):
        """Some buyers pay from devices that the cards were tested with, as they are the ring."""
        _, tests, _ = of_kind(crowded, "card_testing")
        events, payments, _ = of_kind(crowded, "card_not_present")
        sold = caused(events, crowded, "card_testing")["event_id"]
        devices = payments[payments["event_id"].isin(sold)].groupby("event_id")["device_id"]
        of_ring = devices.first().isin(tests["device_id"])

        assert len(of_ring) > 20
        assert 0.25 < of_ring.mean() < 0.75


class TestLostOrStolenCard:
    """A physical card in a thief's hands."""

    def test_a_card_that_is_gone_is_not_stolen_again(self, simulate):
        """If no loss is ever reported, each customer loses one card at most."""
        often = {"lost_or_stolen_card": {"rate": 400.0, "unreported_share": 1.0}}
        none = {kind: {"rate": 0.0} for kind in ("card_testing", "card_not_present")}
        world = simulate(
            n_customers=150,
            n_days=30,
            typologies=often | none | {"account_takeover": {"rate": 0.0}},
            bank={"monitoring_share": 0.0, "mistaken_dispute_rate": 0.0},
        )
        victims = world.events.loc[world.events["kind"] == "lost_or_stolen_card", "entity_id"]

        assert len(victims) > 30
        assert victims.is_unique

    def test_pays_at_tills_and_cash_machines(self, world):
        """Never online, at home or abroad."""
        _, payments, _ = of_kind(world, "lost_or_stolen_card")

        assert set(payments["channel"]) == set(TILLS)
        assert payments["entry_mode"].isin(["contactless", "chip_and_pin"]).all()

    def test_stays_near_where_the_card_was_lost(self, world):
        """All payments of a case are in one country; at home, in the customer's city."""
        _, payments, _ = of_kind(world, "lost_or_stolen_card")
        at_home = payments[payments["country"] == "DE"]

        assert payments.groupby("event_id")["country"].nunique().eq(1).all()
        assert at_home["distance_from_home"].max() < 60.0

    def test_is_lost_abroad_on_a_trip_alone(self, world):
        """Who has come home loses the card at home again."""
        events, payments, _ = of_kind(world, "lost_or_stolen_card")
        trips, _, _ = of_kind(world, "holiday_travel")
        lost = events.merge(trips, on="entity_id", suffixes=("", "_trip"))
        lost = lost[lost["onset_at"] >= lost["onset_at_trip"]]
        during = lost.loc[lost["onset_at"] < lost["ended_at_trip"], "event_id"]
        abroad = payments.loc[payments["country"] != "DE", "event_id"]

        assert len(lost) > 2 * during.nunique() > 0  # most had come home
        assert set(abroad) <= set(during)

    def test_ends_when_the_card_is_refused(self, world):
        """A blocked card is tried once, and three wrong PINs end the case."""
        _, payments, _ = of_kind(world, "lost_or_stolen_card")
        codes = pd.get_dummies(payments["decline_code"].astype(str)).groupby(payments["event_id"])
        counts = codes.sum()

        assert counts["restricted_card"].max() == 1
        assert counts["incorrect_pin"].max() <= TRIES

    def test_is_one_card(self, world):
        """The thief has one card, the customer does not use it at tills meanwhile."""
        events, payments, _ = of_kind(world, "lost_or_stolen_card")
        cards = payments.groupby("event_id")["card_id"]
        lost = events.set_index("event_id")["onset_at"]
        stolen = pd.DataFrame({"card_id": cards.first(), "lost_at": lost}).dropna()
        own = world.transactions.query("channel in @TILLS and not label").merge(stolen)

        assert cards.nunique().eq(1).all()
        assert len(own) > 1_000
        assert (own["at"] <= own["lost_at"]).all()


class TestCardNotPresent:
    """Breached or phished numbers in online shops."""

    def test_is_online(self, world):
        """Entered on a web page, from a device the customer never used."""
        _, payments, _ = of_kind(world, "card_not_present")
        own = world.transactions[~world.transactions["label"]]

        assert (payments["entry_mode"] == "web").all()
        assert not payments["device_id"].isin(own["device_id"]).any()

    def test_victims_of_a_breach_have_a_common_point_of_purchase(self, world):
        """Every one of them had paid at the breached merchant while it leaked."""
        pairs = caused(of_kind(world, "card_not_present")[0], world, "merchant_breach")
        visits = world.transactions[~world.transactions["label"]]
        there = pairs.merge(
            visits,
            left_on=["entity_id", "merchant_id_cause"],
            right_on=["customer_id", "merchant_id"],
            suffixes=("", "_visit"),
        )
        until = there[["onset_at", "ended_at_cause"]].min(axis=1)
        leaked = there[(there["at"] >= there["onset_at_cause"]) & (there["at"] <= until)]

        assert len(pairs) > 50
        assert set(leaked["event_id"]) == set(pairs["event_id"])

    def test_a_number_that_leaked_is_used_until_the_card_is_replaced(self, world):
        """A card issued after the breach can't be paid with by its numbers' buyers."""
        pairs = caused(of_kind(world, "card_not_present")[0], world, "merchant_breach")
        used = world.cards_used.merge(pairs[["event_id", "ended_at_cause"]], on="event_id")
        issued_later = used["issued_at"] > used["ended_at_cause"]

        assert len(used) > 100
        assert not issued_later.any()

    def test_phished_numbers_have_no_cause(self, crowded):
        """About the share that no breached merchant explains, while some have numbers left."""
        events, _, _ = of_kind(crowded, "card_not_present")
        begun = events[~events["caused_by"].isin(of_kind(crowded, "card_testing")[0]["event_id"])]

        assert 0.1 < (begun["caused_by"] == 0).mean() < 0.7

    def test_rings_use_devices_for_several_victims(self, world):
        """Some devices are seen with many customers, as only criminals' are."""
        _, payments, _ = of_kind(world, "card_not_present")
        victims = payments.groupby("device_id")["customer_id"].nunique()

        assert (victims >= 3).any()
        assert (victims == 1).any()

    def test_ends_after_two_refusals(self, world):
        """The buyer gives the number up when it is declined for the second time."""
        _, payments, _ = of_kind(world, "card_not_present")
        refused = payments["decline_code"].isin(["restricted_card", "suspected_fraud"])

        assert refused.groupby(payments["event_id"]).sum().max() == 2


class TestAccountTakeover:
    """A stranger in online banking."""

    def test_logs_in_enrols_adds_a_payee_and_drains(self, world):
        """In this order, whatever of it falls within the horizon."""
        _, payments, sessions = of_kind(world, "account_takeover")
        login, enrol, payee = (
            sessions[sessions["action"] == action].groupby("event_id")["at"].min()
            for action in ("login", "enrol_device", "add_payee")
        )
        drain = payments.groupby("event_id")["at"].min()

        assert len(drain) > 15
        assert (login[enrol.index] < enrol).all()
        assert (enrol[payee.index] < payee).all()
        assert (payee[drain.index] < drain).all()

    def test_transfers_to_a_mule(self, world):
        """All money of a case goes to one payee that the customer never paid."""
        _, payments, _ = of_kind(world, "account_takeover")
        own = world.transactions.query("channel == 'transfer' and not label")

        assert (payments["channel"] == "transfer").all()
        assert payments.groupby("event_id")["payee_id"].nunique().eq(1).all()
        assert not payments["payee_id"].isin(own["payee_id"]).any()

    def test_comes_from_one_strange_device_in_one_place(self, world):
        """The taker's device is new to the bank and stays in its country."""
        _, payments, sessions = of_kind(world, "account_takeover")
        own = world.sessions[~world.sessions["label"]]
        steps = pd.concat([payments, sessions]).groupby("event_id")["device_id"]

        assert steps.nunique().eq(1).all()
        assert not sessions["device_id"].isin(own["device_id"]).any()
        assert sessions.groupby("event_id")["country"].nunique().eq(1).all()

    def test_takes_what_is_there(self, world):
        """No theft exceeds the balance that it leaves behind and took."""
        _, payments, _ = of_kind(world, "account_takeover")
        booked = payments.merge(world.ledger.query("kind != 'refund'"), on="transaction_id")

        assert len(booked) == payments["approved"].sum() > 10
        assert (booked["balance"] >= -0.005).mean() > 0.9
