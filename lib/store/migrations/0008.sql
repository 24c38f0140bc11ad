-- SPDX-License-Identifier: MIT
-- What a catalogue keeps beside what it sells.

-- Former slugs of an event: each finds it still, and is nobody else's while it does.
CREATE TABLE event_slug ( -- clustered
	slug TEXT PRIMARY KEY,
	event BIGINT NOT NULL REFERENCES event (id),
	at BIGINT NOT NULL
);
CREATE INDEX event_slug_event ON event_slug (event);

-- The sales that are aimed at: a JSON array of {"days": before the start, "count": tickets}, from far to near.
ALTER TABLE event ADD COLUMN target TEXT;

-- A window that follows the event, as it was typed; sale_from and sale_to are what it comes to now.
ALTER TABLE category ADD COLUMN sale_from_rule TEXT;
ALTER TABLE category ADD COLUMN sale_to_rule TEXT;

-- Who keeps back which seats and why; quota.blocked is their sum. A reason may name persons.
CREATE TABLE quota_block (
	id BIGINT PRIMARY KEY,
	quota BIGINT NOT NULL REFERENCES quota (id),
	count BIGINT NOT NULL CHECK (count > 0),
	reason TEXT,
	actor TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX quota_block_quota ON quota_block (quota, id);
INSERT INTO quota_block (id, quota, count, reason, actor, at)
SELECT id, id, blocked, NULL, 'tixd', created FROM quota WHERE blocked > 0;

-- The last ids of what was deleted: none is given twice.
CREATE TABLE last_id ( -- clustered
	kind BIGINT PRIMARY KEY,
	id BIGINT NOT NULL
);
