/* SPDX-License-Identifier: MIT */
/* What things are: every record that crosses the wire is a shape, a C struct and a table of its fields made from
 * one list of rows (model/shapes/all.def). The codec, the validator, the CLI and the man pages read the table; core
 * reads and fills the struct. This module describes; it never parses, checks or prints. */
#ifndef MODEL_SHAPE_H
#define MODEL_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/money.h"

/* A time that is not known; goes out as null. */
#define TIME_NONE INT64_MIN

/* Money as it came in: amount alone (currency empty, from text "45.00" or "EUR 45.00"), or an object {amount,
 * currency} in minor units (text NULL). Core resolves it, since it knows the event's currency. */
struct money_in {
	const char *text;
	struct money money;
};

struct text_list {
	const char **v;
	size_t n;
};

/* A list of sub-shapes; v points to an array of n structs of that shape. */
struct shape_list {
	void *v;
	size_t n;
};

enum field_type {
	FT_text,    /* one line, NFC, min..max code points; const char * */
	FT_mtext,   /* text that may hold line breaks and tabs */
	FT_slug,    /* [a-z0-9-]{1,100} */
	FT_email,   /* address, kept as written */
	FT_zone,    /* IANA name, e.g. Europe/Berlin */
	FT_code,    /* order code, CODE/n or ticket code, as typed */
	FT_event,   /* slug of an event (the CLI completes it) */
	FT_venue,   /* slug of a venue */
	FT_organizer, /* slug of an organizer */
	FT_category,  /* name of a category of the event */
	FT_quota,   /* name of a quota of the event */
	FT_cursor,  /* opaque place in a list */
	FT_key,     /* idempotency key, 1..200 printable ASCII */
	FT_method,  /* wire name of a method */
	FT_when,    /* in: the time grammar, kept as typed; const char * */
	FT_doc,     /* any JSON object, as compact JSON text */
	FT_i64,     /* integer, min..max; int64_t; out: TIME_NONE is null */
	FT_bool,    /* bool */
	FT_degrees, /* latitude or longitude; int64_t in millionths of a degree, TIME_NONE is null */
	FT_time,    /* out: int64_t, UTC microseconds, TIME_NONE is null */
	FT_money_in,  /* in: struct money_in; below 0 only as an object, where min is below 0 */
	FT_money,   /* out: struct money */
	FT_enum,    /* int of the field's set; 0 is absent */
	FT_enums,   /* in: list of words of the set; uint64_t, bit 1 << value */
	FT_texts,   /* list of text; struct text_list; min..max bound each member, at most 1000 members */
	FT_obj,     /* sub-shape; pointer, NULL is null */
	FT_list,    /* list of sub-shape; struct shape_list; at most max members where max > 0 */
	FT_COUNT
};

enum field_flag {
	FF_REQ = 1,   /* in: must be there */
	FF_OPT = 2,   /* out: left out unless its present bit is set, and shown after the others */
	FF_NULL = 4,  /* in: null is taken and clears the field (present bit set, value empty) */
	FF_COL = 8,   /* out: a column of the default table */
	FF_POS = 16,  /* in: the CLI's positional argument */
	FF_WIDE = 32, /* out: a column when there is room; always in TSV, after the others */
};

struct enum_word {
	const char *word;
	int value;
	const char *doc;
};

struct enum_set {
	const char *name;
	const char *doc;
	const struct enum_word *words; /* ends with word NULL */
};

struct shape;

struct shape_field {
	const char *name;
	const char *doc;
	const struct shape *sub;    /* FT_obj, FT_list */
	const struct enum_set *set; /* FT_enum, FT_enums */
	int64_t min, max;
	uint16_t type;  /* enum field_type */
	uint16_t flags; /* enum field_flag */
	uint16_t offset;
};

struct shape {
	const char *name;
	const struct shape_field *fields;
	size_t size;
	unsigned nfields; /* <= 64 */
};

#include "model/shape_gen.h"

/* True when field FIELD of a struct of shape SHAPE was given. */
#define HAS(p, shape, field) (((p)->present >> IX_##shape##_##field) & 1)
#define SET(p, shape, field) ((p)->present |= UINT64_C(1) << IX_##shape##_##field)

/* The word of a member, NULL for a number outside the set; the number of a word, 0 when it is none. */
const char *enum_word(const struct enum_set *set, int value);
int enum_value(const struct enum_set *set, const char *word, size_t len);

#endif
