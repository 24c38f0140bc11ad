/* SPDX-License-Identifier: MIT */
/* Keys by name, and the map that a settings file changes. */
#include "tui/keys.c"

#include <stdlib.h>

#include "tests/tap.h"

static void names_lead_back(void)
{
	struct keymap m;
	struct err e;
	bool good = true;

	ok(keymap_init(&m, &e) == 0, "no built-in key means two things: %s", e.message);
	for (size_t i = 0; i < m.n; i++) {
		AUTO(buf) struct buf b = {0};

		key_put_name(m.v[i].key, &b);
		good &= key_by_name(buf_str(&b), b.len) == m.v[i].key;
	}
	ok(good && m.n > 40, "the name of each of %zu keys leads back to it", m.n);
	ok(key_by_name("\xC3\xA9", 2) == 0xE9, "a letter beyond ASCII is a key");
	ok(key_by_name("F13", 3) == KEY_NONE && key_by_name("jj", 2) == KEY_NONE, "others are none");
}

/* What a file says to that text, "" when it takes it. */
static const char *said(const char *text, struct keymap *m)
{
	static struct err e;
	char path[] = "/tmp/tix-keys.XXXXXX";
	int fd = mkstemp(path);
	bool written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	int r;

	err_clear(&e);
	keymap_init(m, NULL);
	r = written ? keymap_read(m, path, &e) : -1;
	close(fd);
	unlink(path);
	return r == 0 ? "" : e.message;
}

static void a_file_changes_them(void)
{
	struct keymap m;
	int nth = -1;

	ok(said("# mine\n\nquit X F9 # leave\n", &m)[0] == '\0', "a good file is taken");
	ok(keymap_find(&m, 'X', &nth) == ACT_quit && nth == 0, "the new key means it");
	ok(keymap_find(&m, KEY_FUNCTION + 9, &nth) == ACT_quit && nth == 1, "and the second");
	ok(keymap_find(&m, 'Q', &nth) == ACT_NONE, "the built-in one no more");
	ok(strstr(said("up x\n", &m), ":1: x would mean"), "a key that means something else is refused");
	ok(strstr(said("\nleave X\n", &m), ":2: \"leave\" is nothing"), "a name that is none, too");
	ok(strstr(said("quit Hyper-X\n", &m), "\"Hyper-X\" is no key"), "and what is no key");
	ok(said("quit x\nstop Q\n", &m)[0] == '\0', "two may change places");
	ok(keymap_read(&m, "/nonexistent/keys", NULL) == 0, "a file that is not there changes nothing");
}

int main(void)
{
	names_lead_back();
	a_file_changes_them();
	return done_testing();
}
