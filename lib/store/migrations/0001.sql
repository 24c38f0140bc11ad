-- SPDX-License-Identifier: MIT
-- The first tables. BIGINT, TEXT and BYTEA only: the SQLite driver writes INTEGER and BLOB instead and makes the
-- tables STRICT, and clusters those marked so by their key. What one engine alone understands stands between a line
-- "-- sqlite:" or "-- postgres:" and a line "-- all:". Times are UTC microseconds, money minor units, degrees millionths.
-- Rows that belong to an order have the id order * 1024 + n: found and kept beside each other without an index.

-- What the store says of itself, e.g. which key file is its own.
CREATE TABLE meta (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
);

CREATE TABLE organizer (
	id BIGINT PRIMARY KEY,
	slug TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	created BIGINT NOT NULL
);

CREATE TABLE venue (
	id BIGINT PRIMARY KEY,
	organizer BIGINT NOT NULL REFERENCES organizer (id),
	slug TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	address TEXT,
	city TEXT,
	country TEXT,
	latitude BIGINT,
	longitude BIGINT,
	zone TEXT NOT NULL,
	created BIGINT NOT NULL
);

CREATE TABLE event (
	id BIGINT PRIMARY KEY,
	organizer BIGINT NOT NULL REFERENCES organizer (id),
	slug TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	description TEXT,
	type TEXT,
	tags TEXT NOT NULL,      -- JSON array of text
	status BIGINT NOT NULL CHECK (status BETWEEN 1 AND 4),
	start_at BIGINT NOT NULL,
	end_at BIGINT,
	doors_at BIGINT,
	venue BIGINT REFERENCES venue (id),
	zone TEXT NOT NULL,
	currency TEXT NOT NULL,
	doc TEXT NOT NULL,       -- JSON object
	created BIGINT NOT NULL
);
CREATE INDEX event_start ON event (start_at, id);
CREATE INDEX event_venue ON event (venue);
CREATE INDEX event_organizer ON event (organizer);

CREATE TABLE category (
	id BIGINT PRIMARY KEY,
	event BIGINT NOT NULL REFERENCES event (id),
	name TEXT NOT NULL,
	title TEXT,
	price BIGINT NOT NULL CHECK (price >= 0),
	position BIGINT NOT NULL,
	sale_from BIGINT,
	sale_to BIGINT,
	min_count BIGINT NOT NULL CHECK (min_count >= 1),
	max_count BIGINT,
	hidden BIGINT NOT NULL CHECK (hidden IN (0, 1)),
	created BIGINT NOT NULL,
	UNIQUE (event, name)
);

-- The only place where stock is counted; the last guard against overselling.
CREATE TABLE quota (
	id BIGINT PRIMARY KEY,
	event BIGINT NOT NULL REFERENCES event (id),
	name TEXT NOT NULL,
	size BIGINT NOT NULL CHECK (size >= 0),
	overbook BIGINT NOT NULL CHECK (overbook >= 0),
	blocked BIGINT NOT NULL CHECK (blocked >= 0),
	held BIGINT NOT NULL CHECK (held >= 0),
	sold BIGINT NOT NULL CHECK (sold >= 0),
	created BIGINT NOT NULL,
	UNIQUE (event, name),
	CHECK (held + sold + blocked <= size + overbook)
);

CREATE TABLE quota_category ( -- clustered
	category BIGINT NOT NULL REFERENCES category (id),
	quota BIGINT NOT NULL REFERENCES quota (id),
	PRIMARY KEY (category, quota)
);
CREATE INDEX quota_category_quota ON quota_category (quota, category);

-- The buyer of one order. An address does not change in place: a changed one is a new row.
CREATE TABLE person (
	id BIGINT PRIMARY KEY,
	orders BIGINT NOT NULL,
	name TEXT,
	email TEXT,
	phone TEXT,
	country TEXT,
	postcode TEXT,
	locale TEXT
);

-- A hold is an order in state 1 (held). created never runs backwards with id: a time is found by halving.
CREATE TABLE orders (
	id BIGINT PRIMARY KEY,
	event BIGINT NOT NULL REFERENCES event (id),
	state BIGINT NOT NULL,
	created BIGINT NOT NULL,
	tickets BIGINT NOT NULL,
	total BIGINT NOT NULL CHECK (total >= 0),
	pay BIGINT,
	person BIGINT REFERENCES person (id),
	channel TEXT,
	note TEXT,
	expires BIGINT
);
CREATE INDEX orders_event ON orders (event, id);
CREATE INDEX orders_held ON orders (expires) WHERE state = 1;
CREATE INDEX orders_unsold ON orders (state, id) WHERE state <> 2;

CREATE TABLE line (
	id BIGINT PRIMARY KEY,
	category BIGINT NOT NULL REFERENCES category (id),
	count BIGINT NOT NULL CHECK (count > 0),
	price BIGINT NOT NULL CHECK (price >= 0)
);

CREATE TABLE ticket (
	id BIGINT PRIMARY KEY,
	category BIGINT NOT NULL REFERENCES category (id),
	price BIGINT NOT NULL,
	generation BIGINT NOT NULL,
	state BIGINT NOT NULL
);

CREATE TABLE payment (
	id BIGINT PRIMARY KEY,
	kind BIGINT NOT NULL,
	amount BIGINT NOT NULL CHECK (amount > 0),
	state BIGINT NOT NULL,
	at BIGINT NOT NULL
);

-- One row is one posting of double entry: amount goes from credit to debit. Append-only.
CREATE TABLE posting (
	id BIGINT PRIMARY KEY,
	debit BIGINT NOT NULL,
	credit BIGINT NOT NULL CHECK (credit <> debit),
	amount BIGINT NOT NULL CHECK (amount > 0),
	currency TEXT NOT NULL,
	seq BIGINT NOT NULL
);

-- Append-only; hash chains each record to the one before.
CREATE TABLE journal (
	seq BIGINT PRIMARY KEY,
	at BIGINT NOT NULL,
	actor TEXT NOT NULL,
	topic TEXT NOT NULL,
	subject TEXT NOT NULL,
	event BIGINT,
	data TEXT NOT NULL,
	request TEXT,
	reason TEXT,             -- may name persons: erasing them blanks it, the chain holds reason_mac
	reason_mac BYTEA,
	hash BYTEA NOT NULL
);

-- One key, one effect. Nothing of the reply is kept: subject is shown again as it is then.
CREATE TABLE idem ( -- clustered
	principal BIGINT NOT NULL,
	key BYTEA NOT NULL,
	params BYTEA NOT NULL,
	subject BIGINT NOT NULL,
	seq BIGINT NOT NULL,
	PRIMARY KEY (principal, key)
);

-- Look-up keys of orders as sorted runs: those that lookup_run names are complete and never change, they are only
-- merged. Others are left-overs.
CREATE TABLE lookup ( -- clustered
	kind BIGINT NOT NULL,
	run BIGINT NOT NULL,
	hash BIGINT NOT NULL,
	orders BIGINT NOT NULL,
	PRIMARY KEY (kind, run, hash, orders)
);
CREATE TABLE lookup_run (
	kind BIGINT NOT NULL,
	run BIGINT NOT NULL,
	level BIGINT NOT NULL,
	rows BIGINT NOT NULL,
	upto BIGINT NOT NULL,    -- every person up to this id is in this run or one with a lower upto
	PRIMARY KEY (kind, run)
);
