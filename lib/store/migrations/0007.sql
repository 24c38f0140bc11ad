-- SPDX-License-Identifier: MIT
-- Orders that were made in another store.

-- When it was made there, and the digest of the record that it came as: the same record again changes nothing.
CREATE TABLE imported (
	orders BIGINT PRIMARY KEY REFERENCES orders (id),
	created BIGINT NOT NULL,
	digest BYTEA NOT NULL
);

-- Codes that it had before. A code is kept as the id that it would stand for here; that id is never given to an order.
CREATE TABLE alias (
	code BIGINT PRIMARY KEY,
	orders BIGINT NOT NULL REFERENCES orders (id)
);
CREATE INDEX alias_orders ON alias (orders);
