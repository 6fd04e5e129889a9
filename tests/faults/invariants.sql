-- What must hold at any time once the system has been left quiet. Every query returns the rows that break it;
-- :now is the time by the system's own clock, :patience how long it may take to get to something.

-- @cells count what stands in them, and never too much
SELECT slots.id FROM slots LEFT JOIN appointment_slots taken ON taken.slot_id = slots.id
GROUP BY slots.id HAVING count(taken.slot_id) <> slots.booked_count OR count(taken.slot_id) > slots.capacity;

-- @only live appointments stand in cells, and all of them do
SELECT one.id FROM appointments one LEFT JOIN appointment_slots taken ON taken.appointment_id = one.id
GROUP BY one.id HAVING (count(taken.slot_id) = 0) <> (one.status IN ('cancelled', 'expired'));

-- @no hold was given for longer than a waiting list keeps it
SELECT id FROM appointments WHERE status = 'reserved' AND reserved_until > updated_at + interval '30 minutes';

-- @no hold outlives its end by more than a sweep
SELECT id FROM appointments WHERE status = 'reserved' AND reserved_until < :now - :patience;

-- @each change of an appointment is in the audit log
SELECT one.id FROM appointments one
LEFT JOIN audit_log entry ON entry.entity_type = 'appointment' AND entry.entity_id = one.id
GROUP BY one.id HAVING count(entry.id) <> one.version;

-- @only legal steps, in an unbroken chain
SELECT id FROM (
    SELECT id, before ->> 'status' AS came_from, after ->> 'status' AS went_to,
        lag(after ->> 'status') OVER (PARTITION BY entity_id ORDER BY id) AS was
    FROM audit_log WHERE entity_type = 'appointment'
) step
WHERE came_from IS DISTINCT FROM was OR (came_from <> went_to AND (came_from, went_to) NOT IN (
    ('reserved', 'confirmed'), ('reserved', 'expired'), ('reserved', 'cancelled'), ('expired', 'confirmed'),
    ('confirmed', 'in_progress'), ('confirmed', 'completed'), ('confirmed', 'no_show'), ('confirmed', 'cancelled'),
    ('in_progress', 'completed')));

-- @nobody acted on another customer's appointment
SELECT entry.id FROM audit_log entry
JOIN appointments one ON entry.entity_type = 'appointment' AND entry.entity_id = one.id
WHERE entry.actor LIKE 'customer:%' AND entry.actor <> 'customer:' || one.user_id;

-- @whoever is to be reminded will be
SELECT one.id FROM appointments one JOIN workshops house ON house.id = one.workshop_id AND house.remind_day_before
WHERE one.status = 'confirmed' AND one.start_time > :now + interval '4 days'
    AND NOT EXISTS (SELECT FROM reminders WHERE appointment_id = one.id AND appointment_version = one.version
        AND kind = 'day_before' AND state = 'planned');

-- @no reminder is planned for what is not booked, or is booked otherwise
SELECT reminders.id FROM reminders JOIN appointments one ON one.id = reminders.appointment_id
WHERE reminders.state = 'planned' AND (one.version <> reminders.appointment_version
    OR (reminders.kind IN ('day_before', 'hours_before') AND one.status <> 'confirmed'));

-- @no reminder is left lying
SELECT id FROM reminders WHERE state = 'planned' AND due_at < :now - :patience;

-- @no reminder is said early, nor in the quiet hours
SELECT reminders.id FROM reminders
JOIN appointments one ON one.id = reminders.appointment_id JOIN workshops house ON house.id = one.workshop_id
WHERE posted_at < due_at OR (posted_at AT TIME ZONE house.timezone)::time >= house.quiet_from
    OR (posted_at AT TIME ZONE house.timezone)::time < house.quiet_until;

-- @each reminder that was said has its letter
SELECT reminders.id FROM reminders LEFT JOIN outbox ON outbox.dedupe_key LIKE '%:' || reminders.id
    AND outbox.kind IN ('reminder', 'ready', 'no_show')
WHERE reminders.state = 'posted' AND outbox.id IS NULL;

-- @no letter that is due is left lying
SELECT id FROM outbox WHERE (state = 'pending' AND next_at < :now - :patience)
    OR (state = 'sending' AND lease_until < :now - :patience) OR (state = 'unknown' AND check_at < :now - :patience);

-- @nobody is reminded of what was cancelled before
SELECT outbox.id FROM outbox JOIN appointments one ON one.id = outbox.appointment_id
WHERE outbox.kind = 'reminder' AND outbox.state = 'sent' AND one.status = 'cancelled'
    AND outbox.sent_at > one.updated_at + interval '10 seconds';

-- @every message that came in is answered or put aside
SELECT id FROM inbox WHERE processed_at IS NULL AND received_at < :now - :patience;

-- @a letter stands where the furthest of its reports says
SELECT outbox.id FROM outbox JOIN delivery_reports report USING (channel, provider_id)
WHERE array_position(ARRAY['accepted', 'sent', 'delivered', 'read', 'failed'], report.status)
    > coalesce(array_position(ARRAY['accepted', 'sent', 'delivered', 'read', 'failed'], outbox.delivery), 0);

-- @words are forgotten in time
SELECT id FROM inbox WHERE received_at < :now - interval '32 days' AND processed_at IS NOT NULL AND body <> '{}'
UNION ALL SELECT id FROM outbox WHERE sent_at < :now - interval '92 days' AND body <> '{}';
