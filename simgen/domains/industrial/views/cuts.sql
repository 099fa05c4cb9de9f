-- What sensors read on cuts, and whether the tool was worn or broken, or the mill had a defect.
SELECT
    * EXCLUDE ("at"),
    epoch("at") / 3600 AS "at"
FROM cuts
