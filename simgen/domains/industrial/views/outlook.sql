-- Readings of machines, and whether the machine fails within the horizon: all but those of which,
-- failure or not, records end within it.
SELECT
    * EXCLUDE (label, "at"),
    epoch("at") / 3600 AS "at",
    fails_soon AS label
FROM telemetry
WHERE fails_soon IS NOT NULL
