/* SPDX-License-Identifier: MIT */
/* Opening a store: its lock, its key file, and the errors that name what is wrong. */
#include <sqlite3.h>

#include "tests/store/sell.h"
#include "tests/tap.h"

static struct shop shop;

static int reopen(bool create)
{
	shop_close(&shop);
	return shop_open(&shop, "s.db", create);
}

static void test_create(void)
{
	char path[512], other[512];
	struct stat st;

	/* as after a crash while the key was written */
	temp_write(temp_path(other, "s.db.key.new"), "0123", 4, 0600);
	is_int(
	    shop_open(&shop, "s.db", false), TIX_ENOT_FOUND, "an absent store is not made unasked");
	ok(stat(temp_path(path, "s.db.key"), &st) < 0, "nor its key");
	is_int(shop_open(&shop, "s.db", true), 0, "asked, it is");
	ok(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600 && st.st_size == 65,
	    "with a key for its owner alone");
	ok(stat(temp_path(other, "s.db.key.new"), &st) < 0, "and nothing else is left");
	is_int(reopen(false), 0, "and opens again");
	is_int(reopen(true), 0, "also where creating is allowed");
}

static void test_lock(void)
{
	struct core other = {.clock = clock_system()};
	struct writer *w = NULL;
	struct err err = {0};
	char pid[32];

	temp_url(other.store_url, "s.db");
	is_int(
	    writer_open(&other, false, &w, &err), TIX_EUNAVAILABLE, "a second writer is refused");
	snprintf(pid, sizeof(pid), "pid %ld", (long)getpid());
	ok(strstr(err.message, pid) != NULL, "by the pid of the first");
	shop_close(&shop);
	is_int(writer_open(&other, false, &w, &err), 0, "and let in once that has gone");
	writer_free(w);
}

static void try_key(const void *text, size_t len, mode_t mode, const char *what)
{
	char path[512];

	temp_path(path, "s.db.key");
	unlink(path);
	temp_write(path, text, len, mode);
	is_int(reopen(true), TIX_ECONFIG, what);
	ok(strcmp(shop.err.field, "key") == 0 && strstr(shop.err.message, "s.db"), "named: %s",
	    shop.err.message);
}

static void test_key(void)
{
	char path[512], other[512], key[65], wrong[65];
	FILE *f;

	shop_close(&shop);
	f = fopen(temp_path(path, "s.db.key"), "re");
	ok(f && fread(key, 1, 65, f) == 65, "the key");
	if (f)
		fclose(f);
	memcpy(wrong, key, 65);
	wrong[3] = wrong[3] == 'a' ? 'b' : 'a';
	try_key(key, 65, 0640, "a key that others can read is refused");
	try_key(key, 60, 0600, "a short one too");
	try_key(wrong, 65, 0600, "another store's too");
	wrong[5] = 'x';
	try_key(wrong, 65, 0600, "and what is no hex");
	unlink(path);
	is_int(reopen(true), TIX_ECONFIG, "a store without its key is refused");
	ok(stat(path, &(struct stat){0}) < 0, "no new key is made for it");
	temp_write(temp_path(other, "elsewhere"), key, 65, 0600);
	ok(symlink(other, path) == 0, "a symbolic link to it");
	is_int(reopen(false), TIX_ECONFIG, "is refused");
	unlink(path);
	temp_write(path, key, 65, 0600);
	is_int(reopen(false), 0, "the right one opens");
}

static void test_newer(void)
{
	db_exec(shop.w->db, "insert into migration values (9999, 'later', 'x', 1)", &shop.err);
	is_int(reopen(true), TIX_EVERSION, "a newer store is refused");
	ok(strstr(shop.err.message, "9999") != NULL, "by both versions: %s", shop.err.message);
}

/* Being cut off while it is made leaves a store that the next start makes. */
static void test_cut(void)
{
	static const char key[] =
	    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n";
	sqlite3 *h = NULL;
	char path[512];

	temp_write(temp_path(path, "cut.db"), "", 0, 0600);
	shop_close(&shop);
	is_int(shop_open(&shop, "cut.db", true), 0, "an empty file is a fresh store");
	ok(shop_stock(&shop, 1, 1) == 0, "with its first organizer");
	shop_close(&shop);
	sqlite3_open(temp_path(path, "head.db"), &h);
	ok(sqlite3_exec(h, "pragma journal_mode=wal", NULL, NULL, NULL) == SQLITE_OK,
	    "a header alone");
	sqlite3_close(h);
	chmod(path, 0600);
	temp_write(temp_path(path, "head.db.key"), key, sizeof(key) - 1, 0600);
	is_int(shop_open(&shop, "head.db", true), 0,
	    "is made into a store, with the key that lay ready");
	shop_close(&shop);
	sqlite3_open(temp_path(path, "other.db"), &h);
	sqlite3_exec(h, "create table t (x)", NULL, NULL, NULL);
	sqlite3_close(h);
	temp_write(temp_path(path, "other.db.key"), key, sizeof(key) - 1, 0600);
	is_int(shop_open(&shop, "other.db", true), TIX_ECONFIG,
	    "another program's database is refused");
}

int main(void)
{
	temp_make();
	test_create();
	test_lock();
	test_key();
	test_newer();
	test_cut();
	shop_free(&shop);
	return done_testing();
}
