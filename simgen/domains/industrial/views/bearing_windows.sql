-- What was measured on vibration windows, and whether the bearing had a spall.
SELECT
    * EXCLUDE ("at"),
    epoch("at") / 3600 AS "at"
FROM windows
WHERE sensor_fault = ''
