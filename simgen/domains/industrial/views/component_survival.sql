-- Lives of components as survival analysis reads them: hours in use, whether the component
-- failed (otherwise its life is censored), and the age at which it came under observation: lives
-- that ended before are not there (left truncation).
SELECT
    component_id,
    machine_id,
    kind,
    entry_age + use_time AS duration,
    failed AS event,
    entry_age AS entry
FROM components
WHERE use_time > 0
