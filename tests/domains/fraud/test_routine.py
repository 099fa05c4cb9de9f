"""What online banking and cards show of honest customers and of impostors."""

import pandas as pd
import pytest


@pytest.fixture(scope="module")
def led(world):
    """Transfers, each with the last successful login of the customer before it."""
    logins = world.sessions.query("action == 'login' and successful").sort_values("at")
    logins = logins[["customer_id", "at", "device_id"]].assign(login_at=logins["at"])
    transfers = world.transactions.query("channel == 'transfer'").sort_values("at")
    return pd.merge_asof(transfers, logins, on="at", by="customer_id", suffixes=("", "_login"))


@pytest.mark.parametrize("kind", ["", "new_payee", "account_takeover"])
def test_a_transfer_follows_a_login(led, kind):
    """Within half an hour, with one device, whoever makes it and for whatever reason."""
    transfers = led[led["event_kind"] == kind]
    soon = transfers["at"] - transfers["login_at"] < pd.Timedelta("30min")

    assert len(transfers) > 20
    assert soon.mean() > 0.95
    assert (transfers["device_id"] == transfers["device_id_login"])[soon].mean() > 0.99


def test_a_stopped_transfer_is_no_proof_of_fraud(simulate):
    """Of the transfers that monitoring stops, most are genuine, above all those to new payees."""
    rows = simulate(n_customers=1_000, prevalence=0.002).transactions
    stopped = rows["decline_code"] == "suspected_fraud"
    genuine = rows.assign(stopped=stopped).query("channel == 'transfer' and not label")
    share = genuine.groupby(genuine["event_kind"].astype(str))["stopped"].mean()

    assert rows.loc[stopped & (rows["channel"] == "transfer"), "label"].mean() < 0.5
    assert 0.0 < share[""] < 0.003
    assert 0.003 < share["new_payee"] < 0.03


@pytest.mark.parametrize("entry", ["chip_and_pin", "contactless", "web"])
def test_a_blocked_card_is_no_proof_of_fraud(world, entry):
    """Its owner may not know yet, or try all the same."""
    rows = world.transactions.query("entry_mode == @entry and decline_code == 'restricted_card'")

    assert (~rows["label"]).sum() > 5


def test_mules_serve_one_seed_only(simulate):
    """The accounts that receive stolen money are others in another world, and serve several."""
    often = {"account_takeover": {"rate": 100.0}}
    worlds = [simulate(seed, n_customers=400, n_days=91, typologies=often) for seed in (7, 8)]
    thefts = [world.transactions.query("label and channel == 'transfer'") for world in worlds]
    ours, others = (set(rows["payee_id"]) for rows in thefts)

    assert not ours & others
    assert thefts[0].groupby("payee_id")["customer_id"].nunique().max() > 1


@pytest.mark.parametrize("what", ["login", "cash", "transfer"])
def test_customers_do_as_much_as_told(world, what):
    """Log in, for transfers and to look, draw cash and send money; refused tries come on top."""
    rows = world.sessions.query("action == 'login'") if what == "login" else world.transactions
    if what != "login":
        rows = rows[rows["merchant_category"] == what]
    of_routine = rows[rows["event_kind"].isin(["", "holiday_travel"])]
    told = getattr(world.bank, f"{what}_rate") * world.bank.n_customers * world.bank.n_days

    assert len(of_routine) == pytest.approx(told, rel=0.06)
