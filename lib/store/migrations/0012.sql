-- SPDX-License-Identifier: MIT
-- Lines of imports that jobs do: each is kept until it is done, since it holds data of persons.

CREATE TABLE job_line (
	id BIGINT PRIMARY KEY,   -- job * 2^32 + number of the line
	data TEXT NOT NULL       -- the record as JSON
);
