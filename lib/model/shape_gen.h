/* SPDX-License-Identifier: MIT */
/* The two expansions of the shape and enum tables that C code needs by name: the enums and the structs. Included
 * by model/shape.h only. */
#ifndef MODEL_SHAPE_GEN_H
#define MODEL_SHAPE_GEN_H

/* enum event_status { event_status_draft = 1, ... }, and the set's table. */
#define ENUM(set, doc) enum set {
#define EV(set, word, value, doc) set##_##word = value,
#define ENUM_END(set) }; extern const struct enum_set enum_set_##set;
#include "model/enums.def"
#undef ENUM
#undef EV
#undef ENUM_END

#define CT_text const char *
#define CT_mtext const char *
#define CT_slug const char *
#define CT_email const char *
#define CT_zone const char *
#define CT_code const char *
#define CT_event const char *
#define CT_venue const char *
#define CT_organizer const char *
#define CT_category const char *
#define CT_quota const char *
#define CT_cursor const char *
#define CT_key const char *
#define CT_method const char *
#define CT_when const char *
#define CT_doc const char *
#define CT_i64 int64_t
#define CT_bool bool
#define CT_degrees int64_t
#define CT_time int64_t
#define CT_money_in struct money_in
#define CT_money struct money
#define CT_texts struct text_list

/* struct event_create_in { uint64_t present; const char *name; ... }; */
#define SHAPE(s) struct s { uint64_t present;
#define F(s, type, field, flags, min, max, doc) CT_##type field;
#define FE(s, set, field, flags, doc) int field;
#define FS(s, set, field, flags, doc) uint64_t field;
#define FO(s, sub, field, flags, doc) struct sub *field;
#define FL(s, sub, field, flags, max, doc) struct shape_list field;
#define END(s) }; extern const struct shape shape_##s;
#include "model/shapes/all.def"
#undef SHAPE
#undef F
#undef FE
#undef FS
#undef FO
#undef FL
#undef END

/* Indexes of fields, for present bits. */
#define SHAPE(s) enum ix_##s {
#define F(s, type, field, flags, min, max, doc) IX_##s##_##field,
#define FE(s, set, field, flags, doc) IX_##s##_##field,
#define FS(s, set, field, flags, doc) IX_##s##_##field,
#define FO(s, sub, field, flags, doc) IX_##s##_##field,
#define FL(s, sub, field, flags, max, doc) IX_##s##_##field,
#define END(s) IX_##s##_COUNT };
#include "model/shapes/all.def"
#undef SHAPE
#undef F
#undef FE
#undef FS
#undef FO
#undef FL
#undef END

/* Every mutating IN shape begins like this, and every reply of a mutating method like struct mut_out. */
struct mut_in {
	uint64_t present;
	const char *idempotency_key;
	bool dry_run;
	const char *reason;
};

struct mut_out {
	uint64_t present;
	int64_t seq;
	bool replayed;
	bool dry_run;
	bool unchanged;
	struct shape_list odd_times;
};

enum { IX_mut_in_key, IX_mut_in_dry_run, IX_mut_in_reason, IX_mut_in_COUNT };
enum { IX_mut_out_seq, IX_mut_out_replayed, IX_mut_out_dry_run, IX_mut_out_unchanged, IX_mut_out_odd_times, IX_mut_out_COUNT };

#endif
