/* SPDX-License-Identifier: MIT */
/* The codec by hand-made cases: each kind of field with good and bad values, the frame of a
 * request, and what replies look like. */
#include "tests/tap.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/mem.h"
#include "rpc/codec.h"

struct decode_case {
	const struct shape *shape;
	const char *json; /* NULL: no parameters at all */
	int code;
	const char *field;
	const char *hint; /* a part of it */
};

#define ORDER(more) "{\"pay\":\"cash\"," more "}"
#define VENUE(more) "{\"venue\":\"hall\",\"name\":\"Hall\",\"zone\":\"UTC\"," more "}"
#define EVENT(more)                                                                                \
	"{\"event\":\"a\",\"name\":\"A\",\"start\":\"2026-06-01\",\"currency\":\"EUR\"," more "}"
#define PRICE(value) "{\"event\":\"a\",\"name\":\"b\",\"price\":" value "}"

static const struct decode_case cases[] = {
    {&shape_none, NULL, 0, "", ""},
    {&shape_none, "{}", 0, "", ""},
    {&shape_none, "{\"x\":1}", TIX_EUNKNOWN_FIELD, "x", ""},
    {&shape_none, "[]", TIX_EBAD_PARAMS, "", ""},
    {&shape_event_in, NULL, TIX_EMISSING, "event", ""},
    {&shape_event_in, "{}", TIX_EMISSING, "event", ""},
    {&shape_event_in, "{\"evnet\":\"a\"}", TIX_EUNKNOWN_FIELD, "evnet", "did you mean event?"},
    {&shape_event_in, "{\"event\":null}", TIX_EBAD_VALUE, "event", ""},
    {&shape_event_in, "{\"event\":7}", TIX_EBAD_VALUE, "event", ""},
    {&shape_event_in, "{\"event\":\"\"}", TIX_EBAD_VALUE, "event", ""},
    {&shape_event_in, "{\"event\":\"Summer Fair\"}", TIX_EBAD_VALUE, "event", "summer-fair"},
    {&shape_event_in, "{\"event\":\"summer-fair\"}", 0, "", ""},
    /* text */
    {&shape_order_create_in, ORDER("\"name\":\"a\\nb\""), TIX_EBAD_VALUE, "name", ""},
    {&shape_order_create_in, ORDER("\"name\":\"a\\u001b[1m\""), TIX_EBAD_VALUE, "name", ""},
    {&shape_order_create_in, ORDER("\"name\":\"a\\u009b1m\""), TIX_EBAD_VALUE, "name", ""},
    {&shape_order_create_in, ORDER("\"name\":\"a\\u007f\""), TIX_EBAD_VALUE, "name", ""},
    {&shape_order_create_in, ORDER("\"name\":\"\\u202eevil\""), 0, "", ""},
    {&shape_order_create_in, ORDER("\"name\":\"=HYPERLINK(1)\""), 0, "", ""},
    {&shape_order_create_in, ORDER("\"name\":true"), TIX_EBAD_VALUE, "name", ""},
    {&shape_order_create_in, ORDER("\"country\":\"DE\""), 0, "", ""},
    {&shape_order_create_in, ORDER("\"country\":\"D\""), TIX_EBAD_VALUE, "country", ""},
    {&shape_order_create_in, ORDER("\"country\":\"DEU\""), TIX_EBAD_VALUE, "country", ""},
    {&shape_event_create_in, EVENT("\"description\":\"a\\n\\tb\""), 0, "", ""},
    {&shape_event_create_in, EVENT("\"description\":\"a\\u0000\""), TIX_EPARSE, "", ""},
    {&shape_event_create_in, EVENT("\"description\":\"a\\u0001\""), TIX_EBAD_VALUE, "description",
	""},
    {&shape_event_create_in, EVENT("\"description\":null"), 0, "", ""},
    /* e-mail, zone, key, code, cursor, method */
    {&shape_order_create_in, ORDER("\"email\":\"a@example.com\""), 0, "", ""},
    {&shape_order_create_in, ORDER("\"email\":\"nobody\""), TIX_EBAD_VALUE, "email", ""},
    {&shape_venue_create_in, "{\"venue\":\"h\",\"name\":\"H\",\"zone\":\"Europe/Berlin\"}", 0, "",
	""},
    {&shape_venue_create_in, "{\"venue\":\"h\",\"name\":\"H\",\"zone\":\"/etc/x y\"}",
	TIX_EBAD_VALUE, "zone", ""},
    {&shape_order_create_in, ORDER("\"idempotency_key\":\"\xC3\xA9\""), TIX_EBAD_VALUE,
	"idempotency_key", ""},
    {&shape_order_create_in, ORDER("\"hold\":\"AB12-CD34\""), 0, "", ""},
    {&shape_order_create_in, ORDER("\"hold\":\"\xC3\xA9\""), TIX_EBAD_VALUE, "hold", ""},
    {&shape_organizer_list_in, "{\"cursor\":\"AbC-_9\"}", 0, "", ""},
    {&shape_organizer_list_in, "{\"cursor\":\"a b\"}", TIX_EBAD_VALUE, "cursor", ""},
    {&shape_describe_in, "{\"method\":\"order.create\"}", 0, "", ""},
    {&shape_describe_in, "{\"method\":\"order create\"}", TIX_EBAD_VALUE, "method", ""},
    /* integers and booleans */
    {&shape_organizer_list_in, "{\"limit\":1}", 0, "", ""},
    {&shape_organizer_list_in, "{\"limit\":1000}", 0, "", ""},
    {&shape_organizer_list_in, "{\"limit\":0}", TIX_EBAD_VALUE, "limit", ""},
    {&shape_organizer_list_in, "{\"limit\":1001}", TIX_EBAD_VALUE, "limit", ""},
    {&shape_organizer_list_in, "{\"limit\":5.0}", TIX_EBAD_VALUE, "limit", ""},
    {&shape_organizer_list_in, "{\"limit\":\"5\"}", TIX_EBAD_VALUE, "limit", ""},
    {&shape_journal_follow_in, "{\"since\":9223372036854775807}", 0, "", ""},
    {&shape_journal_follow_in, "{\"since\":-1}", TIX_EBAD_VALUE, "since", ""},
    {&shape_order_create_in, ORDER("\"dry_run\":true"), 0, "", ""},
    {&shape_order_create_in, ORDER("\"dry_run\":1"), TIX_EBAD_VALUE, "dry_run", ""},
    /* degrees */
    {&shape_venue_create_in, VENUE("\"latitude\":90"), 0, "", ""},
    {&shape_venue_create_in, VENUE("\"latitude\":-52.5"), 0, "", ""},
    {&shape_venue_create_in, VENUE("\"latitude\":null"), 0, "", ""},
    {&shape_venue_create_in, VENUE("\"latitude\":90.000001"), TIX_EBAD_VALUE, "latitude", ""},
    {&shape_venue_create_in, VENUE("\"longitude\":-180.1"), TIX_EBAD_VALUE, "longitude", ""},
    {&shape_venue_create_in, VENUE("\"longitude\":\"13\""), TIX_EBAD_VALUE, "longitude", ""},
    /* enums */
    {&shape_order_create_in, "{\"pay\":\"cahs\"}", TIX_EBAD_VALUE, "pay",
	"did you mean cash? One of cash, comp"},
    {&shape_order_create_in, "{\"pay\":1}", TIX_EBAD_VALUE, "pay", ""},
    {&shape_event_list_in, "{\"status\":\"draft\"}", 0, "", ""},
    {&shape_event_list_in, "{\"status\":[\"draft\",\"ended\"]}", 0, "", ""},
    {&shape_event_list_in, "{\"status\":[]}", TIX_EBAD_VALUE, "status", ""},
    {&shape_event_list_in, "{\"status\":[\"draft\",\"x\"]}", TIX_EBAD_VALUE, "status[1]",
	"one of draft, published"},
    /* money */
    {&shape_category_create_in, PRICE("\"45.00\""), 0, "", ""},
    {&shape_category_create_in, PRICE("\"EUR 45.00\""), 0, "", ""},
    {&shape_category_create_in, PRICE("{\"amount\":4500,\"currency\":\"EUR\"}"), 0, "", ""},
    {&shape_category_create_in, PRICE("4500"), TIX_EBAD_VALUE, "price", "45.00"},
    {&shape_category_create_in, PRICE("45.0"), TIX_EBAD_VALUE, "price", "45.00"},
    {&shape_category_create_in, PRICE("\"45;00\""), TIX_EBAD_VALUE, "price", "45.00"},
    {&shape_category_create_in, PRICE("\"-1\""), TIX_EBAD_VALUE, "price", "45.00"},
    {&shape_category_create_in, PRICE("{\"amount\":-1,\"currency\":\"EUR\"}"), TIX_EBAD_VALUE,
	"price.amount", ""},
    {&shape_category_create_in, PRICE("{\"amount\":1,\"currency\":\"XQX\"}"), TIX_EBAD_VALUE,
	"price.currency", ""},
    {&shape_category_create_in, PRICE("{\"amount\":1}"), TIX_EBAD_VALUE, "price", ""},
    {&shape_category_create_in, PRICE("{\"amount\":1,\"currency\":\"EUR\",\"x\":1}"),
	TIX_EBAD_VALUE, "price", ""},
    /* documents, texts */
    {&shape_event_create_in, EVENT("\"doc\":{\"a\":[1,2.5,null]}"), 0, "", ""},
    {&shape_event_create_in, EVENT("\"doc\":[1]"), TIX_EBAD_VALUE, "doc", ""},
    {&shape_event_create_in, EVENT("\"doc\":\"{}\""), TIX_EBAD_VALUE, "doc", ""},
    {&shape_event_create_in, EVENT("\"tags\":\"one\""), 0, "", ""},
    {&shape_event_create_in, EVENT("\"tags\":[\"one\",\"two\"]"), 0, "", ""},
    {&shape_event_create_in, EVENT("\"tags\":[]"), 0, "", ""},
    {&shape_event_create_in, EVENT("\"tags\":[\"one\",2]"), TIX_EBAD_VALUE, "tags[1]", ""},
    {&shape_event_create_in, EVENT("\"tags\":[\"\"]"), TIX_EBAD_VALUE, "tags[0]", ""},
    /* sub-shapes */
    {&shape_order_create_in, ORDER("\"line\":[{\"category\":\"a\",\"count\":2}]"), 0, "", ""},
    {&shape_order_create_in, ORDER("\"line\":[{\"category\":\"a\",\"count\":0}]"), TIX_EBAD_VALUE,
	"line[0].count", ""},
    {&shape_order_create_in, ORDER("\"line\":[{\"category\":\"a\"}]"), TIX_EMISSING,
	"line[0].count", ""},
    {&shape_order_create_in, ORDER("\"line\":[{\"category\":\"a\",\"cuont\":1}]"),
	TIX_EUNKNOWN_FIELD, "line[0].cuont", "count"},
    {&shape_order_create_in, ORDER("\"line\":[1]"), TIX_EBAD_VALUE, "line[0]", ""},
    {&shape_order_create_in, ORDER("\"line\":{}"), TIX_EBAD_VALUE, "line", ""},
    {&shape_hold_create_in, "{\"event\":\"a\",\"line\":[]}", TIX_EBAD_VALUE, "line", ""},
    {&shape_event_import_in,
	"{\"events\":[{\"event\":\"a\",\"name\":\"A\",\"start\":\"x\",\"venue\":{\"name\":1}}]}",
	TIX_EBAD_VALUE, "events[0].venue.name", ""},
    {&shape_event_import_in,
	"{\"events\":[{\"event\":\"a\",\"name\":\"A\",\"start\":\"x\",\"venue\":null}]}", 0, "",
	""},
    {&shape_event_import_in,
	"{\"events\":[{\"event\":\"a\",\"name\":\"A\",\"start\":\"x\",\"venue\":[]}]}",
	TIX_EBAD_VALUE, "events[0].venue", ""},
};

