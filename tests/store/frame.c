/* SPDX-License-Identifier: MIT */
/* The frame: what is kept of a batch when calls fail, replay of keys, dry runs, the journal's
 * chain, a full disk. */
#include <signal.h>
#include <sys/resource.h>

#include "base/failpoint.h"
#include "tests/store/sell.h"
#include "tests/tap.h"

static struct shop shop;

/* A call that writes a row, then fails or not: the row's key is the name of the reason. */
struct poke_in {
	uint64_t present;
	const char *idempotency_key;
	bool dry_run;
	const char *reason;
	const char *row;
	int fail;
};

static int ran;

static int run_poke(struct call *c, const void *p, void *out)
{
	const struct poke_in *in = p;
	struct q q;
	int r = 0;

	(void)out;
	ran++;
	if (in->fail == TIX_EWRONG_STATE)
		return err_set(&c->err, TIX_EWRONG_STATE, NULL, "refused");
	q_start(&q, c->db, SQL_meta_add, &c->err);
	q_str(&q, 1, in->row);
	q_str(&q, 2, "x");
	r = q_step(&q);
	q_end(&q);
	if (r == 0)
		r = journal_append(c, "test.poke", in->row, 0, NULL, NULL);
	c->subject = 7;
	if (r == 0 && in->fail)
		r = err_set(&c->err, in->fail, NULL, "failed after a write");
	return r;
}

static int reload_poke(struct call *c, int64_t subject, void *out)
{
	(void)out;
	return subject == 7 ? 0 : err_set(&c->err, TIX_EINTERNAL, NULL, "another subject");
}

static const struct call_op op_poke = {.name = "poke",
    .run = run_poke,
    .reload = reload_poke,
    .out_size = sizeof(struct mut_out),
    .mutates = true};

static bool kept(const char *row)
{
	struct q q;
	int r;

	q_start(&q, shop.w->db, SQL_meta_get, &shop.err);
	q_str(&q, 1, row);
	r = q_step(&q);
	q_end(&q);
	return r == 1;
}

/* Runs n pokes as one batch. */
static int batch(struct shop_call *k, struct poke_in *in, int n)
{
	struct call *calls[8];

	for (int i = 0; i < n; i++) {
		shop_call(&shop, &k[i], &op_poke, &in[i]);
		calls[i] = &k[i].c;
	}
	ran = 0;
	return writer_batch(shop.w, calls, n);
}

static void test_batch(struct shop_call *k)
{
	struct poke_in in[3] = {{.row = "a1"}, {.fail = TIX_EWRONG_STATE}, {.row = "a2"}};
	const struct journal_entry *v;
	int64_t head, later;
	uint8_t hash[32];

	writer_head(shop.w, &head, hash);
	is_int(batch(k, in, 3), 0, "a batch with a refusal");
	ok(kept("a1") && kept("a2"), "keeps the others");
	is_int(k[1].c.result, TIX_EWRONG_STATE, "the refused knows");
	is_int(ran, 3, "and nothing ran twice");
	is_int(writer_published(shop.w, &v), 2, "two records are published");
	ok(v[0].seq == head + 1 && v[1].seq == head + 2 && strcmp(v[1].subject, "a2") == 0,
	    "dense and in order");
	writer_head(shop.w, &later, hash);
	ok(later == head + 2 && memcmp(hash, v[1].hash, 32) == 0, "the head is the last");
}

static int syncs;

/* Stands in for the C library's in SQLite too. */
int fdatasync(int fd)
{
	syncs++;
	return fsync(fd);
}

/* What is acknowledged is on disk: one sync a batch, before its replies. */
static void test_durable(struct shop_call *k)
{
	struct poke_in in[3] = {{.row = "s1"}, {.row = "s2"}, {.row = "s3"}};
	int before;

	batch(k, in, 1);
	before = syncs;
	in[0].row = "s4";
	batch(k, in, 3);
	is_int(syncs - before, 1, "a batch is one sync");
}

static void test_singly(struct shop_call *k)
{
	struct poke_in in[3] = {{.row = "b1"}, {.row = "b2", .fail = TIX_EINTERNAL}, {.row = "b3"}};
	const struct journal_entry *v;
	int64_t head;
	uint8_t hash[32];

	writer_head(shop.w, &head, hash);
	is_int(batch(k, in, 3), 0, "a call that fails after it wrote");
	ok(kept("b1") && kept("b3") && !kept("b2"), "leaves nothing, the others stay");
	is_int(ran, 5, "they ran again, one by one");
	is_int(k[1].c.result, TIX_EINTERNAL, "it has its error");
	is_int(k[0].c.result, 0, "they have none");
	is_int(writer_published(shop.w, &v), 2, "and two records");
	ok(v[0].seq == head + 1 && v[1].seq == head + 2, "without a gap");
	ok(k[2].c.seq == head + 2, "the reply has its own number");
}

