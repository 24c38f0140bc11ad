-- SPDX-License-Identifier: MIT
-- Long work, done in slices.

-- Who began it is kept with it: it goes on as them. cursor is the last subject that was tried; phase and again say
-- where a retry is. A daemon works on a running job while lease_until has not passed (times of deadlines).
CREATE TABLE job (
	id BIGINT PRIMARY KEY,
	kind BIGINT NOT NULL,
	state BIGINT NOT NULL,
	event BIGINT REFERENCES event (id),
	principal BIGINT NOT NULL,
	uid BIGINT NOT NULL,
	roles BIGINT NOT NULL,
	actor TEXT NOT NULL,
	scope_organizer TEXT NOT NULL,
	scope_event TEXT NOT NULL,
	params TEXT NOT NULL,    -- JSON object, the kind's own
	mark TEXT NOT NULL,      -- JSON object, where the kind is with what is not in the store
	reason TEXT,
	error TEXT,              -- why it failed as a whole
	created BIGINT NOT NULL,
	ended BIGINT,
	total BIGINT NOT NULL,
	done BIGINT NOT NULL CHECK (done >= 0),
	failed BIGINT NOT NULL CHECK (failed >= 0),
	skipped BIGINT NOT NULL CHECK (skipped >= 0),
	phase BIGINT NOT NULL,
	cursor BIGINT NOT NULL,
	again BIGINT NOT NULL,
	rate BIGINT NOT NULL,    -- items a second, 0: as fast as it goes
	next_at BIGINT NOT NULL,
	holder BIGINT NOT NULL,  -- 0: nobody
	lease_until BIGINT NOT NULL
);
CREATE INDEX job_running ON job (id) WHERE state = 1;
CREATE INDEX job_event ON job (event, id);

-- What became of each subject, once it was tried. message is ours, without names of persons.
CREATE TABLE job_item ( -- clustered
	job BIGINT NOT NULL REFERENCES job (id),
	subject BIGINT NOT NULL,
	state BIGINT NOT NULL,
	error TEXT,
	message TEXT,
	seq BIGINT,              -- newest record of what it did
	PRIMARY KEY (job, subject)
);
CREATE INDEX job_item_failed ON job_item (job, subject) WHERE state = 2;
