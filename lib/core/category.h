/* SPDX-License-Identifier: MIT */
/* Categories: what a buyer chooses, at a price. They hold no stock: that is in quotas. */
#ifndef CORE_CATEGORY_H
#define CORE_CATEGORY_H

#include "core/call.h"

struct category_row;

int category_create(struct call *c, const struct category_create_in *in, struct category *out);
int category_set(struct call *c, const struct category_set_in *in, struct category *out);
int category_show(struct call *c, const struct category_in *in, struct category *out);
int category_list(struct call *c, const struct category_list_in *in, struct category_page *out);
int category_move(struct call *c, const struct category_move_in *in, struct category *out);
int category_hide(struct call *c, const struct category_act_in *in, struct category *out);
int category_unhide(struct call *c, const struct category_act_in *in, struct category *out);
int category_load(struct call *c, int64_t id, struct category *out);

/* For import: the fields of CATEGORY_FIELDS and the price, as far as they came. */
enum category_has {
	CATEGORY_HAS_price = 1,
	CATEGORY_HAS_title = 2,
	CATEGORY_HAS_position = 4,
	CATEGORY_HAS_sale_from = 8,
	CATEGORY_HAS_sale_to = 16,
	CATEGORY_HAS_min = 32,
	CATEGORY_HAS_max = 64,
	CATEGORY_HAS_hidden = 128,
};

struct category_input {
	unsigned has; /* enum category_has */
	struct money_in price;
	const char *title, *sale_from, *sale_to;
	int64_t position, min, max;
	bool hidden;
};

#define CATEGORY_INPUT(in, shape, ret, field)                                                      \
	do {                                                                                       \
		if (HAS(in, shape, field)) {                                                       \
			(ret)->has |= CATEGORY_HAS_##field;                                        \
			(ret)->field = (in)->field;                                                \
		}                                                                                  \
	} while (0)
#define CATEGORY_INPUTS(in, shape, ret)                                                            \
	do {                                                                                       \
		CATEGORY_INPUT(in, shape, ret, price);                                             \
		CATEGORY_INPUT(in, shape, ret, title);                                             \
		CATEGORY_INPUT(in, shape, ret, position);                                          \
		CATEGORY_INPUT(in, shape, ret, sale_from);                                         \
		CATEGORY_INPUT(in, shape, ret, sale_to);                                           \
		CATEGORY_INPUT(in, shape, ret, min);                                               \
		CATEGORY_INPUT(in, shape, ret, max);                                               \
		CATEGORY_INPUT(in, shape, ret, hidden);                                            \
	} while (0)

/* A row for a new category of an event, at the given place. */
struct category_row category_row_new(int64_t event, const char *name, int64_t position);

/* Lays in over row and checks the whole. */
int category_row_apply(struct call *c, const struct event_ref *event,
    const struct category_input *in, struct category_row *row);

/* Writes a new category (was NULL) or what differs, with its record; 1 when something was written.
 * quotas: the JSON list of what it draws on, for the record, or NULL. */
int category_row_write(struct call *c, const struct event_ref *event,
    const struct category_row *was, const struct category_row *now, const char *quotas);

/* All of an event in their order, in the arena. */
int category_row_all(struct call *c, int64_t event, struct category_row **ret, size_t *ret_n);

/* The place after the last. */
int category_next_position(struct call *c, int64_t event, int64_t *ret);

#endif
