import numpy as np
import pytest

from simgen.core import DAY, HOUR, Streams
from simgen.domains.fraud.market import CATEGORIES, ONLINE, make_market
from simgen.domains.fraud.underworld import (
    BEFORE,
    LEAKY,
    MOST_CAMPAIGNS,
    N_LEAKY,
    make_underworld,
)

MARKET = make_market(2_000, Streams(7))
HORIZON = 182 * DAY


def underworld(seed=7, **values):
    asked = {
        "horizon": HORIZON,
        "breaches_per_year": 60.0,
        "n_campaigns": 20.0,
        "cards_per_campaign": 6.0,
        "boost": None,
    }
    return make_underworld(MARKET, Streams(seed), **(asked | values))


def test_there_are_as_many_causes_as_told():
    """Breaches and campaigns are Poisson numbers; cards per campaign have the mean told."""
    drawn = [underworld(seed) for seed in range(40)]
    n_breaches = np.mean([len(under.breaches) for under in drawn])
    n_campaigns = np.mean([len(under.campaigns) for under in drawn])
    n_cards = np.mean([campaign.n_cards for under in drawn for campaign in under.campaigns])

    assert n_breaches == pytest.approx(60.0 * (HORIZON + BEFORE) / (365.25 * DAY), rel=0.1)
    assert n_campaigns == pytest.approx(20.0, rel=0.15)
    assert n_cards == pytest.approx(6.0, rel=0.15)


@pytest.mark.parametrize("expected", [0.01, 0.8, 20.0])
def test_exact_campaigns_have_the_expected_cards(expected):
    """Who asks for a prevalence has card testing in small worlds too."""
    campaigns = underworld(n_campaigns=expected, boost=1.0).campaigns

    assert campaigns
    assert sum(campaign.n_cards for campaign in campaigns) == pytest.approx(6.0 * expected)


@pytest.mark.parametrize("boost", [0.5, 3.0, 300.0])
def test_a_boost_makes_more_campaigns_and_not_larger_ones(boost):
    """As many cards each as in nature, and weights that lead back to nature's number."""
    campaigns = underworld(boost=boost).campaigns
    n_cards = sum(campaign.n_cards for campaign in campaigns)

    assert len(campaigns) == pytest.approx(20.0 * boost, abs=4.0 * (20.0 * boost) ** 0.5)
    assert n_cards == pytest.approx(6.0 * 20.0 * boost)
    assert sum(campaign.weight for campaign in campaigns) == pytest.approx(20.0)


def test_beyond_a_number_of_campaigns_they_grow():
    """So that a huge bank of many frauds stays within its time and ids."""
    most = MOST_CAMPAIGNS / 1_000.0
    under = underworld(n_campaigns=1_000.0, boost=3.0 * most)

    assert under.campaigns_boost == most


def test_no_campaigns_where_none_are_expected():
    """Nor breaches: a rate of 0 is none."""
    nothing = underworld(n_campaigns=0.0, breaches_per_year=0.0, boost=3.0)

    assert nothing.causes == ()
    assert nothing.breaches_in_use(DAY) == []


def test_causes_have_ids_and_last_as_long_as_documented():
    """From 1 up; 10 to 60 days, 3 to 48 hours."""
    under = underworld()
    breach_days = [(b.end_at - b.start_at) / DAY for b in under.breaches]
    campaign_hours = [(c.end_at - c.start_at) / HOUR for c in under.campaigns]

    assert [cause.event_id for cause in under.causes] == list(range(1, len(under.causes) + 1))
    assert 10.0 <= min(breach_days) <= max(breach_days) <= 60.0
    assert 3.0 <= min(campaign_hours) <= max(campaign_hours) <= 48.0
    assert all(b.end_at < b.used_until for b in under.breaches)


def test_causes_happen_to_online_merchants():
    """Popular ones leak; one to five are probed at."""
    under = underworld()
    leaky = {CATEGORIES.index(name) for name in LEAKY}

    assert all(MARKET.place[m] == ONLINE for cause in under.causes for m in cause.merchants)
    assert {int(MARKET.category[b.merchants[0]]) for b in under.breaches} <= leaky
    assert all(1 <= len(campaign.merchants) <= 5 for campaign in under.campaigns)


def ranks(merchants):
    """How many online merchants of its category are more popular than each, and all of them."""
    shops = [MARKET.online_merchants(CATEGORIES[MARKET.category[m]]) for m in merchants]
    pairs = zip(merchants, shops, strict=True)
    return np.array([there.index(m) for m, there in pairs]), np.array([*map(len, shops)])


def test_popular_merchants_leak_and_little_known_ones_are_tested_at():
    """The first eight of a category, of which there are more; none of the first quarter."""
    under = underworld(breaches_per_year=300.0)
    leaking, n_shops = ranks([b.merchants[0] for b in under.breaches])
    tested_at, n_others = ranks([m for campaign in under.campaigns for m in campaign.merchants])

    assert (n_shops > N_LEAKY).any()
    assert set(leaking) == set(range(N_LEAKY))
    assert (tested_at >= n_others // 4).all()


def test_numbers_are_used_from_the_breach_to_the_end_of_their_use():
    """Before and after, the breach is not in use."""
    under = underworld()
    breach = under.breaches[3]

    assert breach in under.breaches_in_use(breach.start_at + 1.0)
    assert breach in under.breaches_in_use(breach.used_until - 1.0)
    assert breach not in under.breaches_in_use(breach.start_at - 1.0)
    assert breach not in under.breaches_in_use(breach.used_until + 1.0)
