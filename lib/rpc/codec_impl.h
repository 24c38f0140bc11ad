/* SPDX-License-Identifier: MIT */
/* What the files of the codec share among themselves; nobody else includes this. */
#ifndef RPC_CODEC_IMPL_H
#define RPC_CODEC_IMPL_H

#include "base/near.h"
#include "rpc/codec.h"

/* Where in the parameters we are, innermost first; lives on the stack of the walk. */
struct path {
	const struct path *up;
	const char *name;
	long index; /* -1: no list member */
};

struct decoder {
	struct arena *arena;
	struct err *err;
};

/* "line[0].count"; cut to size. Returns out. */
const char *path_text(const struct path *p, char *out, size_t size);

/* Sets bad_value at a path and returns it. */
int refuse(struct decoder *d, const struct path *p, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
int refuse_memory(struct decoder *d);

/* Decode one value of a text kind (FT_text to FT_when) or of another scalar kind to where dst
 * points. */
int decode_text(struct decoder *d, const struct path *p, const struct shape_field *f,
    const json_t *v, const char **dst);
int decode_scalar(struct decoder *d, const struct path *p, const struct shape_field *f,
    const json_t *v, void *dst);
bool field_is_text(const struct shape_field *f);

/* Lists of words and of texts. */
int decode_enums(struct decoder *d, const struct path *p, const struct shape_field *f,
    const json_t *v, uint64_t *dst);
int decode_texts(struct decoder *d, const struct path *p, const struct shape_field *f,
    const json_t *v, struct text_list *dst);

/* The form of one kind of text, beyond length and characters. */
int check_kind(struct decoder *d, const struct path *p, const struct shape_field *f, const char *s);

/* Check text of a field's kind that is valid UTF-8 without NUL; *ret_s is s or its NFC in the
 * arena. */
int check_text(struct decoder *d, const struct path *p, const struct shape_field *f, const char *s,
    size_t len, const char **ret_s);

/* The short way of rpc_parse, for plain requests: true when it took the whole line, decoded. */
bool scan_request(const char *line, size_t len, struct arena *a, struct rpc_request *ret);

/* The long way, by a JSON tree. */
int parse_request(const char *line, size_t len, struct rpc_request *ret, struct err *e);

/* A JSON value as compact text, keys sorted, control characters escaped. TIX_EBAD_VALUE when deeper
 * than depth. */
int doc_write(struct buf *out, const json_t *v, int depth);

/* True when text is a JSON object or array that every strict parser takes and a terminal bears, so
 * that it can be sent as it is; false means: not sure. */
bool doc_is_plain(const char *text, size_t len);

#endif
