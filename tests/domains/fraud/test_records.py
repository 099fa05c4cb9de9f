import numpy as np
import pandas as pd
import pytest

from simgen.core import CATEGORY, Role
from simgen.domains.fraud.market import facts
from simgen.domains.fraud.schema import RARE_KINDS, SESSIONS, TABLES, TRANSACTIONS

RECORDS = ("transactions", "sessions")
VALUES = [
    (table, field.name)
    for table in (TRANSACTIONS, SESSIONS)
    for field in table.fields
    if field.role is Role.FEATURE and (field.type == CATEGORY or field.name == "successful")
]


@pytest.fixture(scope="module")
def many_frauds(simulate):
    """A bank with so many frauds that whatever gives them away shows."""
    return simulate(n_customers=600, customers_per_block=300, prevalence=0.08)


@pytest.mark.parametrize(("table", "name"), VALUES, ids=[f"{t.name}.{n}" for t, n in VALUES])
def test_no_value_is_frauds_alone(many_frauds, table, name):
    """Every category that occurs thirty times occurs in genuine records too."""
    rows = getattr(many_frauds, table.name)
    counts = rows.groupby(name, observed=True)["label"].agg(["size", "sum"]).query("size >= 30")

    assert len(counts) >= 2
    assert (counts["sum"] < counts["size"]).all()


def test_no_amount_is_frauds_alone(many_frauds):
    """Nor does a round sum or a price give a fraud away: genuine payments ask for it as well."""
    rows = many_frauds.transactions
    counts = rows.groupby(["channel", "entry_mode", "amount"], observed=True)["label"].agg(
        ["size", "sum"]
    )
    frequent = counts[counts["sum"] >= 10]

    assert len(frequent) > 10
    given_away = frequent[frequent["sum"] > 0.9 * frequent["size"]]
    assert given_away.empty, given_away


def test_every_decline_code_occurs(world):
    """In the schema there is no code that nothing leads to."""
    codes = world.transactions["decline_code"]
    assert set(codes) == set(codes.cat.categories)


@pytest.mark.parametrize("records", RECORDS)
def test_label_means_made_by_an_impostor(world, records):
    """Labelled records are those of rare events; all others are not."""
    rows = getattr(world, records)
    np.testing.assert_array_equal(rows["label"], rows["event_kind"].isin(RARE_KINDS))


@pytest.mark.parametrize("records", RECORDS)
def test_a_lookalike_names_what_it_resembles_and_is_genuine(world, records):
    """Each look-alike resembles one kind of fraud."""
    rows = getattr(world, records)
    alike = rows[rows["lookalike_of"] != ""]
    pairs = set(zip(alike["event_kind"], alike["lookalike_of"], strict=True))

    assert not alike["label"].any()
    assert len(pairs) == alike["event_kind"].nunique() > 0
    assert {resembled for _, resembled in pairs} <= set(RARE_KINDS)


@pytest.mark.parametrize("records", RECORDS)
def test_records_agree_with_their_event(world, records):
    """Each event named has a row, of the same kind, customer and weight."""
    rows = getattr(world, records)
    rows = rows[rows["event_id"] > 0].merge(world.events, on="event_id", suffixes=("", "_event"))

    assert len(rows) == (getattr(world, records)["event_id"] > 0).sum()
    assert (rows["event_kind"].astype(str) == rows["kind"].astype(str)).all()
    assert (rows["customer_id"] == rows["entity_id"]).all()
    assert (rows["weight"] == rows["weight_event"]).all()
    assert (rows["at"] >= rows["onset_at"] - pd.Timedelta("1us")).all()
    assert (rows["at"] <= rows["ended_at"] + pd.Timedelta("1us")).all()


def test_an_event_is_detectable_from_its_first_record(world):
    """To the microsecond; null if no record shows it."""
    both = pd.concat([world.transactions, world.sessions])
    first = both[both["event_id"] > 0].groupby("event_id")["at"].min()
    detectable = world.events.set_index("event_id")["detectable_at"].dropna().sort_index()

    np.testing.assert_array_equal(detectable.index, first.index)
    np.testing.assert_array_equal(detectable, first)


def test_severity_is_what_impostors_got(world):
    """The sum of an event's approved payments; 0 for look-alikes."""
    got = world.transactions.query("label and approved").groupby("event_id")["amount"].sum()
    severity = world.events.set_index("event_id")["severity"]

    np.testing.assert_allclose(severity[got.index], got, atol=1e-6)
    assert (severity.drop(got.index) == 0.0).all()


@pytest.mark.parametrize("table", [t for t in TABLES if t.fields[0].role is Role.KEY], ids=str)
def test_ids_are_unique(world, table):
    """Within and across blocks."""
    assert getattr(world, table.name)[table.names[0]].is_unique


