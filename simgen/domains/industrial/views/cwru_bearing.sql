-- Vibration windows near the rated speed of sound bearings and of visible spalls, as a rig with good
-- sensors and steady load records them; of some with spalls the samples, for an expert to look at.
WITH examples AS (
    SELECT window_id AS example, acceleration, sample_rate
    FROM waveforms
    WHERE window_id IN (SELECT window_id FROM waveforms ORDER BY hash(window_id) LIMIT 1000)
)
SELECT
    w.bearing_id,
    w.rms,
    w.kurtosis,
    w.crest_factor,
    w.mean_frequency,
    w.label,
    w.weight,
    w.speed,
    e.example,
    e.acceleration,
    e.sample_rate
FROM windows AS w
JOIN machines AS m USING (machine_id)
LEFT JOIN examples AS e ON w.window_id = e.example AND w.label
WHERE w.sensor_fault = ''
  AND w.lookalike_of = ''
  AND (NOT w.label OR w.spall_share >= 0.1)
  AND abs(w.speed / m.rated_speed - 1) < 0.05