static int decode(
    const struct shape *shape, const char *json, struct arena *a, void **ret, struct err *e)
{
	AUTO(json) json_t *v = NULL;
	void *in = arena_alloc(a, shape->size);
	int r = json ? json_parse_strict(json, strlen(json), RPC_DEPTH, &v, e) : 0;

	if (r == 0)
		r = rpc_decode(shape, v, a, in, e);
	*ret = in;
	return r;
}

static void test_cases(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct decode_case *c = &cases[i];
		struct err e = {0};
		void *in;
		int r = decode(c->shape, c->json, a, &in, &e);

		ok(r == c->code && !strcmp(e.field, c->field) && strstr(e.hint, c->hint) &&
			(r == 0 || e.message[0]),
		    "%s %s: %d %s: %s (%s)", c->shape->name, c->json ? c->json : "-", r, e.field,
		    e.message, e.hint);
		arena_reset(a);
	}
}

static void test_values(struct arena *a)
{
	struct err e = {0};
	struct event_create_in *ev;
	struct order_create_in *o;
	struct venue_create_in *v;
	struct event_list_in *l;

	decode(&shape_event_create_in,
	    EVENT("\"tags\":\"x\",\"doc\":{\"b\":1.0,\"a\":\"\\u009b\"},\"description\":null,"
		  "\"type\":\"e\xCC\x81\""),
	    a, (void **)&ev, &e);
	is_str(ev->tags.v[0], "x", "a single text is a list");
	is_str(ev->doc, "{\"a\":\"\\u009b\",\"b\":1.0}", "document, sorted, controls escaped");
	ok(HAS(ev, event_create_in, description) && !ev->description, "null is given and empty");
	ok(!HAS(ev, event_create_in, venue), "absent is absent");
	is_str(ev->type, "\xC3\xA9", "NFC");
	decode(&shape_order_create_in,
	    ORDER("\"line\":[{\"count\":2,\"category\":\"a\"}],\"dry_run\":true"), a, (void **)&o,
	    &e);
	is_int(o->pay, pay_kind_cash, "enum");
	is_int(o->line.n, 1, "one line");
	is_int(((struct line_in *)o->line.v)->count, 2, "its count");
	ok(o->dry_run && HAS(o, order_create_in, dry_run) && !HAS(o, order_create_in, reason),
	    "bool and present bits");
	decode(&shape_venue_create_in, VENUE("\"latitude\":52.5200066,\"longitude\":-13"), a,
	    (void **)&v, &e);
	is_int(v->latitude, 52520007, "millionths, rounded");
	is_int(v->longitude, -13000000, "integer degrees");
	decode(&shape_event_list_in, "{\"status\":[\"draft\",\"ended\"]}", a, (void **)&l, &e);
	is_int(l->status, 1 << event_status_draft | 1 << event_status_ended, "words as bits");
}

