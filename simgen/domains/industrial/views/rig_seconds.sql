-- What the sensors of a rig read each second, and whether a fault was done to it.
SELECT
    * EXCLUDE ("at"),
    epoch("at") / 3600 AS "at"
FROM telemetry
