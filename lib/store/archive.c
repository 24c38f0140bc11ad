/* SPDX-License-Identifier: MIT */
/* Streams a store into a backup and back. It keeps no more than a few buffers in memory, whatever
 * the size, and believes nothing that it reads before the last checksum. */
#include "store/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <zstd.h>

#include "base/mem.h"

#define LEVEL 3
#define CHUNK ((size_t)128 << 10)
#define FRAME_MARK 0x184D2A50U /* a skippable frame: what the store is */
#define FRAME_SUM 0x184D2A51U  /* and the checksum */
#define FRAME_HEAD 8	       /* magic and length, little-endian */
#define TRAILER (FRAME_HEAD + ARCHIVE_SUM)
#define MARK_MAX 512

#define MARK_FORMAT                                                                                \
	"tix-backup 1\nseq %" PRId64 "\nat %" PRId64 "\nhash %s\nschema %" PRId64                  \
	"\nbytes %" PRId64 "\nkey %s\n"
#define MARK_SCAN                                                                                  \
	"tix-backup 1\nseq %" SCNd64 "\nat %" SCNd64 "\nhash %64[0-9a-f]\nschema %" SCNd64         \
	"\nbytes %" SCNd64 "\nkey %32[0-9a-f]\n"

struct packer {
	int in, out;
	crypto_generichash_state sum;
	int64_t left;  /* bytes of the stream that are not read yet */
	int64_t bytes; /* written */
	const char *name_in, *name_out;
	const struct pace *pace;
	struct err *err;
	char a[CHUNK], b[CHUNK];
};

static void put_le32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

static uint32_t get_le32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static int system_failed(struct err *err, const char *what, const char *name)
{
	bool missing = errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == EISDIR;
	int code = missing || errno == EACCES || errno == EPERM ? TIX_EBAD_VALUE : TIX_EUNAVAILABLE;

	if (errno == EEXIST)
		code = TIX_EEXISTS;
	return err_set(err, code, "file", "cannot %s %s: %s", what, name, strerrordesc_np(errno));
}

static int damaged(struct packer *p, const char *why)
{
	return err_set(
	    p->err, TIX_EBAD_VALUE, "file", "the backup %s is damaged: %s", p->name_in, why);
}

static int go_on(struct packer *p)
{
	if (p->pace && p->pace->go_on(p->pace->ctx) != 0)
		return err_set(p->err, TIX_EUNAVAILABLE, NULL, "it was stopped");
	return 0;
}

