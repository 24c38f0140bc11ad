/* SPDX-License-Identifier: MIT */
/* Lines of the shell: what is a word, what is still open, and where output goes. */
#include "tests/tap.h"

#include "base/buf.h"
#include "cli/shell_history.h"
#include "cli/shell_line.h"

/* Words in <>, quoted ones in «»; then >FILE, >>FILE, |PROGRAM, - for a line that may fail. */
static void show(struct buf *b, const struct shell_line *l)
{
	if (l->may_fail)
		buf_puts(b, "-");
	for (size_t i = 0; i < l->n; i++)
		buf_printf(b, l->word[i].bare ? "<%s>" : "[%s]", l->word[i].text);
	if (l->file)
		buf_printf(b, "%s%s", l->append ? ">>" : ">", l->file);
	if (l->pipe)
		buf_printf(b, "|%s", l->pipe);
}

static void test_words(struct arena *a)
{
	static const struct {
		const char *text, *want; /* NULL: an error */
		int open;
	} table[] = {
	    {"", "", 0},
	    {"  \t ", "", 0},
	    {"order list", "<order><list>", 0},
	    {"  order\tlist  \n", "<order><list>", 0},
	    {"order list\r\n", "<order><list>", 0},
	    {"# a remark", "", 0},
	    {"order list # a remark", "<order><list>", 0},
	    {"order show a#b", "<order><show><a#b>", 0},
	    {"--name 'A. Buyer'", "<--name>[A. Buyer]", 0},
	    {"--name \"A \\\"B\\\" \\\\ \\n\"", "<--name>[A \"B\" \\ \\n]", 0},
	    {"--name='a b'c", "[--name=a bc]", 0},
	    {"--name ''", "<--name>[]", 0},
	    {"a\\ b \\! \\|", "[a b][!][|]", 0},
	    {"note 'it", "<note>[it]", 1},
	    {"note \"it", "<note>[it]", 1},
	    {"note 'a\nb'", "<note>[a\nb]", 0},
	    {"order \\", "<order>", 1},
	    {"order \\\n", "<order>", 1},
	    {"order \\\n\n", "<order>", 0},
	    {"order\\\n", "<order>", 1},
	    {"order \\\n  list", "<order><list>", 0},
	    {"order li\\\nst", "<order><list>", 0},
	    {"order list\\", "<order><list>", 1},
	    {"api x {\"a\": [1, 2],\n \"b\": {}}", "<api><x>[{\"a\": [1, 2],\n \"b\": {}}]", 0},
	    {"api x {\"a\": \"}\"} y", "<api><x>[{\"a\": \"}\"}]<y>", 0},
	    {"api x {\"a\": \"\\\"}\", 'b'}", "<api><x>[{\"a\": \"\\\"}\", 'b'}]", 0},
	    {"api x {\"a\": {", "<api><x>[{\"a\": {]", 1},
	    {"api x {\"a\": \"b", "<api><x>[{\"a\": \"b]", 1},
	    {"api x {\"a\": \"\\", "<api><x>[{\"a\": \"\\]", 1},
	    {"order list > o.txt", "<order><list>>o.txt", 0},
	    {"order list >>'o 1.txt'", "<order><list>>>o 1.txt", 0},
	    {"order list >o | cat", NULL, 0},
	    {"order list > o more", NULL, 0},
	    {"order list >", NULL, 0},
	    {"order list --total >=100", NULL, 0},
	    {"order list --total '>=100'", "<order><list><--total>[>=100]", 0},
	    {"order list --total=>=100", "<order><list><--total=>=100>", 0},
	    {"order list --jsonl | jq '.code' | head", "<order><list><--jsonl>|jq '.code' | head", 0},
	    {"order list|head", "<order><list>|head", 0},
	    {"order list |", NULL, 0},
	    {"a || b", NULL, 0},
	    {"a && b", NULL, 0},
	    {"a ; b", NULL, 0},
	    {"a '&&' b;", "<a>[&&]<b;>", 0},
	    {"-order cancel !", "-<order><cancel><!>", 0},
	    {"- order list", "-<order><list>", 0},
	    {"  -order list", "-<order><list>", 0},
	    {"-e fair order list", "<-e><fair><order><list>", 0},
	    {"--utc order list", "<--utc><order><list>", 0},
	    {"-q", "<-q>", 0},
	    {"order cancel !/1 '!r'", "<order><cancel><!/1>[!r]", 0},
	    {"name W\303\274rzburg", "<name><W\303\274rzburg>", 0},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct shell_line l;
		struct err e = {0};
		struct buf b;
		char name[20];
		int r = shell_line_split(a, table[i].text, &l, &e);

		snprintf(name, sizeof(name), "row %zu", i);
		buf_init(&b, 0);
		show(&b, &l);
		if (table[i].want) {
			is_int(r, table[i].open, name);
			is_str(buf_str(&b), table[i].want, name);
		} else {
			is_int(r, TIX_EBAD_VALUE, name);
			ok(e.message[0] != 0, "and says why");
		}
		buf_done(&b);
	}
}

/* What Tab asks: is a word being typed, or a new one to begin? */
static void test_cursor(struct arena *a)
{
	static const struct {
		const char *text;
		bool word, file;
	} table[] = {{"", false, false}, {"ord", true, false}, {"order ", false, false}, {"order sh", true, false},
	    {"order show 'a", true, false}, {"order show 'a b'", true, false}, {"order show 'a' ", false, false},
	    {"order list > ", true, true}, {"order list > fi", true, true}, {"order \\\n", false, false},
	    {"order \\\nsh", true, false}};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct shell_line l;
		struct err e = {0};

		shell_line_split(a, table[i].text, &l, &e);
		ok(l.word_open == table[i].word, "a word is being typed, row %zu", i);
		ok(l.file_open == table[i].file, "a file is being typed, row %zu", i);
	}
}

static void test_history(void)
{
	static const struct {
		const char *line;
		bool kept;
	} table[] = {{"order list", true}, {"", false}, {" order list", false}, {"\torder list", false},
	    {"api x {\"password\": \"x\"}", false}, {"webhook set --SECRET x", false},
	    {"payment set --tokens x", false}, {"order create f --key K1", true}};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		ok(shell_history_keeps(table[i].line) == table[i].kept, "history and \"%s\"", table[i].line);
}

int main(void)
{
	struct arena *a = arena_new(4u * 1024 * 1024);

	test_words(a);
	test_cursor(a);
	test_history();
	arena_free(a);
	return done_testing();
}
