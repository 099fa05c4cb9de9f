-- What disks count, and whether the disk fails within the horizon, where one can know.
SELECT
    * EXCLUDE (label, "at"),
    epoch("at") / 3600 AS "at",
    fails_soon AS label
FROM smart
WHERE fails_soon IS NOT NULL