static void test_replay(struct shop_call *k)
{
	static const struct principal stranger = {.id = 2, .name = "support"};
	struct poke_in in = {
	    .row = "c1", .idempotency_key = "0197f3a0-0000-7000-8000-000000000001"};
	struct mut_out *out = (struct mut_out *)(void *)&k[0].out;
	int64_t seq;

	is_int(batch(k, &in, 1), 0, "a call with a key");
	ok(!out->replayed && (out->present & 1), "is new and has a number");
	seq = out->seq;
	batch(k, &in, 1);
	is_int(k[0].c.result, 0, "the same again");
	ok(out->replayed && out->seq == seq && ran == 0,
	    "is replayed with its number and does not run");
	in.idempotency_key = "0197F3A0-0000-7000-8000-000000000001";
	batch(k, &in, 1);
	ok(k[0].c.result == 0 && out->replayed, "a UUID in capitals is the same");
	shop_call(&shop, &k[0], &op_poke, &in);
	k[0].c.params[5] = 1;
	writer_batch(shop.w, (struct call *[]){&k[0].c}, 1);
	is_int(k[0].c.result, TIX_EKEY_REUSED, "other parameters are refused");
	is_str(k[0].c.err.field, "idempotency_key", "by the key's name");
	in = (struct poke_in){
	    .row = "c3", .idempotency_key = "41414141-4141-4141-4141-414141414141"};
	batch(k, &in, 1);
	in = (struct poke_in){.row = "c4", .idempotency_key = "AAAAAAAAAAAAAAAA"};
	batch(k, &in, 1);
	ok(k[0].c.result == 0 && ran == 1, "a text with the bytes of a UUID is another key");
	batch(k, &in, 1);
	ok(k[0].c.result == 0 && ran == 0, "that is known the next time");
	k[0].c.who = &stranger;
	in.row = "c5";
	batch(k, &in, 1);
	ok(k[0].c.result == 0 && ran == 1, "another caller's key is another one too");
	k[0].c.who = NULL;
	in = (struct poke_in){.row = "c2", .idempotency_key = "again", .fail = TIX_EWRONG_STATE};
	batch(k, &in, 1);
	is_int(k[0].c.result, TIX_EWRONG_STATE, "a refusal is not kept");
	in.fail = 0;
	batch(k, &in, 1);
	ok(k[0].c.result == 0 && !out->replayed, "its key works later");
}

/* The same key twice in one batch: the second sees the first. */
static void test_twice(struct shop_call *k)
{
	struct poke_in in[2] = {
	    {.row = "d1", .idempotency_key = "twice"}, {.row = "d1", .idempotency_key = "twice"}};

	batch(k, in, 2);
	ok(k[0].c.result == 0 && k[1].c.result == 0 && ran == 1,
	    "one key twice in a batch runs once");
	ok(((struct mut_out *)(void *)&k[1].out)->replayed, "the second is a replay");
}

static void test_dry(struct shop_call *k)
{
	struct poke_in in[3] = {
	    {.row = "e1"}, {.row = "e2", .dry_run = true, .idempotency_key = "dry"}, {.row = "e3"}};
	struct mut_out *out = (struct mut_out *)(void *)&k[1].out;
	const struct journal_entry *v;

	batch(k, in, 3);
	ok(kept("e1") && kept("e3") && !kept("e2"), "a dry run keeps nothing, its neighbours all");
	ok(k[1].c.result == 0 && out->dry_run && !(out->present & 1),
	    "it says so and has no number");
	is_int(writer_published(shop.w, &v), 2, "it publishes nothing");
	in[1].dry_run = false;
	batch(k, in + 1, 1);
	ok(k[0].c.result == 0 && kept("e2"), "its key is free afterwards");
}

static void test_reason(struct shop_call *k)
{
	struct poke_in in = {.row = "f1", .reason = "because \"so\""};
	struct journal_list_in list = {.subject = "f1"};
	struct journal_record *v;

	k[0].c.request = "r-1";
	batch(k, &in, 1);
	shop_run(&shop, &k[1], &op_journal_list, &list);
	v = k[1].out.journal.items.v;
	ok(k[1].out.journal.items.n == 1 && strcmp(v[0].reason, "because \"so\"") == 0,
	    "the reason is in the journal");
	is_str(v[0].request, "r-1", "and the request");
	is_str(v[0].actor, "owner", "and the actor");
}