SIDE_TABLES = [
    table
    for table in TABLES
    if not table.is_record
    and table.names[0] in TRANSACTIONS.names
    and table.time in ("", "issued_at")
]


@pytest.mark.parametrize("table", SIDE_TABLES, ids=lambda table: table.name)
def test_no_feature_of_a_side_table_tells_of_crimes(simulate, table):
    """What is said of customers, accounts, cards and merchants stands whatever happens to them."""
    key = table.names[0]
    features = [field.name for field in table.fields if field.role is Role.FEATURE]
    calm, wild = (
        getattr(simulate(n_customers=200, n_days=60, prevalence=prevalence), table.name)
        for prevalence in (0.001, 0.05)
    )
    both = calm.merge(wild, on=key, suffixes=("_calm", "_wild"))

    assert len(both) >= 200
    for name in features:
        assert both[f"{name}_calm"].equals(both[f"{name}_wild"].rename(f"{name}_calm")), name


def test_there_are_four_side_tables():
    """Those whose rows payments name."""
    assert [table.name for table in SIDE_TABLES] == ["customers", "accounts", "cards", "merchants"]


def test_an_event_happened_to_a_customer_or_to_a_merchant(world):
    """Never to both, so that no id of one is taken for an id of the other."""
    events = world.events
    of_merchants = events["kind"].isin(["merchant_breach", "testing_campaign"])

    assert of_merchants.any()
    assert (events["entity_id"].isna() == of_merchants).all()
    assert (events["merchant_id"].isna() == ~of_merchants).all()
    assert events["entity_id"].dropna().isin(world.customers["customer_id"]).all()
    online = world.merchants.set_index("merchant_id")["online"]
    assert online[events["merchant_id"].dropna()].all()


def test_references_are_kept(world):
    """Cards, accounts, customers, merchants and payments named in one table exist in another."""
    keys = {
        "customer_id": world.customers,
        "account_id": world.accounts,
        "card_id": world.cards,
        "merchant_id": world.merchants,
        "transaction_id": world.transactions,
    }
    for table in TABLES:
        rows = getattr(world, table.name)
        for name in set(table.names) & set(keys):
            named = rows[name].dropna()
            assert named.isin(keys[name][name]).all(), (table.name, name)


def test_ids_fit_the_channel(world):
    """A transfer has a payee and no card, an online purchase a device, a till neither."""
    rows = world.transactions.query("merchant_category != 'subscription'")
    present = rows.notna().groupby(rows["channel"], observed=True).mean()
    columns = ["card_id", "merchant_id", "device_id", "payee_id"]

    assert present.loc["card_present", columns].tolist() == [1, 1, 0, 0]
    assert present.loc["ecommerce", columns].tolist() == [1, 1, 1, 0]
    assert present.loc["atm", columns].tolist() == [1, 0, 0, 0]
    assert present.loc["transfer", columns].tolist() == [0, 0, 1, 1]


def test_merchant_data_are_the_merchants(world):
    """Category and country of a purchase are those of its merchant."""
    rows = world.transactions.merge(world.merchants, on="merchant_id", suffixes=("", "_of"))

    assert (rows["merchant_category"].astype(str) == rows["category"].astype(str)).all()
    assert (rows["country"].astype(str) == rows["country_of"].astype(str)).all()
    assert (rows["online"] == (rows["channel"] == "ecommerce")).all()


def test_distance_is_that_of_the_coordinates(world):
    """From home to the till as the crow flies, to 10 m; null online."""
    rows = world.transactions.merge(world.merchants, on="merchant_id").merge(
        world.customers, on="customer_id"
    )
    tills = rows[(rows["channel"] == "card_present") & (rows["country_x"] == "DE")]
    way = np.hypot(tills["x"] - tills["home_x"], tills["y"] - tills["home_y"])

    np.testing.assert_allclose(tills["distance_from_home"], way, atol=0.0051)
    assert rows.loc[rows["channel"] == "ecommerce", "distance_from_home"].isna().all()


def test_distance_abroad_is_the_countrys(world):
    """Up to a fifth nearer or farther, at tills and cash machines, and not all the same."""
    abroad = world.transactions.query("country != 'DE' and channel in ('card_present', 'atm')")
    about = {name: country["distance"] for name, country in facts()["countries"].items()}
    ratio = abroad["distance_from_home"] / abroad["country"].astype(str).map(about)

    assert ratio.between(0.799, 1.201).all()
    assert (ratio.groupby(abroad["channel"], observed=True).std() > 0.05).all()


def test_cash_is_drawn_near_home(world):
    """At home four kilometres away in the mean."""
    machines = world.transactions.query("country == 'DE' and channel == 'atm' and not label")
    away = machines["distance_from_home"]

    assert away.mean() == pytest.approx(4.0, rel=5.0 / np.sqrt(len(away)))
