-- SPDX-License-Identifier: MIT
-- Search of events: by words, and by start within a venue, an organizer or a state.

DROP INDEX event_venue;
CREATE INDEX event_venue ON event (venue, start_at, id);
DROP INDEX event_organizer;
CREATE INDEX event_organizer ON event (organizer, start_at, id);
CREATE INDEX event_status ON event (status, start_at, id);
CREATE INDEX category_place ON category (event, position, id);

-- Folded words; the row number is (start in seconds << 25 | id of the event), see store/sql/catalogue.def. It keeps
-- its own text, since a delete needs the very text that went in and folding may change with a later library.
-- marks are the filters of a search as words: o and the organizer, v and the venue, s and the state.
-- sqlite:
CREATE VIRTUAL TABLE event_fts USING fts5 (
	words, place, marks, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3', columnsize = 0
);
-- postgres:
-- A lexeme's weight is its column: A words, B place, C marks.
CREATE TABLE event_fts (
	rowid BIGINT PRIMARY KEY,
	words TEXT NOT NULL,
	place TEXT NOT NULL,
	marks TEXT NOT NULL,
	lexemes TSVECTOR NOT NULL GENERATED ALWAYS AS (
		setweight(to_tsvector('simple', regexp_replace(words, '[^[:alnum:]]+', ' ', 'g')), 'A') ||
		setweight(to_tsvector('simple', regexp_replace(place, '[^[:alnum:]]+', ' ', 'g')), 'B') ||
		setweight(to_tsvector('simple', marks), 'C')) STORED
);
CREATE INDEX event_fts_lexemes ON event_fts USING gin (lexemes);
-- all:
