-- Disks: from when to when they were watched, and whether they failed or were suspected to.
SELECT
    disk_id,
    model::VARCHAR AS model,
    entry_age / 24.0 AS first_age,
    (entry_age + use_time) / 24.0 AS last_age,
    removal IN ('failure', 'suspicion') AS label,
    1.0::DOUBLE AS weight
FROM disks
WHERE use_time > 0
