/* SPDX-License-Identifier: MIT */
/* Log lines: one JSON object a line, ASCII only, the same few fields always. For programs; the
 * library reports errors and never logs. Secrets and names of buyers have no field here on purpose.
 */
#ifndef TIX_BASE_LOG_H
#define TIX_BASE_LOG_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct clock;

/* The numbers are those of syslog, which the journal reads from a <n> prefix. */
enum log_level {
	LEVEL_ERROR = 3,
	LEVEL_WARNING = 4,
	LEVEL_NOTICE = 5,
	LEVEL_INFO = 6,
	LEVEL_DEBUG = 7,
};

struct log {
	const struct clock *clock;
	int fd;
	bool prefix; /* write <n>: the descriptor leads to the journal */
	atomic_int level;
};

/* What a line may say beside its message. Absent fields are NULL (us: 0) and left out. */
struct log_ctx {
	const char *request;
	const char *principal;
	const char *method;
	const char *event;
	const char *order;
	const char *error; /* name from err.def */
	int64_t us;	   /* how long it took */
};

/* fd is not closed by anyone here. Whether it is the journal's is read from JOURNAL_STREAM. */
void log_init(struct log *l, int fd, enum log_level level, const struct clock *clock);

/* May be called while other threads log. */
void log_set_level(struct log *l, enum log_level level);

/* One line by one write(2), from any thread; ctx may be NULL. Long texts are cut, a line that
 * cannot be written is lost. */
void log_line(struct log *l, enum log_level level, const struct log_ctx *ctx, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* "error", "warning", "notice", "info", "debug"; NULL for another number. */
const char *log_level_name(int level);

/* The level of a name, -1 when it is none. */
int log_level_by_name(const char *name);

#endif
