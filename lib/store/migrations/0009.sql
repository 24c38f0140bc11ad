-- SPDX-License-Identifier: MIT
-- Search of events by place: the cells that a venue lies in are marks too, in four sizes (millionths of a degree).

UPDATE event_fts SET marks = marks || (
	SELECT ' g0r' || ((v.latitude + 90000000) / 250000) || 'c' || ((v.longitude + 180000000) % 360000000 / 250000) ||
		' g1r' || ((v.latitude + 90000000) / 1000000) || 'c' || ((v.longitude + 180000000) % 360000000 / 1000000) ||
		' g2r' || ((v.latitude + 90000000) / 4000000) || 'c' || ((v.longitude + 180000000) % 360000000 / 4000000) ||
		' g3r' || ((v.latitude + 90000000) / 20000000) || 'c' || ((v.longitude + 180000000) % 360000000 / 20000000)
	FROM event e JOIN venue v ON v.id = e.venue
	WHERE e.id = (event_fts.rowid & 33554431))
WHERE EXISTS (
	SELECT 1 FROM event e JOIN venue v ON v.id = e.venue
	WHERE e.id = (event_fts.rowid & 33554431) AND v.latitude IS NOT NULL AND v.longitude IS NOT NULL);
