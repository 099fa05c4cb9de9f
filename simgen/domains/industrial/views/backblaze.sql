-- Disks at every 30 days of age: what they had counted 30 days ago, and what has come since.
-- As at Backblaze, a disk that is taken out on suspicion counts as failed.
WITH lives AS (
    SELECT
        d.disk_id,
        any_value(d.model) AS model,
        any_value(d.entry_age + d.use_time) AS last_age,
        min(s.smart_9_raw) AS first_age,
        any_value(d.removal IN ('failure', 'suspicion')) AS failed
    FROM disks AS d
    JOIN smart AS s USING (disk_id)
    GROUP BY d.disk_id
),
marks AS (
    SELECT
        * EXCLUDE (first_age),
        unnest(range((first_age // 720 + 1) * 720, ceil(last_age)::BIGINT, 720)) AS age
    FROM lives
)
SELECT
    m.disk_id,
    m.model::VARCHAR AS model,
    m.age / 24.0 AS age,
    now.smart_12_raw AS power_cycles,
    coalesce(past.smart_5_raw, 0) AS reallocated_before,
    now.smart_5_raw - reallocated_before AS reallocated_rise,
    coalesce(past.smart_197_raw, 0) AS pending_before,
    now.smart_197_raw AS pending,
    coalesce(past.smart_187_raw, 0) AS uncorrectable_before,
    coalesce(now.smart_187_raw, 0) - uncorrectable_before AS uncorrectable_rise,
    coalesce(now.smart_188_raw, 0) AS timeouts,
    coalesce(now.smart_189_raw, 0) AS high_fly,
    -- Most disks have counted nothing, of which an expert sees nothing.
    CASE
        WHEN reallocated_before + reallocated_rise + pending + uncorrectable_before
            + uncorrectable_rise > 0 THEN m.disk_id
    END AS example,
    m.failed AND m.last_age - m.age <= 720 AS label,
    now.event_kind,
    now.event_id,
    now.lookalike_of,
    1.0::DOUBLE AS weight
FROM marks AS m
ASOF JOIN smart AS now ON m.disk_id = now.disk_id AND m.age >= now.smart_9_raw
ASOF LEFT JOIN smart AS past ON m.disk_id = past.disk_id AND m.age - 720 >= past.smart_9_raw
WHERE m.failed OR m.last_age - m.age >= 720
