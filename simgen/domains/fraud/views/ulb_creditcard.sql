-- Card payments as a processor hands them over: approved, in shops and online.
SELECT
    transaction_id,
    customer_id,
    date_part('epoch', "at") % 86400 / 3600.0 AS hour,
    amount,
    label,
    event_kind,
    event_id,
    lookalike_of,
    weight
FROM transactions
WHERE channel IN ('card_present', 'ecommerce') AND approved
