-- Card payments as a processor hands them over: approved, in shops and online.
SELECT
    customer_id,
    amount,
    date_part('epoch', "at") % 86400 / 3600.0 AS hour,
    label,
    weight
FROM transactions
WHERE channel IN ('card_present', 'ecommerce') AND approved
