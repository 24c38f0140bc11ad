/* SPDX-License-Identifier: MIT */
/* How long searches take on a large store, in process: orders made through writer_batch, events
 * too. Arguments: orders (default 1000000), events (1000000), folder. Prints "name value unit" a
 * line: p50 and p99 of first pages and of pages after the hundredth, and the memory of the process.
 * Each page is checked to be of what was asked for as far as it shows. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/event.h"
#include "core/venue.h"
#include "tests/store/sell.h"

#define BATCH 256
#define FIRST 200 /* first pages of each search */
#define DEEP 20	  /* pages after the hundredth, of each walk */
#define WALKS 5
#define PAGES 100
#define CITIES 60
#define VENUES 2048

SHOP_OP(event_create, NULL, event);
SHOP_OP(venue_create, NULL, venue);
#undef SHOP_OP
#define SHOP_OP(id, OUT)                                                                           \
	static int run_##id(struct call *c, const void *in, void *out)                             \
	{                                                                                          \
		return id(c, in, out);                                                             \
	}                                                                                          \
	static const struct call_op op_##id = {                                                    \
	    .name = #id, .run = run_##id, .out_size = sizeof(struct OUT)}
SHOP_OP(event_list, event_page);

static const char *const first_names[] = {"Anna", "Łukasz", "Zoë", "Mohammed", "Wei", "Olga",
    "José", "Jürgen", "Seán", "Fatma", "İrem", "Ada", "Ivan", "Chloé", "Søren", "Björn", "Marie",
    "Peter", "Paul", "Katarzyna"};
static const char *const surnames[] = {"Kowalski", "Müller", "Smith", "Nguyễn", "García",
    "Wiśniewska", "O'Brien", "Straße", "Yılmaz", "Schmidt", "Watanabe", "Waters", "Łódzki", "Rossi",
    "Papadopoulos", "Ivanova", "Jensen", "Dvořák", "Silva", "Chen"};
static const char *const syllables[] = {"ba", "ko", "ri", "na", "so", "lem", "ter", "vi", "dra",
    "mu", "pel", "gor", "shi", "tan", "wu", "zel"};
static const char *const words[] = {"live", "rock", "jazz", "summer", "night", "open", "festival",
    "conference", "theatre", "comedy", "classic", "opera", "winter", "dance", "meetup", "developer",
    "science", "poetry", "brass", "choir", "piano", "metal", "folk", "tango", "street"};
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static unsigned long long seed = 88172645463325252ULL;

static unsigned roll(size_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed % n);
}