struct parse_case {
	const char *line;
	int code;
	const char *id;
	const char *field;
};

#define CALL "\"jsonrpc\":\"2.0\",\"method\":\"order.show\""

static const struct parse_case frames[] = {
    {"{\"id\":1," CALL "}", 0, "1", ""},
    {"{\"id\":\"a\\\"b\"," CALL ",\"params\":{}}\n", 0, "\"a\\\"b\"", ""},
    {"{" CALL ",\"params\":{}}", 0, "null", ""},
    {"{\"id\":null," CALL "}", TIX_EINVALID_REQUEST, "null", "id"},
    {"{\"id\":1.5," CALL "}", TIX_EINVALID_REQUEST, "null", "id"},
    {"{\"id\":1," CALL ",\"params\":[]}", TIX_EINVALID_REQUEST, "1", "params"},
    {"{\"id\":1," CALL ",\"params\":null}", TIX_EINVALID_REQUEST, "1", "params"},
    {"{\"id\":1," CALL ",\"extra\":1}", TIX_EINVALID_REQUEST, "1", "extra"},
    {"{\"id\":1,\"method\":\"order.show\"}", TIX_EINVALID_REQUEST, "1", "jsonrpc"},
    {"{\"id\":1,\"jsonrpc\":\"1.0\",\"method\":\"order.show\"}", TIX_EINVALID_REQUEST, "1",
	"jsonrpc"},
    {"{\"id\":1,\"jsonrpc\":\"2.0\"}", TIX_EINVALID_REQUEST, "1", "method"},
    {"{\"id\":1,\"jsonrpc\":\"2.0\",\"method\":5}", TIX_EINVALID_REQUEST, "1", "method"},
    {"{\"id\":7,\"jsonrpc\":\"2.0\",\"method\":\"order.shwo\"}", TIX_EUNKNOWN_METHOD, "7",
	"method"},
    {"{\"jsonrpc\":\"2.0\",\"method\":\"order.create\"}", TIX_EINVALID_REQUEST, "null", "id"},
    {"[{\"id\":1," CALL "}]", TIX_EINVALID_REQUEST, "null", ""},
    {"[]", TIX_EINVALID_REQUEST, "null", ""},
    {"", TIX_EPARSE, "null", ""},
    {"nonsense", TIX_EPARSE, "null", ""},
    {"{\"id\":1," CALL ",\"id\":2}", TIX_EPARSE, "null", ""},
    {"{\"id\":1," CALL ",\"params\":{\"a:\\\"\":\"x\",\"code\":\"\xFF\"}}", TIX_EPARSE, "null",
	"code"},
    {"{\"id\":1," CALL ",\"params\":{\"code\":\"a\\u0000\"}}", TIX_EPARSE, "null", "code"},
    {"{\"id\":1," CALL ",\"params\":{\"code\":\"a\\\\u0000\"}}", 0, "1", ""},
    {"{\"id\":1," CALL ",\"params\":{\"code\":9223372036854775808}}", TIX_EPARSE, "null", "code"},
    {"{\"id\":1," CALL ",\"params\":{\"a\":\"9\\\"99\",\"code\":-1e999}}", TIX_EPARSE, "null",
	"code"},
    {"{\"id\":1," CALL ",\"params\":{\"code\":1,}}", TIX_EPARSE, "null", ""},
};

