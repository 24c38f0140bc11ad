/* SPDX-License-Identifier: MIT */
/* What all commands of tix share: the switches of this run, where output goes, and the connection.
 * Commands return the exit status; everything else returns 0 or TIX_E... and prints nothing. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "cli/command.h"
#include "rpc/rpc.h"

struct progress;
struct rpc_client;
struct session;
struct odd_zones;
struct setting_file;
struct zone;

enum out_mode { OUT_TABLE, OUT_TSV, OUT_JSON, OUT_JSONL, OUT_CSV };

enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct cli {
	const char *socket; /* --socket; NULL: as settings_socket says */
	const char *event;  /* -e, else as the settings say; NULL: none */
	const char *pager;  /* as the settings say; NULL: none is named */
	const char *key;    /* --key; NULL: one is made for each change */
	const char *fields; /* --fields */
	const char *sort;   /* --sort */
	const char *tz;	    /* name of the zone of this run; NULL until cli_zone was asked */
	const struct zone *zone;
	int64_t limit;	    /* --limit; 0: none */
	int64_t timeout_us; /* --timeout; 0: none */
	int64_t deadline;   /* by clock_mono; 0: none */
	enum out_mode mode;
	enum color_when color_when;
	bool mode_given, quiet, yes, dry_run, utc, header;
	bool asked;		   /* a person saw the sums and agreed to them */
	bool out_tty, err_tty;
	bool color, err_color; /* on stdout, on stderr */
	size_t width;		   /* cells of a table line; SIZE_MAX: nothing is cut */
	struct arena *arena;	   /* lives as long as the program */
	struct odd_zones *zones;   /* of events; NULL until one was asked for */
	json_t *odd;		   /* odd_times of the last reply that had some */
	struct rpc_client *client; /* NULL until the first call */
	bool greet, greeted;	   /* system.hello is to come first on a connection; it was said */
	struct buf out;		   /* what goes to stdout next */
	bool out_failed;	   /* stdout took no more; said once, at the end */
	int out_errno;
	struct setting_file *files[2]; /* the user's, the machine's, those that there are */
	size_t nfiles;
	struct err settings_error;  /* the first fault of a file; ends the first call */
	const char *event_set, *tz_set; /* as the settings say, before any switch */
	enum out_mode mode_set;
	enum color_when color_set;
	struct {
		const char *command; /* it may still be started; NULL: no more */
		size_t rows;	     /* of the screen */
		pid_t pid;	     /* it runs, and stdout goes to it */
	} paging;
	struct buf late;	   /* for stderr, once the pager has gone */
	struct progress *progress; /* whose line may stand on the terminal; NULL */
	const char *what;		 /* the command as typed, "order create"; NULL: none yet */
	const struct rpc_method *method; /* what it calls; NULL: nothing of its own */
	const char *subject;		 /* its first positional, NULL: none */
	bool terse;			 /* errors give no advice of their own */
	bool sent;			 /* the call left, so it may have been done */
	const char *sent_key;		 /* of the last call: a change that was sent and failed; NULL */
	struct session *session; /* the shell whose line this is; NULL: none */
	int answer; /* exit status of a command that went well: 1 the answer is no */
	struct {
		const char *name; /* --since @NAME; NULL: none */
		int64_t from, upto; /* records of the journal */
	} mark;
};

/* The zone of times where no event's zone counts: TIX_TZ, else the machine's, else UTC; UTC with
 * --utc. */
const struct zone *cli_zone(struct cli *c);

/* Its name, NULL where it is not known. */
const char *cli_tz(struct cli *c);

#endif
