/* SPDX-License-Identifier: MIT */
/* Log lines: JSON, ASCII, one write each, whatever goes in. */
#include "tests/tap.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/log.h"

#define THREADS 4
#define LINES 200

static char out[1 << 20];

/* All that a file holds, as text. */
static const char *content(FILE *f)
{
	size_t n;

	rewind(f);
	n = fread(out, 1, sizeof(out) - 1, f);
	out[n] = '\0';
	return out;
}

static void plain(struct log *l, FILE *f)
{
	struct log_ctx ctx = {.request = "r1", .method = "order.create", .error = "busy", .us = 15};

	log_line(l, LEVEL_INFO, NULL, "ready on %s", "x");
	log_line(l, LEVEL_DEBUG, NULL, "not wanted");
	log_line(l, LEVEL_ERROR, &ctx, "failed");
	is_str(content(f),
	    "{\"at\":\"2026-06-13T18:00:00Z\",\"level\":\"info\",\"msg\":\"ready on x\"}\n"
	    "{\"at\":\"2026-06-13T18:00:00Z\",\"level\":\"error\",\"msg\":\"failed\",\"request\":"
	    "\"r1\","
	    "\"method\":\"order.create\",\"error\":\"busy\",\"us\":15}\n",
	    "two lines, the third below the level");
}

static void nasty(struct log *l, FILE *f)
{
	char big[5000];
	struct log_ctx ctx = {.request = big,
	    .principal = big,
	    .method = big,
	    .event = big,
	    .order = big,
	    .error = big};
	json_t *j;
	bool ascii = true;

	memset(big, '\x01', sizeof(big));
	big[sizeof(big) - 1] = '\0';
	log_line(l, LEVEL_ERROR, &ctx, "%s", big);
	j = json_loads(content(f), 0, NULL);
	ok(j && strlen(json_string_value(json_object_get(j, "msg"))) == 1024, "long texts are cut");
	json_decref(j);
	ok(ftruncate(fileno(f), 0) == 0, "file emptied");
	lseek(l->fd, 0, SEEK_SET);
	log_line(l, LEVEL_ERROR, NULL, "\n\x1b[31m\xFF\xE2\x80\xAE\xF0\x9F\x98\x80\"\\");
	content(f);
	for (const char *p = out; *p; p++)
		ascii = ascii && ((*p >= ' ' && *p < 0x7F) || (*p == '\n' && !p[1]));
	ok(ascii, "one line of plain ASCII: %.*s", (int)strlen(out) - 1, out);
}

static void *write_lines(void *arg)
{
	for (int i = 0; i < LINES; i++)
		log_line(arg, LEVEL_INFO, NULL, "%0500d", i);
	return NULL;
}

static void threads(struct log *l, FILE *f)
{
	pthread_t t[THREADS];
	int good = 0;
	char *save = NULL;

	for (int i = 0; i < THREADS; i++)
		pthread_create(&t[i], NULL, write_lines, l);
	for (int i = 0; i < THREADS; i++) {
		log_set_level(l, LEVEL_INFO);
		pthread_join(t[i], NULL);
	}
	content(f);
	for (char *p = strtok_r(out, "\n", &save); p; p = strtok_r(NULL, "\n", &save)) {
		json_t *j = json_loads(p, 0, NULL);

		good += j != NULL;
		json_decref(j);
	}
	is_int(good, THREADS * LINES, "no line is torn");
}

static void journal(FILE *f, const struct clock *clock)
{
	struct log l;
	struct stat st;
	char name[64];

	fstat(fileno(f), &st);
	snprintf(name, sizeof(name), "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	setenv("JOURNAL_STREAM", name, 1);
	log_init(&l, fileno(f), LEVEL_INFO, clock);
	log_line(&l, LEVEL_WARNING, NULL, "x");
	ok(!strncmp(content(f), "<4>{\"at\"", 8), "prefix for the journal");
	setenv("JOURNAL_STREAM", "1:2", 1);
	log_init(&l, fileno(f), LEVEL_INFO, clock);
	ok(!l.prefix, "none when the stream is another");
	unsetenv("JOURNAL_STREAM");
}

static FILE *fresh(struct log *l, const struct clock *clock)
{
	FILE *f = tmpfile();

	log_init(l, fileno(f), LEVEL_INFO, clock);
	return f;
}

int main(void)
{
	struct clock *clock = clock_test_new(INT64_C(1781373600000000));
	struct log l;
	FILE *f;

	unsetenv("JOURNAL_STREAM");
	f = fresh(&l, clock);
	plain(&l, f);
	fclose(f);
	f = fresh(&l, clock);
	nasty(&l, f);
	fclose(f);
	f = fresh(&l, clock);
	threads(&l, f);
	fclose(f);
	f = tmpfile();
	journal(f, clock);
	fclose(f);
	is_int(log_level_by_name("debug"), LEVEL_DEBUG, "level by name");
	is_int(log_level_by_name("verbose"), -1, "no such level");
	ok(!log_level_name(2) && !log_level_name(8), "no such number");
	clock_test_free(clock);
	return done_testing();
}
