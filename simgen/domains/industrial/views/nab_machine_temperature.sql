-- Hours of a machine's temperature beside those of the week before; positive within a day of the
-- first sign of a defect or of its end, as Numenta's windows lie about what somebody noted.
WITH hours AS (
    SELECT
        machine_id,
        date_trunc('hour', "at") AS "hour",
        avg(temperature) AS temperature,
        stddev_pop(temperature) AS spread,
        any_value(weight) AS weight
    FROM telemetry
    WHERE temperature IS NOT NULL
    GROUP BY ALL
    HAVING count(*) >= 4
),
beside AS (
    SELECT
        *,
        quantile_cont(temperature, [0.25, 0.5, 0.75]) OVER past AS usual,
        count(*) OVER past AS n_past,
        lag(temperature) OVER machine AS before,
        date_diff('hour', lag("hour") OVER machine, "hour") AS gap
    FROM hours
    WINDOW
        past AS (
            PARTITION BY machine_id ORDER BY "hour"
            RANGE BETWEEN INTERVAL 7 DAYS PRECEDING AND INTERVAL 1 HOUR PRECEDING
        ),
        machine AS (PARTITION BY machine_id ORDER BY "hour")
),
noted AS (
    SELECT entity_id, unnest([detectable_at, ended_at]) AS "at"
    FROM events
    WHERE lookalike_of = '' AND detectable_at IS NOT NULL
)
SELECT
    h.machine_id,
    epoch(h."hour") / 3600 AS "at",
    weekofyear(h."hour") AS week,
    (h.temperature - h.usual[2]) / (h.usual[3] - h.usual[1]) AS level,
    (h.temperature - h.before) / (h.usual[3] - h.usual[1]) AS change,
    h.spread / (h.usual[3] - h.usual[1]) AS spread,
    count(n."at") > 0 AS label,
    any_value(h.weight) AS weight
FROM beside AS h
LEFT JOIN noted AS n
    ON h.machine_id = n.entity_id
    AND n."at" BETWEEN h."hour" - INTERVAL 24 HOURS AND h."hour" + INTERVAL 24 HOURS
WHERE h.gap = 1 AND h.n_past >= 40 AND h.usual[3] > h.usual[1]
GROUP BY ALL