static double milliseconds(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

struct slot {
	struct call c;
	union {
		struct order order;
		struct hold hold;
		struct event event;
		struct venue venue;
		struct order_page orders;
		struct event_page events;
	} out;
	union {
		struct order_create_in order;
		struct hold_create_in hold;
		struct event_create_in event;
		struct venue_create_in venue;
	} in;
	struct line_in line;
	char name[80], email[60], phone[32], slug[32], venue[24], start[24], tag[12];
	const char *tags[1];
};

static struct shop shop;
static struct slot slots[BATCH], one;
static int bad;
static unsigned sold; /* orders */

static void load(struct slot *s, const struct call_op *op, const void *in)
{
	if (!s->c.arena)
		s->c.arena = arena_new(16 << 20);
	arena_reset(s->c.arena);
	s->c.core = &shop.core;
	s->c.op = op;
	s->c.in = in;
	s->c.out = &s->out;
	s->c.who = &shop_owner;
}

/* Writes n slots, and the log back when it has grown. */
static void write_batch(int n, struct db *admin)
{
	struct call *calls[BATCH];
	int64_t left;

	for (int i = 0; i < n; i++)
		calls[i] = &slots[i].c;
	writer_batch(shop.w, calls, n);
	for (int i = 0; i < n; i++) {
		if (calls[i]->result < 0 && bad++ == 0)
			fprintf(stderr, "%s: %s\n", calls[i]->op->name, calls[i]->err.message);
	}
	if (writer_wal_bytes(shop.w) > (48 << 20))
		db_checkpoint(admin, &left, &shop.err);
}

/* Half of the surnames are common ones, the others are made up of three syllables. */
static void make_buyer(struct slot *s, int64_t i)
{
	char last[40];

	snprintf(last, sizeof(last), "%s%s%s", syllables[roll(16)], syllables[roll(16)],
	    syllables[roll(16)]);
	snprintf(s->name, sizeof(s->name), "%s %s", first_names[roll(COUNT(first_names))],
	    roll(2) ? surnames[roll(COUNT(surnames))] : last);
	snprintf(s->email, sizeof(s->email), "buyer%lld@example.org", (long long)(i % 400000));
	snprintf(s->phone, sizeof(s->phone), "+49 30 %08lld", (long long)(i * 7919 % 100000000));
}

static void make_order(struct slot *s, int64_t i)
{
	bool hold = roll(100) == 0;

	s->line = (struct line_in){.category = roll(4) ? "std" : "vip", .count = 1 + roll(4)};
	if (hold) {
		s->in.hold = (struct hold_create_in){.event = "gig", .line = {&s->line, 1}};
		load(s, &op_hold_create, &s->in);
		return;
	}
	make_buyer(s, i);
	s->in.order = (struct order_create_in){.event = "gig",
	    .line = {&s->line, 1},
	    .pay = pay_kind_cash,
	    .name = s->name,
	    .email = s->email,
	    .phone = roll(3) ? s->phone : NULL};
	if (roll(3) == 0) {
		s->in.order.event = "quiet";
		s->line.category = "std";
	}
	load(s, &op_order_create, &s->in);
}

static void sell(int64_t total)
{
	double start = milliseconds(CLOCK_MONOTONIC);
	struct db *admin = NULL;
	int tended = 0;

	db_open(shop.core.store_url, DB_ADMIN, false, &admin, &shop.err);
	for (int64_t i = 0; i < total; i += BATCH) {
		for (int k = 0; k < BATCH; k++)
			make_order(&slots[k], i + k);
		write_batch(BATCH, admin);
	}
	fprintf(stderr, "orders: %.0f ms\n", milliseconds(CLOCK_MONOTONIC) - start);
	start = milliseconds(CLOCK_MONOTONIC);
	while (writer_tend(shop.w) < USEC_PER_SEC)
		tended++;
	fprintf(
	    stderr, "index: %d slices, %.0f ms\n", tended, milliseconds(CLOCK_MONOTONIC) - start);
	db_exec(shop.w->db,
	    "update orders set state = 5 where state = 2 and id % 97 = 0;"
	    "update orders set state = 4 where state = 1 and id % 3 = 0",
	    &shop.err);
	db_close(admin);
}

/* Venues around sixty cities. */
static void make_venue(struct slot *s, int i)
{
	struct venue_create_in *in = &s->in.venue;
	int at = i % CITIES;

	snprintf(s->slug, sizeof(s->slug), "venue-%d", i);
	snprintf(s->name, sizeof(s->name), "%s%s", syllables[at % 16], syllables[at / 16 + 3]);
	*in = (struct venue_create_in){.venue = s->slug,
	    .name = "Hall",
	    .city = s->name,
	    .country = "Nowhere",
	    .zone = "UTC",
	    .latitude = -50000000 + at * 1700000 + (int)roll(200000),
	    .longitude = -170000000 + at * 5500000 + (int)roll(200000)};
	in->present = UINT64_C(1) << IX_venue_create_in_city |
		      UINT64_C(1) << IX_venue_create_in_country |
		      UINT64_C(1) << IX_venue_create_in_latitude |
		      UINT64_C(1) << IX_venue_create_in_longitude;
	load(s, &op_venue_create, in);
}

static void make_event(struct slot *s, int64_t i)
{
	int n = snprintf(s->name, sizeof(s->name), "%s", roll(2) ? "Live" : "Evening");

	for (int k = 0; k < 3; k++)
		n += snprintf(
		    s->name + n, sizeof(s->name) - (size_t)n, " %s", words[roll(COUNT(words))]);
	snprintf(s->slug, sizeof(s->slug), "event-%lld", (long long)i);
	snprintf(s->venue, sizeof(s->venue), "venue-%u", roll(VENUES));
	snprintf(s->start, sizeof(s->start), "20%02u-%02u-%02uT20:%02u:00Z", 27 + roll(3),
	    1 + roll(12), 1 + roll(28), roll(60));
	snprintf(s->tag, sizeof(s->tag), "%s", words[roll(8)]);
	s->tags[0] = s->tag;
	s->in.event = (struct event_create_in){.event = s->slug,
	    .name = s->name,
	    .venue = s->venue,
	    .start = s->start,
	    .currency = "EUR",
	    .type = roll(5) ? "concert" : "talk",
	    .tags = {s->tags, 1}};
	s->in.event.present =
	    UINT64_C(1) << IX_event_create_in_name | UINT64_C(1) << IX_event_create_in_start |
	    UINT64_C(1) << IX_event_create_in_currency | UINT64_C(1) << IX_event_create_in_type |
	    UINT64_C(1) << IX_event_create_in_tags;
	load(s, &op_event_create, &s->in);
}

static void make_events(int64_t total)
{
	double start = milliseconds(CLOCK_MONOTONIC);
	struct db *admin = NULL;

	db_open(shop.core.store_url, DB_ADMIN, false, &admin, &shop.err);
	for (int i = 0; i < VENUES; i += BATCH) {
		for (int k = 0; k < BATCH; k++)
			make_venue(&slots[k], i + k);
		write_batch(BATCH, admin);
	}
	for (int64_t i = 0; i < total; i += BATCH) {
		for (int k = 0; k < BATCH; k++)
			make_event(&slots[k], i + k);
		write_batch(BATCH, admin);
	}
	db_exec(shop.w->db,
	    "insert into category (id, event, name, price, position, min_count, hidden, created) "
	    "select 1000 + id, id, 'ga', 500 * (1 + id % 30), 0, 1, 0, 1 from event where id > 2",
	    &shop.err);
	db_close(admin);
	fprintf(stderr, "events: %.0f ms\n", milliseconds(CLOCK_MONOTONIC) - start);
}

/* Times of one search. */
struct times {
	double v[FIRST + WALKS * DEEP];
	double cpu[FIRST + WALKS * DEEP]; /* what others on the machine do not touch */
	int n;
};

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void print_times(const char *name, const char *which, struct times *t)
{
	if (t->n == 0)
		return;
	qsort(t->v, (size_t)t->n, sizeof(t->v[0]), by_value);
	qsort(t->cpu, (size_t)t->n, sizeof(t->cpu[0]), by_value);
	printf("search_%s%s_p50 %.2f ms\n", name, which, t->v[t->n / 2]);
	printf("search_%s%s_p99 %.2f ms\n", name, which, t->v[t->n * 99 / 100]);
	printf("search_%s%s_cpu_p99 %.2f ms\n", name, which, t->cpu[t->n * 99 / 100]);
	fflush(stdout);
}

/* The searches: each sets its filters at random; text has room for what they point to. */
struct search {
	const char *name;
	void (*orders)(struct order_list_in *in, char *text);
	void (*events)(struct event_list_in *in, char *text);
};

static void by_nothing(struct order_list_in *in, char *text)
{
	(void)text;
	in->sort = roll(2) ? "created" : NULL;
}

static void by_code(struct order_list_in *in, char *text)
{
	order_code_encode(&shop.core.keys, 1 + roll(1000), text);
	in->find = text;
}

static void by_email(struct order_list_in *in, char *text)
{
	sprintf(text, "Buyer%u@example.org", roll(sold < 400000 ? sold : 400000));
	in->email = text;
}

static void by_phone(struct order_list_in *in, char *text)
{
	sprintf(text, "030/%08llu", roll(sold) * 7919ULL % 100000000);
	in->phone = text;
}

static void by_prefix(struct order_list_in *in, char *text)
{
	sprintf(text, "%s%.*s*", syllables[roll(16)], (int)roll(3), syllables[roll(16)]);
	in->name = text;
}

static void by_letter(struct order_list_in *in, char *text)
{
	sprintf(text, "%c*", 'a' + (int)roll(26));
	in->name = text;
}

static void by_common_name(struct order_list_in *in, char *text)
{
	sprintf(text, "%s", surnames[roll(COUNT(surnames))]);
	in->name = text;
}

static void by_full_name(struct order_list_in *in, char *text)
{
	sprintf(
	    text, "%s %s", first_names[roll(COUNT(first_names))], surnames[roll(COUNT(surnames))]);
	in->name = text;
}

static void by_name_state(struct order_list_in *in, char *text)
{
	by_letter(in, text);
	in->state = UINT64_C(1) << order_state_cancelled;
}

static void by_name_event(struct order_list_in *in, char *text)
{
	by_common_name(in, text);
	in->event = roll(2) ? "gig" : "quiet";
	in->sort = roll(2) ? "created" : NULL;
}

static void by_event_state(struct order_list_in *in, char *text)
{
	(void)text;
	in->event = roll(2) ? "gig" : "quiet";
	in->state = UINT64_C(1) << (roll(2) ? order_state_cancelled : order_state_held);
}

static void by_state(struct order_list_in *in, char *text)
{
	(void)text;
	in->state = UINT64_C(1) << order_state_cancelled | UINT64_C(1) << order_state_held;
}

static void by_total(struct order_list_in *in, char *text)
{
	sprintf(text, "%s%u.00", roll(2) ? ">=" : "", 45 * (1 + roll(9)));
	in->total = text;
}

static void by_dates(struct order_list_in *in, char *text)
{
	(void)text;
	in->since = "-1h";
	in->until = "+1h";
	in->event = "quiet";
}

static void with_words(struct event_list_in *in, char *text)
{
	sprintf(
	    text, "%s %s", words[1 + roll(COUNT(words) - 1)], words[1 + roll(COUNT(words) - 1)]);
	in->words = text;
}

static const char *random_day(void)
{
	static char day[16];

	sprintf(day, "20%02u-%02u-01", 27 + roll(3), 1 + roll(12));
	return day;
}

static void with_words_place_date(struct event_list_in *in, char *text)
{
	unsigned at = roll(CITIES);

	with_words(in, text);
	sprintf(text + 100, "%s%s", syllables[at % 16], syllables[at / 16 + 3]);
	in->place = text + 100;
	in->since = random_day();
}

static void with_commonest(struct event_list_in *in, char *text)
{
	with_words_place_date(in, text);
	in->words = "live";
}

static void with_commonest_alone(struct event_list_in *in, char *text)
{
	(void)text;
	in->words = "live";
	in->since = random_day();
}

static void with_near(struct event_list_in *in, char *text)
{
	unsigned at = roll(CITIES);

	sprintf(text, "%.2f,%.2f", -50 + at * 1.7 + 0.1, -170 + at * 5.5 + 0.1);
	in->near = text;
	in->since = random_day();
}

static void with_words_near_date(struct event_list_in *in, char *text)
{
	with_near(in, text);
	in->words = words[roll(COUNT(words))];
}

static void with_wide(struct event_list_in *in, char *text)
{
	with_words_near_date(in, text);
	in->within = 2000;
	in->present |= UINT64_C(1) << IX_event_list_in_within;
}

static void with_type_tag(struct event_list_in *in, char *text)
{
	(void)text;
	in->type = "talk";
	in->tag = words[roll(8)];
	in->since = random_day();
}

static void with_price(struct event_list_in *in, char *text)
{
	sprintf(text, "%u.00", 5 + roll(20));
	in->price_max = text;
	in->words = words[roll(COUNT(words))];
}

static const struct search searches[] = {{"orders_all", by_nothing, NULL},
    {"orders_code", by_code, NULL}, {"orders_email", by_email, NULL},
    {"orders_phone", by_phone, NULL}, {"orders_prefix", by_prefix, NULL},
    {"orders_letter", by_letter, NULL}, {"orders_name", by_common_name, NULL},
    {"orders_full_name", by_full_name, NULL}, {"orders_name_state", by_name_state, NULL},
    {"orders_name_event", by_name_event, NULL}, {"orders_event_state", by_event_state, NULL},
    {"orders_states", by_state, NULL}, {"orders_total", by_total, NULL},
    {"orders_dates", by_dates, NULL}, {"events_words", NULL, with_words},
    {"events_words_place_date", NULL, with_words_place_date},
    {"events_common_place_date", NULL, with_commonest},
    {"events_common_date", NULL, with_commonest_alone}, {"events_near_date", NULL, with_near},
    {"events_words_near_date", NULL, with_words_near_date},
    {"events_words_wide_date", NULL, with_wide}, {"events_type_tag_date", NULL, with_type_tag},
    {"events_words_price", NULL, with_price}};

/* One page and its times; -1 when it failed. The cursor of the next is kept in next, "": none. */
static int page(const struct call_op *op, const void *in, char next[512], struct times *t)
{
	double start, cpu;
	const char *cursor;

	load(&one, op, in);
	one.c.db = shop.reader;
	cpu = milliseconds(CLOCK_THREAD_CPUTIME_ID);
	start = milliseconds(CLOCK_MONOTONIC);
	reader_run(&one.c);
	t->v[t->n] = milliseconds(CLOCK_MONOTONIC) - start;
	t->cpu[t->n++] = milliseconds(CLOCK_THREAD_CPUTIME_ID) - cpu;
	next[0] = '\0';
	if (one.c.result < 0) {
		if (bad++ == 0)
			fprintf(
			    stderr, "%s: %s [%s]\n", op->name, one.c.err.message, one.c.err.field);
		return -1;
	}
	cursor = op == &op_order_list ? one.out.orders.next : one.out.events.next;
	snprintf(next, 512, "%s", cursor ? cursor : "");
	return (int)(op == &op_order_list ? one.out.orders.items.n : one.out.events.items.n);
}

/* One search, pages of it until the last one wanted; those before from are not timed. Returns what
 * was found. */
static int walk(const struct search *s, int from, int pages, struct times *t)
{
	struct order_list_in orders = {0};
	struct event_list_in events = {0};
	const struct call_op *op = s->orders ? &op_order_list : &op_event_list;
	char text[200], next[512] = "", cursor[512];
	int found = 0;

	if (s->orders)
		s->orders(&orders, text);
	else
		s->events(&events, text);
	for (int i = 0; i < pages && (i == 0 || next[0]); i++) {
		snprintf(cursor, sizeof(cursor), "%s", next);
		orders.cursor = events.cursor = i ? cursor : NULL;
		found +=
		    page(op, s->orders ? (const void *)&orders : (const void *)&events, next, t);
		t->n -= i < from;
	}
	return found;
}

static void measure(const struct search *s, int firsts)
{
	struct times first = {.n = 0}, deep = {.n = 0};
	int found = 0;

	for (int i = 0; i < firsts; i++)
		found += walk(s, 0, 1, &first);
	if (found == 0 && firsts == FIRST && bad++ == 0)
		fprintf(stderr, "%s finds nothing\n", s->name);
	for (int i = 0; i < WALKS; i++)
		walk(s, PAGES, PAGES + DEEP, &deep);
	print_times(s->name, "", &first);
	print_times(s->name, "_deep", &deep);
}

static void print_memory(void)
{
	char line[200];
	FILE *f = fopen("/proc/self/status", "re");
	long kib;

	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "VmRSS: %ld", &kib) == 1)
			printf("search_rss %.1f MiB\n", (double)kib / 1024);
		if (sscanf(line, "VmHWM: %ld", &kib) == 1)
			printf("search_rss_peak %.1f MiB\n", (double)kib / 1024);
	}
	if (f)
		fclose(f);
}

