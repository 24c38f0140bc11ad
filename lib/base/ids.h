/* SPDX-License-Identifier: MIT */
/* Public names of things: order codes, ticket codes, UUIDs, opaque text. Codes are keyed
 * permutations of internal ids, so they are looked up by decoding and tell nothing about how many
 * there are. Nothing here says that a decoded thing exists: the row decides. */
#ifndef TIX_BASE_IDS_H
#define TIX_BASE_IDS_H

#include <stddef.h>
#include <stdint.h>

struct clock;
struct rng;

#define ORDER_CODE_SIZE 10  /* "7K2M-9QXD" and NUL */
#define TICKET_CODE_SIZE 27 /* 26 characters and NUL */
#define UUID_SIZE 37
#define ORDER_ID_MAX ((INT64_C(1) << 40) - 1)
#define TICKET_ID_MAX ((UINT64_C(1) << 50) - 1)
#define TICKET_GENERATION_MAX 16383U

/* The keys that one master key gives. check tells key files apart and may be stored in clear. */
struct idkeys {
	uint8_t code[16], ticket[16], mac[16], chain[32], check[16];
};

void idkeys_derive(const uint8_t master[32], struct idkeys *ret);

/* id from 0 to ORDER_ID_MAX. TIX_ELIMIT beyond. */
int order_code_encode(const struct idkeys *keys, int64_t id, char out[ORDER_CODE_SIZE]);

/* Read "7K2M-9QXD" or "7K2M-9QXD/2"; case and dash do not matter, O is 0, I and L are 1. ret_sub
 * (may be NULL: then /n is refused) is the number after the slash, 0 without one. TIX_EBAD_VALUE
 * when it cannot be a code. */
int order_code_decode(const struct idkeys *keys, const char *text, int64_t *ret_id, int *ret_sub);

/* A ticket's code: id and generation, and a MAC so that nobody can guess one. TIX_ELIMIT when id or
 * generation are beyond their maximum. */
int ticket_code_encode(
    const struct idkeys *keys, uint64_t id, unsigned generation, char out[TICKET_CODE_SIZE]);

/* Reads with the same forgiveness. TIX_EBAD_VALUE when it cannot be a code, TIX_ENOT_FOUND when its
 * MAC is wrong. */
int ticket_code_decode(
    const struct idkeys *keys, const char *text, uint64_t *ret_id, unsigned *ret_generation);

/* The permutations below the codes; half says how many bits a half has: 20 or 32. */
uint64_t feistel_encode(const uint8_t key[16], int half, uint64_t v);
uint64_t feistel_decode(const uint8_t key[16], int half, uint64_t v);

/* UUID version 7: time-ordered to the microsecond, then 62 random bits. */
void uuid7_make(const struct clock *clock, const struct rng *rng, uint8_t ret[16]);
void uuid_format(const uint8_t in[16], char out[UUID_SIZE]);

/* Any version, either case, with its four dashes. TIX_EBAD_VALUE else. */
int uuid_parse(const char *text, uint8_t ret[16]);

/* Crockford base 32. b32_value gives 0 to 31, or -1 for what is no digit. */
int b32_value(char c);
void b32_put(uint64_t v, int digits, char *out); /* no NUL */

/* base64url without padding. size must be at least B64URL_SIZE(len); NUL-terminated. */
#define B64URL_SIZE(len) (((len)*4 + 2) / 3 + 1)
void b64url_encode(const void *mem, size_t len, char *out, size_t size);

/* TIX_EBAD_VALUE for anything that b64url_encode would not have written or that exceeds size. */
int b64url_decode(const char *text, void *ret, size_t size, size_t *ret_len);

#endif
