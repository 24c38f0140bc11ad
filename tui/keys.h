/* SPDX-License-Identifier: MIT */
/* Keys by name, and what they mean: the table of keys.def, as a person may have remapped it. */
#ifndef TUI_KEYS_H
#define TUI_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct err;

enum act {
	ACT_NONE,
#define KEY(id, keys, word, doc) ACT_##id,
#include "tui/keys.def"
#undef KEY
	ACT_COUNT
};

/* A key is a code point, or one of these. */
enum key {
	KEY_NONE = 0,
	KEY_TAB = 9,
	KEY_RETURN = 13,
	KEY_ESCAPE = 27,
	KEY_SPACE = 32,
	KEY_DELETE_BACK = 127,
	KEY_SPECIAL = 0x110000,
	KEY_CURSOR_UP,
	KEY_CURSOR_DOWN,
	KEY_CURSOR_LEFT,
	KEY_CURSOR_RIGHT,
	KEY_PAGE_UP,
	KEY_PAGE_DOWN,
	KEY_TO_HOME,
	KEY_TO_END,
	KEY_BACK_TAB,
	KEY_DELETE_NEXT,
	KEY_FUNCTION, /* F0; F1 to F12 follow */
	KEY_FUNCTION_LAST = KEY_FUNCTION + 12,
};

struct act_info {
	const char *name; /* in the settings file */
	const char *keys; /* as built in */
	const char *word;
	const char *doc;
};

extern const struct act_info act_info[ACT_COUNT];

#define BINDINGS_MAX 128

struct keymap {
	struct {
		int key;
		enum act act;
		int nth; /* which of the keys of its row, from 0 */
		int line; /* of the settings file; 0: built in */
	} v[BINDINGS_MAX];
	size_t n;
};

/* The code of a name: "j", "Enter", "^S", "PgDn", "F10"; KEY_NONE for none. */
int key_by_name(const char *name, size_t len);
void key_put_name(int key, struct buf *out);

/* What keys.def says. TIX_EINTERNAL when a key is there twice. */
int keymap_init(struct keymap *m, struct err *e);

/* A settings file: lines "NAME KEY...", each in place of the built-in keys of that row; # begins a
 * comment. TIX_ECONFIG names the line: a name or key that is none, a key that means two things. A
 * file that is not there changes nothing. */
int keymap_read(struct keymap *m, const char *path, struct err *e);

enum act keymap_find(const struct keymap *m, int key, int *ret_nth);

/* The keys of an action, as names with a blank between; nothing for one that has none. first: only
 * the one that is shown. */
void keymap_names(const struct keymap *m, enum act act, bool first, struct buf *out);

#endif