/* Every record follows from the one before. */
static void test_chain(struct shop_call *k)
{
	uint8_t prev[32] = {0}, hash[32], before[32];
	struct journal_entry *v = NULL;
	int64_t head;
	int n, good = 0;

	arena_reset(k[0].c.arena);
	n = journal_read(shop.reader, k[0].c.arena, 0, 1000, &v, &shop.err);
	for (int i = 0; i < n; i++) {
		journal_hash(shop.core.keys.chain, prev, &v[i], hash);
		good += memcmp(hash, v[i].hash, 32) == 0 && v[i].seq == i + 1;
		memcpy(prev, v[i].hash, 32);
	}
	writer_head(shop.w, &head, hash);
	ok(n > 10 && good == n && n == head, "the chain holds over %d records", n);
	v[3].data = "{\"x\":1}";
	journal_hash(shop.core.keys.chain, v[2].hash, &v[3], hash);
	ok(memcmp(hash, v[3].hash, 32) != 0, "another content has another hash");
	journal_hash(shop.core.keys.chain, v[4].hash, &v[5], hash);
	journal_hash(shop.core.keys.chain, v[3].hash, &v[5], prev);
	ok(memcmp(hash, prev, 32) != 0, "so has another record before it");
	v[5].has_reason = true;
	journal_hash(shop.core.keys.chain, v[4].hash, &v[5], prev);
	v[5].reason_mac[15] ^= 1;
	journal_hash(shop.core.keys.chain, v[4].hash, &v[5], before);
	ok(memcmp(hash, prev, 32) != 0 && memcmp(before, prev, 32) != 0, "and another reason");
}

static void test_full(struct shop_call *k)
{
	static char big[100000];
	struct poke_in in = {.row = big};
	struct rlimit old, small;
	int r = 0;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	small = old;
	small.rlim_cur = 1 << 20;
	setrlimit(RLIMIT_FSIZE, &small);
	memset(big, 'x', sizeof(big) - 1);
	for (int i = 0; i < 50 && r == 0; i++) {
		big[0] = (char)('A' + i);
		r = batch(k, &in, 1);
	}
	setrlimit(RLIMIT_FSIZE, &old);
	is_int(r, TIX_EUNAVAILABLE, "a full disk refuses the batch");
	ok(strstr(k[0].c.err.hint, "same key") != NULL, "with a hint");
	ok(!kept(big), "keeps nothing of it");
	is_int(batch(k, &in, 1), 0, "and passes");
}

static void test_restart(struct shop_call *k)
{
	uint8_t before[32], after[32];
	int64_t seq, again;
	struct poke_in in = {.row = "g1"};

	writer_head(shop.w, &seq, before);
	shop_close(&shop);
	is_int(shop_open(&shop, "frame.db", false), 0, "the store opens again");
	writer_head(shop.w, &again, after);
	ok(again == seq && memcmp(before, after, 32) == 0, "with the same head");
	batch(k, &in, 1);
	is_int(k[0].c.seq, seq + 1, "and goes on from there");
}

static void test_keys_end(struct shop_call *k)
{
	struct poke_in in = {.row = "h1", .idempotency_key = "old"};
	int64_t wait;

	batch(k, &in, 1);
	clock_test_set(shop.clock, SELL_START + 8 * 86400 * USEC_PER_SEC);
	in = (struct poke_in){.row = "h2", .idempotency_key = "young"};
	batch(k, &in, 1);
	for (int i = 0; i < 100 && (wait = writer_tend(shop.w)) == 0; i++)
		;
	ok(wait > 0, "housekeeping comes to an end");
	batch(k, &in, 1);
	ok(k[0].c.result == 0 && ran == 0, "a young key is still known");
	in = (struct poke_in){.row = "h3", .idempotency_key = "old"};
	batch(k, &in, 1);
	ok(k[0].c.result == 0 && ran == 1, "one of 8 days ago is forgotten");
}

#ifdef TIX_FAILPOINTS
static void test_failpoints(struct shop_call *k)
{
	struct poke_in in[3] = {
	    {.row = "i1"}, {.row = "i2", .idempotency_key = "i2"}, {.row = "i3"}};

	setenv("TIX_FAILPOINT", "batch.keyed:2:err", 1);
	failpoint_reset();
	is_int(batch(k, in, 3), 0, "a failure between two calls");
	ok(ran == 5 && kept("i1") && kept("i2") && kept("i3"),
	    "makes them run singly, which all can");
	in[0].row = "j1";
	setenv("TIX_FAILPOINT", "batch.written:1:err", 1);
	failpoint_reset();
	is_int(batch(k, in, 1), TIX_EINTERNAL, "a failure before the commit");
	ok(!kept("j1") && k[0].c.result == TIX_EINTERNAL, "leaves nothing");
	is_int(batch(k, in, 1), 0, "and passes");
	unsetenv("TIX_FAILPOINT");
	failpoint_reset();
}
#else
static void test_failpoints(struct shop_call *k)
{
	(void)k;
	skip("this build has no failpoints");
}
#endif

int main(void)
{
	struct shop_call k[4] = {0};

	temp_make();
	if (!ok(shop_open(&shop, "frame.db", true) == 0, "a fresh store"))
		return diag("%s", shop.err.message), done_testing();
	test_batch(k);
	test_durable(k);
	test_singly(k);
	test_replay(k);
	test_twice(k);
	test_dry(k);
	test_reason(k);
	test_chain(k);
	test_full(k);
	test_failpoints(k);
	test_restart(k);
	test_keys_end(k);
	for (int i = 0; i < 4; i++)
		shop_done(&k[i]);
	shop_free(&shop);
	return done_testing();
}
