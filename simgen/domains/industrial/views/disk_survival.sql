-- Lives of disks as survival analysis reads them: hours switched on, whether the disk failed
-- (otherwise its life is censored), and the hour from which it was watched (left truncation).
SELECT disk_id, model, entry_age + use_time AS duration, failed AS event, entry_age AS entry
FROM disks
WHERE use_time > 0