static void test_frames(struct arena *a)
{
	char longid[300];
	struct rpc_request r;
	struct err e;

	for (size_t i = 0; i < ARRAY_LEN(frames); i++) {
		const struct parse_case *c = &frames[i];

		e = (struct err){0};
		int res = rpc_parse(c->line, strlen(c->line), a, &r, &e);
		ok(res == c->code && !strcmp(r.id, c->id) && !strcmp(e.field, c->field),
		    "%s: %d %s %s", c->line, res, r.id, e.field);
		if (res == TIX_EUNKNOWN_METHOD)
			is_str(e.hint, "did you mean order.show?", "near method");
		rpc_request_done(&r);
	}
	snprintf(longid, sizeof(longid), "{\"id\":\"%0127d\"," CALL "}", 1);
	is_int(
	    rpc_parse(longid, strlen(longid), a, &r, &e), TIX_EINVALID_REQUEST, "id of 129 bytes");
	rpc_request_done(&r);
	snprintf(longid, sizeof(longid), "{\"id\":\"%0126d\"," CALL "}", 1);
	is_int(rpc_parse(longid, strlen(longid), a, &r, &e), 0, "id of 128 bytes");
	rpc_request_done(&r);
	is_int(rpc_parse("{\"id\":1\0}", 9, a, &r, &e), TIX_EPARSE, "NUL byte");
	rpc_request_done(&r);
}