static int put(struct packer *p, const void *data, size_t len)
{
	const char *at = data;

	while (len > 0) {
		ssize_t n = write(p->out, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return system_failed(p->err, "write", p->name_out);
		at += n;
		len -= (size_t)n;
		p->bytes += n;
	}
	return 0;
}

static int put_summed(struct packer *p, const void *data, size_t len)
{
	crypto_generichash_update(&p->sum, data, len);
	return put(p, data, len);
}

/* Reads up to len bytes of what is left; 0 at the end. */
static ssize_t get(struct packer *p, void *data, size_t len)
{
	ssize_t n;

	if ((int64_t)len > p->left)
		len = (size_t)p->left;
	if (len == 0)
		return 0;
	do {
		n = read(p->in, data, len);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return system_failed(p->err, "read", p->name_in);
	if (n == 0)
		return damaged(p, "it has become shorter");
	p->left -= n;
	return n;
}

static int get_all(struct packer *p, void *data, size_t len)
{
	char *at = data;

	while (len > 0) {
		ssize_t n = get(p, at, len);

		if (n <= 0)
			return n < 0 ? (int)n : damaged(p, "it is too short");
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

static int write_mark(struct packer *p, const struct archive_mark *m)
{
	char text[MARK_MAX], hash[65], check[33];
	uint8_t head[FRAME_HEAD];
	int n, r;

	sodium_bin2hex(hash, sizeof(hash), m->hash, sizeof(m->hash));
	sodium_bin2hex(check, sizeof(check), m->check, sizeof(m->check));
	n = snprintf(
	    text, sizeof(text), MARK_FORMAT, m->seq, m->at, hash, m->schema, m->bytes, check);
	put_le32(head, FRAME_MARK);
	put_le32(head + 4, (uint32_t)n);
	r = put_summed(p, head, sizeof(head));
	return r < 0 ? r : put_summed(p, text, (size_t)n);
}

static int write_sum(struct packer *p, uint8_t ret_sum[ARCHIVE_SUM])
{
	uint8_t head[FRAME_HEAD];
	int r;

	put_le32(head, FRAME_SUM);
	put_le32(head + 4, ARCHIVE_SUM);
	r = put_summed(p, head, sizeof(head));
	if (r < 0)
		return r;
	crypto_generichash_final(&p->sum, ret_sum, ARCHIVE_SUM);
	r = put(p, ret_sum, ARCHIVE_SUM);
	if (r == 0 && fsync(p->out) < 0)
		r = system_failed(p->err, "sync", p->name_out);
	return r;
}

/* Compresses what one read gave; the last one ends the stream. */
static int press(struct packer *p, ZSTD_CCtx *z, size_t len, bool last)
{
	ZSTD_inBuffer in = {p->a, len, 0};
	size_t more;

	do {
		ZSTD_outBuffer out = {p->b, sizeof(p->b), 0};
		int r;

		more = ZSTD_compressStream2(z, &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
		if (ZSTD_isError(more))
			return err_set(p->err, TIX_EUNAVAILABLE, "memory", "cannot compress: %s",
			    ZSTD_getErrorName(more));
		r = put_summed(p, p->b, out.pos);
		if (r < 0)
			return r;
	} while (last ? more > 0 : in.pos < in.size);
	return 0;
}

static int press_all(struct packer *p, ZSTD_CCtx *z)
{
	int r = 0;

	ZSTD_CCtx_setParameter(z, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
	do {
		ssize_t n = get(p, p->a, sizeof(p->a));

		r = n < 0 ? (int)n : go_on(p);
		if (r == 0)
			r = press(p, z, (size_t)n, p->left == 0);
	} while (r == 0 && p->left > 0);
	return r;
}

static int open_in(struct packer *p)
{
	struct stat st;

	p->in = open(p->name_in, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (p->in < 0 || fstat(p->in, &st) < 0)
		return system_failed(p->err, "read", p->name_in);
	if (!S_ISREG(st.st_mode))
		return err_set(p->err, TIX_EBAD_VALUE, "file", "%s is no plain file", p->name_in);
	p->left = st.st_size;
	return 0;
}

static int open_out(struct packer *p)
{
	if (!p->name_out)
		return 0;
	p->out = open(p->name_out, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return p->out < 0 ? system_failed(p->err, "create", p->name_out) : 0;
}

static int packer_new(
    const char *from, const char *to, const struct pace *pace, struct err *err, struct packer **ret)
{
	struct packer *p = calloc(1, sizeof(*p));

	if (!p)
		return err_set(err, TIX_EUNAVAILABLE, "memory", "out of memory");
	p->in = p->out = -1;
	p->name_in = from;
	p->name_out = to;
	p->pace = pace;
	p->err = err;
	crypto_generichash_init(&p->sum, NULL, 0, ARCHIVE_SUM);
	*ret = p;
	return open_in(p);
}

static void packer_free(struct packer *p)
{
	if (!p)
		return;
	if (p->in >= 0)
		close(p->in);
	if (p->out >= 0)
		close(p->out);
	free(p);
}

int archive_pack(const char *from, const char *to, const struct archive_mark *mark,
    const struct pace *pace, uint8_t ret_sum[ARCHIVE_SUM], int64_t *ret_bytes, struct err *err)
{
	struct packer *p = NULL;
	ZSTD_CCtx *z = ZSTD_createCCtx();
	struct archive_mark m = *mark;
	int r = packer_new(from, to, pace, err, &p);

	if (r == 0)
		r = open_out(p);
	if (r == 0 && !z)
		r = err_set(err, TIX_EUNAVAILABLE, "memory", "out of memory");
	if (r == 0) {
		m.bytes = p->left;
		r = write_mark(p, &m);
	}
	if (r == 0)
		r = press_all(p, z);
	if (r == 0)
		r = write_sum(p, ret_sum);
	if (r == 0)
		*ret_bytes = p->bytes;
	packer_free(p);
	ZSTD_freeCCtx(z);
	return r;
}

static int read_mark(struct packer *p, struct archive_mark *ret)
{
	char text[MARK_MAX], again[MARK_MAX], hash[65], check[33];
	uint8_t head[FRAME_HEAD];
	struct archive_mark m = {0};
	uint32_t len;
	int r = p->left < FRAME_HEAD + TRAILER
		    ? err_set(p->err, TIX_EBAD_VALUE, "file", "%s is no backup of tix", p->name_in)
		    : get_all(p, head, sizeof(head));

	if (r < 0)
		return r;
	len = get_le32(head + 4);
	if (get_le32(head) != FRAME_MARK || len >= sizeof(text))
		return err_set(
		    p->err, TIX_EBAD_VALUE, "file", "%s is no backup of tix", p->name_in);
	r = get_all(p, text, len);
	if (r < 0)
		return r;
	text[len] = '\0';
	if (sscanf(text, MARK_SCAN, &m.seq, &m.at, hash, &m.schema, &m.bytes, check) != 6 ||
	    snprintf(again, sizeof(again), MARK_FORMAT, m.seq, m.at, hash, m.schema, m.bytes,
		check) != (int)len ||
	    memcmp(text, again, len) != 0 ||
	    sodium_hex2bin(m.hash, sizeof(m.hash), hash, 64, NULL, NULL, NULL) != 0 ||
	    sodium_hex2bin(m.check, sizeof(m.check), check, 32, NULL, NULL, NULL) != 0)
		return damaged(p, "it does not say what it is");
	crypto_generichash_update(&p->sum, head, sizeof(head));
	crypto_generichash_update(&p->sum, (const uint8_t *)text, len);
	*ret = m;
	return 0;
}

/* Decompresses what one read gave; *ret_open is false after the end of the stream. */
static int unpress(struct packer *p, ZSTD_DCtx *z, size_t len, int64_t *left, bool *ret_open)
{
	ZSTD_inBuffer in = {p->a, len, 0};
	ZSTD_outBuffer out;

	do {
		size_t more;
		int r;

		if (!*ret_open && in.pos < in.size)
			return damaged(p, "something follows the store");
		out = (ZSTD_outBuffer){p->b, sizeof(p->b), 0};
		more = ZSTD_decompressStream(z, &out, &in);
		if (ZSTD_isError(more))
			return damaged(p, ZSTD_getErrorName(more));
		*left -= (int64_t)out.pos;
		if (*left < 0)
			return damaged(p, "the store in it is longer than it says");
		r = p->out >= 0 ? put(p, p->b, out.pos) : 0;
		if (r < 0)
			return r;
		*ret_open = more > 0;
	} while (in.pos < in.size || (*ret_open && out.pos == out.size));
	return 0;
}

static int unpress_all(struct packer *p, ZSTD_DCtx *z, int64_t bytes)
{
	bool open = true;
	int r = 0;

	p->left -= TRAILER;
	while (r == 0 && p->left > 0) {
		ssize_t n = get(p, p->a, sizeof(p->a));

		r = n < 0 ? (int)n : go_on(p);
		if (r == 0) {
			crypto_generichash_update(&p->sum, (const uint8_t *)p->a, (size_t)n);
			r = unpress(p, z, (size_t)n, &bytes, &open);
		}
	}
	if (r == 0 && (open || bytes != 0))
		r = damaged(p, "the store in it ends too early");
	return r;
}

static int read_sum(struct packer *p, uint8_t ret_sum[ARCHIVE_SUM])
{
	uint8_t trailer[TRAILER], sum[ARCHIVE_SUM];
	int r;

	p->left = TRAILER;
	r = get_all(p, trailer, sizeof(trailer));
	if (r < 0)
		return r;
	crypto_generichash_update(&p->sum, trailer, FRAME_HEAD);
	crypto_generichash_final(&p->sum, sum, sizeof(sum));
	if (get_le32(trailer) != FRAME_SUM || get_le32(trailer + 4) != ARCHIVE_SUM ||
	    memcmp(sum, trailer + FRAME_HEAD, sizeof(sum)) != 0)
		return damaged(p, "its checksum is another");
	memcpy(ret_sum, sum, sizeof(sum));
	return 0;
}

int archive_unpack(const char *from, const char *to, const struct pace *pace,
    struct archive_mark *ret, uint8_t ret_sum[ARCHIVE_SUM], struct err *err)
{
	struct packer *p = NULL;
	ZSTD_DCtx *z = ZSTD_createDCtx();
	struct archive_mark mark = {0};
	int r = packer_new(from, to, pace, err, &p);

	if (r == 0 && !z)
		r = err_set(err, TIX_EUNAVAILABLE, "memory", "out of memory");
	if (r == 0)
		r = read_mark(p, &mark);
	if (r == 0)
		r = open_out(p);
	if (r == 0)
		r = unpress_all(p, z, mark.bytes);
	if (r == 0)
		r = read_sum(p, ret_sum);
	if (r == 0 && p->out >= 0 && fsync(p->out) < 0)
		r = system_failed(err, "sync", to);
	if (r == 0)
		*ret = mark;
	packer_free(p);
	ZSTD_freeDCtx(z);
	return r;
}
