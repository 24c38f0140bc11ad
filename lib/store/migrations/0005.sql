-- SPDX-License-Identifier: MIT
-- Orders that are paid later than they are made, and what was paid for them.

-- What ends by itself: holds, and orders that await payment (state 6).
DROP INDEX orders_held;
CREATE INDEX orders_due ON orders (expires) WHERE state IN (1, 6);

-- How an order stands with its money (enum money_word; 0: nothing was owed or paid). Orders without counters are paid.
ALTER TABLE order_money ADD COLUMN word BIGINT NOT NULL DEFAULT 0;
UPDATE order_money SET word = (
	SELECT CASE
		WHEN captured - refunded > o.total - credited THEN CASE WHEN o.state = 5 THEN 5 ELSE 4 END
		WHEN captured - refunded < o.total - credited THEN CASE WHEN captured > refunded THEN 2 ELSE 1 END
		WHEN o.total > credited OR o.total = 0 THEN 3
		WHEN captured > 0 THEN 6
		ELSE 0 END
	FROM orders o WHERE o.id = order_money.orders);
CREATE INDEX order_money_word ON order_money (word, orders) WHERE word <> 3;

-- What was said of a payment that was recorded by hand; refund is what was given back of it at once.
CREATE TABLE payment_note (
	payment BIGINT PRIMARY KEY REFERENCES payment (id),
	recorded BIGINT NOT NULL,
	reference TEXT,          -- may name persons
	refund BIGINT REFERENCES refund (id)
);
CREATE INDEX payment_bank ON payment (at, id) WHERE kind = 3;

-- Postings of an order but for the two of a sale that was paid at once: a day's are found by these and by its sales.
CREATE INDEX posting_later ON posting (seq) WHERE id % 1024 > 2;
