/* SPDX-License-Identifier: MIT */
/* Places on the globe for the search of events: a mark of the cell that a place lies in, in four
 * sizes of cells, and the marks of all cells that a circle touches. Degrees are millionths. How
 * marks are made is kept in the store: never to be changed. */
#ifndef TIX_BASE_GEO_H
#define TIX_BASE_GEO_H

#include <stdbool.h>
#include <stdint.h>

struct buf;

struct geo {
	int64_t latitude, longitude;
};

/* "LAT,LON" in degrees. */
bool geo_parse(const char *text, struct geo *ret);

/* Kilometres along the surface. */
double geo_distance(struct geo a, struct geo b);

bool geo_within(struct geo a, struct geo b, int64_t km);

/* The marks of a place, each after a blank. */
void geo_marks(struct buf *b, struct geo at);

/* The marks of cells that a circle touches, joined by OR, of the smallest cells of which a few
 * will do. Returns how many; 0: so many that they are no help. */
int geo_cover(struct buf *b, struct geo at, int64_t km);

#endif