static void test_reply(void)
{
	const char *tags[] = {"a", "b\x1b"};
	struct venue_ref venue = {.slug = "hall", .name = "H\"all"};
	struct event ev = {.event = "a",
	    .status = event_status_draft,
	    .name = "A\x9b\xC2\x9b",
	    .start = INT64_C(1781373600000000),
	    .end = TIME_NONE,
	    .doors = INT64_C(-1),
	    .venue = &venue,
	    .tags = {tags, 2},
	    .doc = "{\"a\":1}",
	    .seq = 7};
	struct venue v = {.latitude = -500000, .longitude = TIME_NONE};
	struct err e = {0};
	struct buf b;

	buf_init(&b, 0);
	SET(&ev, event, seq);
	is_int(rpc_encode_reply(&b, "5", &shape_event, &ev), 0, "reply");
	is_str(buf_str(&b),
	    "{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{\"event\":\"a\",\"status\":\"draft\","
	    "\"name\":\"A\xEF\xBF\xBD\\u009b\","
	    "\"start\":\"2026-06-13T18:00:00Z\",\"end\":null,\"doors\":\"1969-12-31T23:59:59."
	    "999999Z\",\"zone\":null,"
	    "\"venue\":{\"slug\":\"hall\",\"name\":\"H\\\"all\",\"city\":null,\"country\":null},"
	    "\"currency\":null,"
	    "\"description\":null,\"type\":null,\"tags\":[\"a\",\"b\\u001b\"],\"doc\":{\"a\":1},"
	    "\"organizer\":null,"
	    "\"size\":0,\"sold\":0,\"held\":0,\"target\":[],\"seq\":7}}\n",
	    "its text");
	buf_clear(&b);
	rpc_encode(&shape_venue, &v, &b);
	ok(strstr(buf_str(&b), "\"latitude\":-0.5,\"longitude\":null"), "degrees: %s", buf_str(&b));
	buf_clear(&b);
	err_set(&e, TIX_ESOLD_OUT, "line[0]", "none left");
	err_fact(&e, "left", 3);
	rpc_encode_error(&b, "\"x\"", &e, "r1");
	is_str(buf_str(&b),
	    "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"error\":{\"code\":-32007,\"message\":\"none "
	    "left\",\"data\":{"
	    "\"name\":\"sold_out\",\"field\":\"line[0]\",\"hint\":null,\"retryable\":false,"
	    "\"request\":\"r1\","
	    "\"facts\":{\"left\":3}}}}\n",
	    "error");
	buf_clear(&b);
	rpc_encode_note(&b, "journal.mark", &shape_journal_mark,
	    &(struct journal_mark){.subscription = 1, .seq = 2});
	is_str(buf_str(&b),
	    "{\"jsonrpc\":\"2.0\",\"method\":\"journal.mark\",\"params\":{\"subscription\":1,"
	    "\"seq\":2}}\n",
	    "notification");
	buf_done(&b);
	buf_init(&b, 100);
	buf_puts(&b, "before");
	is_int(rpc_encode_reply(&b, "5", &shape_event, &ev), TIX_EUNAVAILABLE, "full buffer");
	is_str(buf_str(&b), "before", "holds no half line");
	buf_done(&b);
}

