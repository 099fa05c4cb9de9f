-- Purchases at online media shops by those who first bought there within $cohort_days of the start,
-- followed for $horizon_days: one row per customer, shop and day. A shop's log does not hold what a
-- thief bought: it was charged back.
WITH days AS (
    SELECT
        customer_id,
        merchant_id,
        date_diff('day', (SELECT min("at") FROM transactions), "at") AS day,
        sum(amount) AS amount,
        max(event_id) AS event_id,
        arg_max(event_kind, event_id) AS event_kind,
        arg_max(lookalike_of, event_id) AS lookalike_of,
        any_value(weight) AS weight
    FROM transactions
    WHERE merchant_category = 'media' AND channel = 'ecommerce' AND approved AND NOT label
    GROUP BY ALL
    HAVING sum(amount) > 0
), cohort AS (
    SELECT *
    FROM days
    WHERE day < $horizon_days
    QUALIFY min(day) OVER (PARTITION BY customer_id, merchant_id) < $cohort_days
)
SELECT
    customer_id,
    merchant_id,
    concat_ws('/', customer_id, merchant_id) AS buyer,
    day,
    amount,
    amount / coalesce(getvariable('median_amount'), median(amount) OVER ()) AS relative_amount,
    day - lag(day) OVER (PARTITION BY customer_id, merchant_id ORDER BY day) AS gap_days,
    row_number() OVER (PARTITION BY customer_id, merchant_id ORDER BY day) AS purchase_number,
    false AS label,
    event_kind,
    event_id,
    lookalike_of,
    weight
FROM cohort
