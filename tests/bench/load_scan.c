/* SPDX-License-Identifier: MIT */
/* What the load generator reads of a reply, and what it must not take for one. */
#include "tests/tap.h"

#include "cli/load_scan.h"

static struct load_reply r;

static bool scan(const char *line)
{
	return load_scan(line, strlen(line), &r);
}

static void check_results(void)
{
	ok(scan("{\"jsonrpc\":\"2.0\",\"id\":17,\"result\":{\"seq\":4,\"code\":\"ABCD1234\","
		"\"tickets\":"
		"[{\"n\":1,\"code\":\"no}t \\\"this\\\\\"}],\"total\":{\"amount\":9000}}}"),
	    "a sale");
	is_int(r.id, 17, "its id");
	is_str(r.code, "ABCD1234", "its code, not a ticket's");
	ok(!r.replayed && r.error == 0 && r.left == -1, "it is new");
	ok(scan(" { \"result\" : { \"code\" : \"A-B\" , \"replayed\" : true } , \"id\" : 5 } "),
	    "spaces, a repeat");
	ok(r.replayed && r.id == 5, "replayed");
	ok(scan("{\"id\":1,\"result\":{\"replayed\":false}}") && !r.replayed, "replayed false");
	is_str(r.code, "", "no code");
}

static void check_errors(void)
{
	ok(scan("{\"jsonrpc\":\"2.0\",\"id\":3,\"error\":{\"code\":-32007,\"message\":\"x\","
		"\"data\":"
		"{\"name\":\"sold_out\",\"facts\":{\"left\":1,\"asked\":2}}}}"),
	    "sold out");
	is_int(r.error, -32007, "its number");
	is_int(r.left, 1, "what is left");
	ok(scan("{\"id\":3,\"error\":{\"code\":-32012,\"data\":{}}}") && r.left == -1,
	    "an error without facts");
	ok(scan("{\"id\":null,\"error\":{\"code\":-32700}}") && r.id == -1, "an error without id");
}

static void check_broken(void)
{
	static const char *const lines[] = {"", "{", "[]", "{}", "{\"id\":1}",
	    "{\"id\":1,\"result\":{", "{\"id\":1,\"result\":{\"code\":\"A\"}",
	    "{\"id\":1,\"error\":{}}", "{\"id\":1,\"result\":[]}",
	    "{\"id\":1,\"result\":{\"code\":\"0123456789abcdef\"}}",
	    "{\"id\":1,\"result\":{\"code\":7}}", "{\"id\":1,\"result\":{\"code\":\"A\\\"}}",
	    "hello"};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		ok(!scan(lines[i]), "no reply: %s", lines[i]);
}

int main(void)
{
	check_results();
	check_errors();
	check_broken();
	return done_testing();
}
