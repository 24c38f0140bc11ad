-- SPDX-License-Identifier: MIT
-- What an order went through, and who its tickets are for.

-- Records of orders in the journal, the first of each aside: that one is found by the time the order was made, so
-- that a sale writes nothing here.
CREATE TABLE order_record ( -- clustered
	orders BIGINT NOT NULL,
	seq BIGINT NOT NULL,
	PRIMARY KEY (orders, seq)
);

-- Who a ticket is for, where somebody said so.
CREATE TABLE holder (
	ticket BIGINT PRIMARY KEY REFERENCES ticket (id),
	name TEXT,
	email TEXT
);
