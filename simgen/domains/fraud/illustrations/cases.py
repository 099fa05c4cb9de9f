"""Single crimes step by step: a ring that tests cards, and an account taken over."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from simgen.core import Bars, Plot, Source

_MOST_CARDS = 24  # of a campaign that are drawn
_AROUND = 12  # what is shown before and after a takeover [h]
_MARK = 0.006  # width of an instant, as a share of the axis

# The tests of the campaign that tried the most cards, and what the cards that passed were used
# for. Cards that were used stand first: what the others show is alike.
_RING = """
WITH RECURSIVE largest AS (
    SELECT caused_by AS event_id FROM events WHERE kind = 'card_testing' AND caused_by <> 0
    GROUP BY caused_by ORDER BY count(*) DESC, caused_by LIMIT 1
), cases AS (
    SELECT event_id FROM largest
    UNION ALL
    SELECT e.event_id FROM events e JOIN cases ON e.caused_by = cases.event_id
), paid AS (
    SELECT card_id, "at", approved, amount, event_kind = 'card_testing' AS is_test
    FROM transactions SEMI JOIN cases USING (event_id)
), placed AS (
    SELECT card_id, row_number() OVER (ORDER BY bool_and(is_test), min("at"), card_id) - 1 AS place
    FROM paid GROUP BY card_id
), begun AS (SELECT min("at") AS onset_at FROM paid)
SELECT card_id, place, is_test, approved, amount,
    epoch("at" - onset_at) / 86400 AS day,
    epoch(blocked_at - onset_at) / 86400 AS blocked_day
FROM paid JOIN placed USING (card_id) JOIN cards USING (card_id) CROSS JOIN begun
ORDER BY place, day
"""

# All that was done in a customer's name around a takeover: the one that moved most money, among
# those that went on for half a day or more if there are any.
_TAKEOVER = f"""
WITH known AS (
    SELECT epoch(observed_at) / 3600 AS observed_at, onset_at, ended_at, event_id, customer_id
    FROM events JOIN (
        SELECT event_id, any_value(customer_id) AS customer_id, sum(amount) AS moved
        FROM transactions
        WHERE event_kind = 'account_takeover' AND approved
        GROUP BY event_id
    ) USING (event_id)
    ORDER BY ended_at - onset_at < INTERVAL 12 HOUR, moved DESC, event_id LIMIT 1
), acts AS (
    SELECT "at", customer_id, event_id, action::VARCHAR AS what, successful AS accepted,
        0.0 AS amount FROM sessions
    UNION ALL
    SELECT "at", customer_id, event_id, channel::VARCHAR, approved, amount FROM transactions
)
SELECT epoch(acts."at") / 3600 AS "at", what, accepted, amount, observed_at,
    acts.event_id = known.event_id AS is_stranger
FROM acts JOIN known USING (customer_id)
WHERE acts."at" BETWEEN onset_at - INTERVAL {_AROUND} HOUR AND ended_at + INTERVAL {_AROUND} HOUR
ORDER BY acts."at"
"""  # noqa: S608 - our own constants


def ring(source: Source) -> list[Plot]:
    """A campaign of card testing, card by card."""
    rows = source.ask(_RING)
    if not len(rows):
        return []
    day, place, amount = (rows[name].to_numpy() for name in ("day", "place", "amount"))
    is_test, is_approved = (
        rows[name].to_numpy(zero_copy_only=False) for name in ("is_test", "approved")
    )
    cards = dict(zip(place.tolist(), rows["card_id"].to_pylist(), strict=True))
    shown = [str(card) for number, card in cards.items() if number < _MOST_CARDS]
    part = f", {len(shown)} of them shown" if len(shown) < len(cards) else ""
    n_used = len(np.unique(place[~is_test]))
    taken = amount[~is_test & is_approved].sum()
    end = 1.05 * float(day.max()) + 0.2
    return [
        Plot(
            title=f"A ring tests {len(cards)} cards{part}",
            x="time since the first test [days]",
            y="",
            bars=_acts_on_cards(rows.filter(pa.array(place < _MOST_CARDS)), end),
            rows=shown,
            alt=f"{is_test.sum()} tests of {len(cards)} cards within {day[is_test].max():.1f} "
            f"days, {is_approved[is_test].sum()} of them approved. Of the cards {n_used} were used "
            f"afterwards, until day {day.max():.0f}, for {taken:,.0f} EUR.",
            x_range=(0.0, end),
        )
    ]


def _acts_on_cards(rows: pa.Table, end: float) -> list[Bars]:
    """The payments tried with cards, and when each was blocked, if before `end` [days]."""
    day, place = rows["day"].to_numpy(), rows["place"].to_numpy()
    is_test, is_approved = (
        rows[name].to_numpy(zero_copy_only=False) for name in ("is_test", "approved")
    )
    bars = []
    for name, ours in (
        # What was approved lies on top: it is what a ring is after.
        ("test declined", is_test & ~is_approved),
        ("test approved", is_test & is_approved),
        ("use declined", ~is_test & ~is_approved),
        ("use approved", ~is_test & is_approved),
    ):
        start = day[ours]
        bars.append(Bars(name=name, row=place[ours], start=start, stop=start + end * _MARK))
    blocked = rows["blocked_day"].cast(pa.float64()).fill_null(np.inf).to_numpy()
    _, once = np.unique(place, return_index=True)
    known = once[(blocked[once] >= 0.0) & (blocked[once] < end)]
    start = blocked[known]
    bars.append(Bars(name="card blocked", row=place[known], start=start, stop=start + end * _MARK))
    return bars


def takeover(source: Source) -> list[Plot]:
    """A bank account in a stranger's hands, step by step."""
    rows = source.ask(_TAKEOVER).to_pylist()
    if not rows:
        return []
    start = min(row["at"] for row in rows if row["is_stranger"])
    last = max(row["at"] for row in rows if row["is_stranger"]) - start
    owners = [
        f"{'stranger' if row['is_stranger'] else 'customer'}: {row['what'].replace('_', ' ')}"
        for row in rows
    ]
    names = sorted(set(owners), key=lambda name: (name.startswith("stranger"), owners.index(name)))
    end = last + _AROUND
    at = np.array([row["at"] - start for row in rows])
    place = np.array([names.index(owner) for owner in owners])
    accepted = np.array([row["accepted"] for row in rows], np.bool_)
    bars = [
        Bars(name=name, row=place[ours], start=at[ours], stop=at[ours] + end * _MARK)
        for name, ours in (("accepted", accepted), ("refused", ~accepted))
    ]
    moved = sum(r["amount"] for r in rows if r["is_stranger"] and r["accepted"])
    known = rows[0]["observed_at"]
    delay = None if known is None else known - start
    told = "never" if delay is None else f"{delay / 24:.1f} days after the first login"
    return [
        Plot(
            title=f"{moved:,.0f} EUR leave an account; the bank knows {told}",
            x="time since the stranger's first login [h]",
            y="",
            bars=bars,
            rows=names,
            marks=[("the bank knows", delay)] if delay is not None and delay < end else [],
            alt=f"{sum(r['is_stranger'] for r in rows)} acts of a stranger in {last:.1f} h move "
            f"{moved:,.0f} EUR; the bank knows of them {told}.",
            x_range=(-_AROUND, end),
        )
    ]
