-- SPDX-License-Identifier: MIT
-- Erasing a person: when it was done, and a way to the reasons, which may name persons.

ALTER TABLE person ADD COLUMN erased BIGINT;
CREATE INDEX journal_reason ON journal (seq) WHERE reason IS NOT NULL;
