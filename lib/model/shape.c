/* SPDX-License-Identifier: MIT */
/* The tables of shapes and enum sets as constant arrays; nothing here is computed. */
#include "model/shape.h"

#include <string.h>

#define ENUM(set, doc) static const struct enum_word words_##set[] = {
#define EV(set, word, value, doc) { #word, value, doc },
#define ENUM_END(set) { NULL, 0, NULL } };
#include "model/enums.def"
#undef ENUM
#undef EV
#undef ENUM_END

#define ENUM(set, doc) const struct enum_set enum_set_##set = { #set, doc, words_##set };
#define EV(set, word, value, doc)
#define ENUM_END(set)
#include "model/enums.def"
#undef ENUM
#undef EV
#undef ENUM_END

#define ROW(s, t, field, fl, lo, hi, doc_, sub_, set_)                                             \
	{ .name = #field, .doc = doc_, .sub = sub_, .set = set_, .min = lo, .max = hi, .type = t,  \
	    .flags = fl, .offset = offsetof(struct s, field) },
#define SHAPE(s) static const struct shape_field fields_##s[] = {
#define F(s, type, field, flags, min, max, doc) ROW(s, FT_##type, field, flags, min, max, doc, NULL, NULL)
#define FE(s, set, field, flags, doc) ROW(s, FT_enum, field, flags, 0, 0, doc, NULL, &enum_set_##set)
#define FS(s, set, field, flags, doc) ROW(s, FT_enums, field, flags, 0, 0, doc, NULL, &enum_set_##set)
#define FO(s, sub, field, flags, doc) ROW(s, FT_obj, field, flags, 0, 0, doc, &shape_##sub, NULL)
#define FL(s, sub, field, flags, max, doc) ROW(s, FT_list, field, flags, 0, max, doc, &shape_##sub, NULL)
#define END(s) };
#include "model/shapes/all.def"
#undef SHAPE
#undef F
#undef FE
#undef FS
#undef FO
#undef FL
#undef END

#define SHAPE(s)
#define F(s, type, field, flags, min, max, doc)
#define FE(s, set, field, flags, doc)
#define FS(s, set, field, flags, doc)
#define FO(s, sub, field, flags, doc)
#define FL(s, sub, field, flags, max, doc)
#define END(s)                                                                                     \
	const struct shape shape_##s = { #s, fields_##s, sizeof(struct s), IX_##s##_COUNT };
#include "model/shapes/all.def"

const char *enum_word(const struct enum_set *set, int value)
{
	for (const struct enum_word *w = set->words; w->word; w++) {
		if (w->value == value)
			return w->word;
	}
	return NULL;
}

int enum_value(const struct enum_set *set, const char *word, size_t len)
{
	for (const struct enum_word *w = set->words; w->word; w++) {
		if (strlen(w->word) == len && memcmp(w->word, word, len) == 0)
			return w->value;
	}
	return 0;
}
