-- SPDX-License-Identifier: MIT
-- Giving money back.

-- What goes back, and to which ticket; credit is what the order owes less by it.
CREATE TABLE refund (
	id BIGINT PRIMARY KEY,
	kind BIGINT NOT NULL,
	amount BIGINT NOT NULL CHECK (amount > 0),
	fee BIGINT NOT NULL CHECK (fee >= 0),
	credit BIGINT NOT NULL,
	state BIGINT NOT NULL,
	at BIGINT NOT NULL,
	done BIGINT,
	ticket BIGINT REFERENCES ticket (id)
);
CREATE INDEX refund_pending ON refund (id) WHERE state = 1;
CREATE UNIQUE INDEX refund_once ON refund (ticket) WHERE ticket IS NOT NULL;

-- Counters of an order that was cancelled or refunded; the last guard against giving back too much.
CREATE TABLE order_money (
	orders BIGINT PRIMARY KEY REFERENCES orders (id),
	captured BIGINT NOT NULL,
	refunded BIGINT NOT NULL CHECK (refunded >= 0),
	credited BIGINT NOT NULL,
	CHECK (refunded <= captured)
);

-- What is booked and what is noted stays as it is. A reason names people and may have to be blanked.
-- sqlite:
CREATE TRIGGER posting_update BEFORE UPDATE ON posting BEGIN
	SELECT RAISE(ABORT, 'posting is append-only');
END;
CREATE TRIGGER posting_delete BEFORE DELETE ON posting BEGIN
	SELECT RAISE(ABORT, 'posting is append-only');
END;
CREATE TRIGGER journal_update
BEFORE UPDATE OF seq, at, actor, topic, subject, event, data, request, reason_mac, hash ON journal BEGIN
	SELECT RAISE(ABORT, 'journal is append-only');
END;
CREATE TRIGGER journal_delete BEFORE DELETE ON journal BEGIN
	SELECT RAISE(ABORT, 'journal is append-only');
END;
-- postgres:
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER posting_fixed BEFORE UPDATE OR DELETE ON posting FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER journal_fixed
BEFORE UPDATE OF seq, at, actor, topic, subject, event, data, request, reason_mac, hash OR DELETE ON journal
FOR EACH ROW EXECUTE FUNCTION append_only();
-- all:
