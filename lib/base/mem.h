/* SPDX-License-Identifier: MIT */
/* Small helpers of ownership: clean-up at the end of a scope, handing over, array length. */
#ifndef TIX_BASE_MEM_H
#define TIX_BASE_MEM_H

#include <jansson.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* AUTO(json) json_t *j = NULL; calls auto_json(&j) when the scope ends. A module with a lifetime of
 * its own defines auto_NAME beside its destructor. */
#define AUTO(name) __attribute__((cleanup(auto_##name)))

/* Hand a pointer over: the variable is NULL afterwards, so that its clean-up does nothing. */
#define TAKE(p)                                                                                    \
	__extension__({                                                                            \
		__typeof__(p) take_p = (p);                                                        \
		(p) = NULL;                                                                        \
		take_p;                                                                            \
	})

static inline void auto_json(json_t **j)
{
	json_decref(*j);
}

static inline void auto_str(char **s)
{
	free(*s);
}

static inline void auto_buf(struct buf *b)
{
	buf_done(b);
}

static inline void auto_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

#endif