int main(int argc, char **argv)
{
	int64_t orders = argc > 1 ? strtoll(argv[1], NULL, 10) : 1000000;
	int64_t events = argc > 2 ? strtoll(argv[2], NULL, 10) : 1000000;

	snprintf(temp_dir, sizeof(temp_dir), "%s/bench-search-XXXXXX", argc > 3 ? argv[3] : ".");
	if (!mkdtemp(temp_dir))
		return 1;
	shop.core.clock = clock_system();
	shop.core.hold_default = 86400 * USEC_PER_SEC;
	shop.core.idem_keep = 86400 * USEC_PER_SEC;
	temp_url(shop.core.store_url, "search.db");
	if (writer_open(&shop.core, true, &shop.w, &shop.err) < 0 ||
	    shop_stock(&shop, 100000000, 100000000) < 0 ||
	    db_exec(shop.w->db,
		"update event set status = 2, start_at = 4000000000000000;"
		"insert into quota_category (category, quota) values (4, 1)",
		&shop.err) < 0 ||
	    reader_open(&shop.core, &shop.reader, &shop.err) < 0) {
		fprintf(stderr, "%s\n", shop.err.message);
		temp_clean();
		return 1;
	}
	sold = (unsigned)orders;
	sell(orders);
	shop_close(&shop);
	if (writer_open(&shop.core, false, &shop.w, &shop.err) < 0 ||
	    reader_open(&shop.core, &shop.reader, &shop.err) < 0) {
		fprintf(stderr, "%s\n", shop.err.message);
		return 1;
	}
	make_events(events);
	for (size_t i = 0; i < COUNT(searches); i++)
		measure(&searches[i], orders < 100000 ? 20 : FIRST);
	print_memory();
	for (int i = 0; i < BATCH; i++)
		arena_free(slots[i].c.arena);
	arena_free(one.c.arena);
	shop_close(&shop);
	temp_clean();
	return bad > 0;
}
