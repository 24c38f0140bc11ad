-- SPDX-License-Identifier: MIT
-- How far a reader has come: the last record of the journal that somebody's run under a name looked at.

CREATE TABLE bookmark (
	id BIGINT PRIMARY KEY,
	principal BIGINT NOT NULL,
	name TEXT NOT NULL,
	seq BIGINT NOT NULL CHECK (seq >= 0),
	at BIGINT NOT NULL,      -- when it was moved last
	UNIQUE (principal, name)
);
