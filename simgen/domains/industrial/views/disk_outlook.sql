-- What disks count, and whether the disk fails within the horizon: all but those of which, failure
-- or not, records end within it, and disks that are taken out sound within it.
SELECT
    * EXCLUDE (label, "at"),
    epoch("at") / 3600 AS "at",
    fails_soon AS label
FROM smart
WHERE fails_soon IS NOT NULL
