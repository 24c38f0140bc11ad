-- SPDX-License-Identifier: MIT
-- A refund that was withdrawn does not count: the ticket may be refunded again.

DROP INDEX refund_once;
CREATE UNIQUE INDEX refund_once ON refund (ticket) WHERE ticket IS NOT NULL AND state <> 3;
