/* SPDX-License-Identifier: MIT */
/* TZif reader (RFC 8536) and its look-up. Files are data: every count and index is checked. */
#include "base/tzfile.h"

#include <stdlib.h>
#include <string.h>

#include "base/civil.h"

#define HEADER 44U
#define COUNT_MAX 4096U

struct header {
	uint32_t isut, isstd, leap, times, types, chars;
};

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t be64(const uint8_t *p)
{
	return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}

static int read_header(const uint8_t *p, size_t size, struct header *h)
{
	if (size < HEADER || memcmp(p, "TZif", 4) != 0 || p[4] < '2')
		return -1;
	h->isut = be32(p + 20);
	h->isstd = be32(p + 24);
	h->leap = be32(p + 28);
	h->times = be32(p + 32);
	h->types = be32(p + 36);
	h->chars = be32(p + 40);
	if (h->times > COUNT_MAX || h->types > 256 || h->types == 0 || h->chars > COUNT_MAX ||
	    h->leap > COUNT_MAX || h->isut > 256 || h->isstd > 256)
		return -1;
	return 0;
}

static size_t body_size(const struct header *h, size_t time_size)
{
	return h->times * (time_size + 1) + h->types * 6UL + h->chars + h->leap * (time_size + 4) +
	       h->isstd + h->isut;
}

static int read_types(
    const uint8_t *p, const uint8_t *chars, const struct header *h, struct tz_type *types)
{
	for (uint32_t i = 0; i < h->types; i++, p += 6) {
		uint32_t at = p[5];
		size_t n;

		types[i].offset = (int32_t)be32(p);
		if (at >= h->chars || types[i].offset < -93600 || types[i].offset > 93600)
			return -1;
		n = strnlen((const char *)chars + at, h->chars - at);
		if (n >= sizeof(types[i].abbr))
			n = sizeof(types[i].abbr) - 1;
		memcpy(types[i].abbr, chars + at, n);
	}
	return 0;
}

static int read_times(const uint8_t *p, const struct header *h, struct tz_data *tz)
{
	const uint8_t *index = p + h->times * 8UL;

	for (uint32_t i = 0; i < h->times; i++) {
		tz->at[i] = be64(p + i * 8UL);
		tz->index[i] = index[i];
		if (index[i] >= h->types || (i > 0 && tz->at[i] <= tz->at[i - 1]))
			return -1;
	}
	return 0;
}

static int read_footer(const uint8_t *p, size_t size, struct tz_rule *ret)
{
	char text[128];
	const uint8_t *end;
	size_t n;

	if (size < 2 || p[0] != '\n')
		return -1;
	end = memchr(p + 1, '\n', size - 1);
	if (!end)
		return -1;
	n = (size_t)(end - (p + 1));
	if (n >= sizeof(text))
		return -1;
	memcpy(text, p + 1, n);
	text[n] = '\0';
	return tz_rule_parse(text, ret);
}

static int read_body(const uint8_t *p, size_t size, const struct header *h, struct tz_data *tz)
{
	size_t body = body_size(h, 8);
	const uint8_t *types = p + h->times * 9UL;

	if (size < body || h->leap > 0)
		return -1;
	tz->n_at = h->times;
	tz->n_types = h->types;
	tz->at = calloc(h->times + 1UL, sizeof(*tz->at));
	tz->index = calloc(h->times + 1UL, 1);
	tz->types = calloc(h->types, sizeof(*tz->types));
	if (!tz->at || !tz->index || !tz->types)
		return -1;
	if (read_times(p, h, tz) < 0 || read_types(types, types + h->types * 6UL, h, tz->types) < 0)
		return -1;
	return read_footer(p + body, size - body, &tz->rule);
}

int tz_parse(const void *file, size_t size, struct tz_data *ret)
{
	const uint8_t *p = file;
	struct tz_data tz = {0};
	struct header h;
	size_t skip;

	/* The first block is for readers of 32 bits and may be empty: step over it. */
	if (size < HEADER || memcmp(p, "TZif", 4) != 0 || p[4] < '2')
		return -1;
	h = (struct header){
	    be32(p + 20), be32(p + 24), be32(p + 28), be32(p + 32), be32(p + 36), be32(p + 40)};
	if (h.times > COUNT_MAX || h.types > 256 || h.chars > COUNT_MAX || h.leap > COUNT_MAX ||
	    h.isut > 256 || h.isstd > 256)
		return -1;
	skip = HEADER + body_size(&h, 4);
	if (size < skip || read_header(p + skip, size - skip, &h) < 0)
		return -1;
	skip += HEADER;
	if (read_body(p + skip, size - skip, &h, &tz) < 0) {
		tz_done(&tz);
		return -1;
	}
	*ret = tz;
	return 0;
}

void tz_done(struct tz_data *tz)
{
	free(tz->at);
	free(tz->index);
	free(tz->types);
	*tz = (struct tz_data){0};
}

static const struct tz_type *rule_type_at(const struct tz_rule *r, int64_t t)
{
	struct civil c;
	int64_t on, off;
	bool dst;

	if (!r->has_dst)
		return &r->std;
	civil_from_seconds(t + r->std.offset, &c);
	tz_rule_year(r, c.y, &on, &off);
	dst = on < off ? t >= on && t < off : !(t >= off && t < on);
	return dst ? &r->dst : &r->std;
}

const struct tz_type *tz_type_at(const struct tz_data *tz, int64_t t)
{
	size_t lo = 0, hi = tz->n_at;

	if (tz->rule.present && (hi == 0 || t >= tz->at[hi - 1]))
		return rule_type_at(&tz->rule, t);
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (tz->at[mid] <= t)
			lo = mid + 1;
		else
			hi = mid;
	}
	return &tz->types[lo ? tz->index[lo - 1] : 0];
}
