/* SPDX-License-Identifier: MIT */
/* Strict JSON in front of jansson: what a stranger sends is checked before a tree is built. */
#ifndef TIX_BASE_JSON_H
#define TIX_BASE_JSON_H

#include <jansson.h>
#include <stddef.h>

struct err;

#define JSON_DEPTH_DEFAULT 64

/* Parse one array or object. Refused as TIX_EPARSE: NUL bytes, invalid UTF-8, nesting deeper than
 * max_depth, duplicate keys, anything but white space after the value, numbers that do not fit.
 * *ret is the caller's (json_decref). */
int json_parse_strict(const char *text, size_t len, int max_depth, json_t **ret, struct err *e);

/* The same for any value, also a bare number, text, true, false or null; never for frames. */
int json_parse_any(const char *text, size_t len, int max_depth, json_t **ret, struct err *e);

#endif
