/* SPDX-License-Identifier: MIT */
/* Error table and details: unique names and codes, cutting, bad UTF-8, facts. */
#include "tests/tap.h"

#include "base/err.h"
#include "base/utf8.h"

static void table(void)
{
	bool unique = true, exits = true;

	for (int i = 1; i < (int)ERR_ROW_COUNT; i++) {
		const struct err_info *a = err_info(-i);

		exits = exits && a->exit_code > 0 && a->exit_code < 128 && a->text[0];
		exits = exits && a->retryable == (a->exit_code == 75 || a->exit_code == 69);
		for (int j = i + 1; j < (int)ERR_ROW_COUNT; j++)
			unique = unique && strcmp(a->name, err_info(-j)->name) != 0 &&
				 a->rpc_code != err_info(-j)->rpc_code;
		if (err_by_name(a->name) != -i || err_by_rpc_code(a->rpc_code) != -i)
			unique = false;
	}
	ok(unique, "names and codes are unique and are found again");
	ok(exits, "each row has an exit code, a text, and may be retried only for 69 and 75");
	is_int(TIX_EMISSING, -1, "codes count from -1");
	is_int(err_info(TIX_ESOLD_OUT)->exit_code, 3, "sold_out exits with 3");
	is_int(err_info(TIX_EBUSY)->exit_code, 75, "busy exits with 75");
	is_str(err_info(-9999)->name, "internal", "a code that is none is internal");
	is_str(err_info(5)->name, "internal", "so is a positive one");
	is_str(err_info(0)->name, "ok", "zero is no error");
	is_int(err_by_name("bad_plan"), TIX_EINTERNAL, "an unknown name");
}

static void details(void)
{
	struct err e = {0};
	char big[1024];

	is_int(err_set(&e, TIX_EBAD_VALUE, "price", "\"%s\" is bad", "x"), TIX_EBAD_VALUE,
	    "returns code");
	is_str(e.field, "price", "field");
	is_str(e.message, "\"x\" is bad", "message");
	err_hint(&e, "try %d", 3);
	is_str(e.hint, "try 3", "hint");
	for (int i = 0; i < 6; i++) {
		char key[4] = {'k', (char)('0' + i), 0, 0};

		err_fact(&e, key, i);
	}
	is_int(e.nfacts, ERR_FACTS_MAX, "facts are bounded");
	err_fact(&e, "k1", 77);
	ok(e.nfacts == ERR_FACTS_MAX && e.facts[1].value == 77, "a fact is replaced by its key");
	err_set(&e, TIX_EBUSY, NULL, NULL);
	ok(!e.hint[0] && !e.nfacts && !e.field[0], "a new error drops the old details");
	is_str(e.message, err_info(TIX_EBUSY)->text, "the table's text without a format");
	memset(big, 'a', sizeof(big));
	big[sizeof(big) - 1] = '\0';
	memcpy(big + 510, "\xE2\x82\xAC", 3);
	err_set(&e, TIX_EBUSY, big, "%s", big);
	ok(strlen(e.message) == 510 && utf8_valid(e.message, 510), "cut before a cut character");
	is_int(strlen(e.field), 63, "field cut");
	err_set(&e, TIX_EBUSY, NULL, "a\xFF\xC0z");
	is_str(e.message, "a??z", "bad UTF-8 is replaced");
	err_clear(&e);
	is_int(e.code, 0, "cleared");
	is_int(err_set(NULL, TIX_EBUSY, "f", "m"), TIX_EBUSY, "no struct, same code");
	err_hint(NULL, "x");
	err_fact(NULL, "x", 1);
	err_clear(NULL);
}

int main(void)
{
	table();
	details();
	return done_testing();
}
