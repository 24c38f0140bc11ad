/* SPDX-License-Identifier: MIT */
/* The globe is a ball here: half a percent off at worst, and never money. */
#include "base/geo.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

#define KM_RADIUS 6371.0
#define KM_DEGREE (KM_RADIUS * M_PI / 180)
#define COVER_MAX 24

/* Sides of cells; each divides 180 degrees. */
static const int64_t sides[] = {250000, 1000000, 4000000, 20000000};
#define SIDES ((int)(sizeof(sides) / sizeof(sides[0])))

static double radians(int64_t millionths)
{
	return (double)millionths / 1e6 * M_PI / 180;
}

static bool read_degrees(const char *text, char end, double max, int64_t *ret, const char **rest)
{
	char *stop;
	double v;

	if (!strchr("+-.0123456789", *text) || *text == '\0')
		return false;
	v = strtod(text, &stop);
	if (stop == text || *stop != end || strspn(text, "+-.0123456789") < (size_t)(stop - text) ||
	    !(v >= -max && v <= max))
		return false;
	*ret = llround(v * 1e6);
	*rest = stop;
	return true;
}

bool geo_parse(const char *text, struct geo *ret)
{
	const char *rest;

	if (!read_degrees(text, ',', 90, &ret->latitude, &rest))
		return false;
	rest++;
	return read_degrees(rest + strspn(rest, " "), '\0', 180, &ret->longitude, &rest);
}

double geo_distance(struct geo a, struct geo b)
{
	double lat = sin((radians(b.latitude) - radians(a.latitude)) / 2);
	double lon = sin((radians(b.longitude) - radians(a.longitude)) / 2);
	double h = lat * lat + cos(radians(a.latitude)) * cos(radians(b.latitude)) * lon * lon;

	return 2 * KM_RADIUS * asin(fmin(1, sqrt(h)));
}

bool geo_within(struct geo a, struct geo b, int64_t km)
{
	return geo_distance(a, b) <= (double)km;
}

static void put_mark(struct buf *b, int size, int64_t row, int64_t column)
{
	buf_printf(b, "g%dr%lldc%lld", size, (long long)row, (long long)column);
}

void geo_marks(struct buf *b, struct geo at)
{
	for (int i = 0; i < SIDES; i++) {
		buf_putc(b, ' ');
		put_mark(b, i, (at.latitude + 90000000) / sides[i],
		    (at.longitude + 180000000) % 360000000 / sides[i]);
	}
}

/* Half of the width of a circle in degrees of longitude, 180: all around. */
static double half_width(struct geo at, double degrees)
{
	double edge = fabs((double)at.latitude / 1e6) + degrees;

	if (edge >= 89)
		return 180;
	return fmin(180, degrees / cos(edge * M_PI / 180));
}

/* The cells of one size; -1: more than max. */
static int cover(struct buf *b, struct geo at, double degrees, int size, int max)
{
	double lat = (double)at.latitude + 90e6, lon = (double)at.longitude + 180e6;
	double high = degrees * 1e6, wide = half_width(at, degrees) * 1e6;
	double side = (double)sides[size];
	int64_t columns = 360000000 / sides[size];
	int64_t row = (int64_t)floor(fmax(0, lat - high) / side);
	int64_t last_row = (int64_t)floor(fmin(180e6, lat + high) / side);
	int64_t first = (int64_t)floor((lon - wide) / side);
	int64_t count = (int64_t)floor((lon + wide) / side) - first + 1;
	int n = 0;

	count = count < columns ? count : columns;
	if ((last_row - row + 1) * count > max)
		return -1;
	for (; row <= last_row; row++) {
		for (int64_t i = 0; i < count; i++, n++) {
			buf_puts(b, n ? " OR \"" : "\"");
			put_mark(b, size, row, ((first + i) % columns + columns) % columns);
			buf_putc(b, '"');
		}
	}
	return n;
}

int geo_cover(struct buf *b, struct geo at, int64_t km)
{
	double degrees = (double)km / KM_DEGREE * 1.001 + 1e-5;
	int n = -1;

	for (int i = 0; n < 0 && i < SIDES; i++)
		n = cover(b, at, degrees, i, COVER_MAX);
	return n < 0 ? 0 : n;
}
