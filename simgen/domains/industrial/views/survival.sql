-- Lives of bearings as survival analysis reads them: hours in use, whether the bearing seized
-- (otherwise its life is censored), and the hour in use from which it was watched.
SELECT bearing_id, machine_id, use_time AS duration, failed AS event, 0.0 AS entry
FROM bearings
WHERE use_time > 0
