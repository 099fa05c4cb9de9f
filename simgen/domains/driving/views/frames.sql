-- What the ego's instruments say, and whether it is in a critical situation.
SELECT
    * EXCLUDE ("at"),
    epoch("at") / 3600 AS "at"
FROM frames
