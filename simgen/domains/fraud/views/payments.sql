-- Approved payments, and whether they were frauds.
SELECT
    * EXCLUDE ("at"),
    epoch("at") / 3600 AS "at"
FROM transactions
WHERE approved