/* However little memory there is: the same result, or unavailable. */
static void test_memory(void)
{
	static const char line[] =
	    "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"event.import\",\"params\":{\"events\":[{"
	    "\"event\":\"a\",\"name\":"
	    "\"e\\u0301\",\"start\":\"x\",\"venue\":{\"name\":\"H\"},\"tags\":[\"x\"],\"doc\":{"
	    "\"k\":[1]},\"quotas\":["
	    "{\"name\":\"q\",\"size\":5}],\"categories\":[{\"name\":\"c\",\"price\":\"1\"}]}]}}";
	unsigned good = 0, refused = 0, other = 0;

	for (size_t cap = 0; cap < 4096; cap += 16) {
		struct arena *a = arena_new(cap);
		struct rpc_request r;
		struct err e = {0};
		void *in;
		int res = rpc_parse(line, strlen(line), a, &r, &e);

		if (res == 0)
			res = rpc_request_decode(&r, a, &in, &e);
		*(res == 0 ? &good : res == TIX_EUNAVAILABLE ? &refused : &other) += 1;
		rpc_request_done(&r);
		arena_free(a);
	}
	ok(good > 0 && refused > 10 && other == 0, "%u good, %u refused, %u other", good, refused,
	    other);
}

static void test_full(void)
{
	struct describe d = {.api = 1, .methods = "[{\"a\":\"b\"}]"};
	unsigned good = 0, half = 0;

	for (size_t max = 7; max < 200; max++) {
		struct buf b;

		buf_init(&b, max);
		buf_puts(&b, "before");
		if (rpc_encode_reply(&b, "5", &shape_describe, &d) == 0)
			good++;
		else if (b.failed || strcmp(buf_str(&b), "before") != 0)
			half++;
		buf_done(&b);
	}
	ok(good > 50 && half == 0, "a full buffer never holds half a line");
}

int main(void)
{
	struct arena *a = arena_new(1 << 20);

	test_cases(a);
	test_values(a);
	test_frames(a);
	test_reply();
	test_memory();
	test_full();
	arena_free(a);
	return done_testing();
}
