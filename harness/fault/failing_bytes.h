/* SPDX-License-Identifier: MIT */
/* Reads and writes of bytes of which chosen ones fail.
 *
 * A build of src/ that includes this file before each source has these
 * functions in place of those of base/bytes.h and base/der.h.  A failure is
 * that of the contract: false, and nothing has changed, as if there were no
 * room, or no more bytes. */
#ifndef FAULT_FAILING_BYTES_H
#define FAULT_FAILING_BYTES_H

#include "base/der.h"

/* A place of src/ that reads or writes bytes. */
struct bytes_place {
    const char *file;
    int line;
    const char *call;
    unsigned calls;           /* since failing_bytes_begin */
    struct bytes_place *next; /* seen before this one; the last has itself */
};

/* The places that a walk has come to, the last one first, and the one that
 * fails: its calls `first` to `last`, counted from 1.  NULL: none. */
struct failing_bytes {
    struct bytes_place *places;
    const struct bytes_place *place;
    unsigned first;
    unsigned last;
    unsigned failed; /* calls that have failed */
    unsigned writes; /* those of them that write a message to be sent */
    unsigned since;  /* calls since the last of them, or since the start */
    bool stopped;
};
extern struct failing_bytes failing_bytes;

/* failing_bytes_begin counts the calls of every place anew; those from `first`
 * to `last` of `place`, which may be NULL, fail. */
void failing_bytes_begin(const struct bytes_place *place, unsigned first,
                         unsigned last);

/* failing_bytes_stop: no call fails or counts any more. */
void failing_bytes_stop(void);

bool failing_bytes_at(struct bytes_place *place);

#ifdef FAULT_FAILING_BYTES

/* clang-format off */
#define BYTES_CALLS(CALL)                                                     \
    CALL(get_bytes, (struct dtls_bytes *a, size_t b, struct dtls_bytes *c), (a, b, c)) \
    CALL(get_u8, (struct dtls_bytes *a, uint8_t *b), (a, b))                  \
    CALL(get_u16, (struct dtls_bytes *a, uint16_t *b), (a, b))                \
    CALL(get_u24, (struct dtls_bytes *a, uint32_t *b), (a, b))                \
    CALL(get_u32, (struct dtls_bytes *a, uint32_t *b), (a, b))                \
    CALL(get_u48, (struct dtls_bytes *a, uint64_t *b), (a, b))                \
    CALL(get_vec8, (struct dtls_bytes *a, struct dtls_bytes *b), (a, b))      \
    CALL(get_vec16, (struct dtls_bytes *a, struct dtls_bytes *b), (a, b))     \
    CALL(get_vec24, (struct dtls_bytes *a, struct dtls_bytes *b), (a, b))     \
    CALL(take, (struct dtls_span *a, size_t b, struct dtls_span *c), (a, b, c)) \
    CALL(put_room, (struct dtls_buf *a, size_t b, struct dtls_span *c), (a, b, c)) \
    CALL(put_u8, (struct dtls_buf *a, uint8_t b), (a, b))                     \
    CALL(put_u16, (struct dtls_buf *a, uint16_t b), (a, b))                   \
    CALL(put_u24, (struct dtls_buf *a, uint32_t b), (a, b))                   \
    CALL(put_u32, (struct dtls_buf *a, uint32_t b), (a, b))                   \
    CALL(put_u48, (struct dtls_buf *a, uint64_t b), (a, b))                   \
    CALL(put_bytes, (struct dtls_buf *a, struct dtls_bytes b), (a, b))        \
    CALL(put_vec8, (struct dtls_buf *a, struct dtls_bytes b), (a, b))         \
    CALL(put_vec16, (struct dtls_buf *a, struct dtls_bytes b), (a, b))        \
    CALL(put_open16, (struct dtls_buf *a, size_t *b), (a, b))                 \
    CALL(put_close16, (struct dtls_buf *a, size_t b), (a, b))                 \
    CALL(put_close16_with, (struct dtls_buf *a, size_t b, size_t c), (a, b, c)) \
    CALL(der_get, (struct dtls_bytes *a, unsigned b, struct dtls_bytes *c), (a, b, c)) \
    CALL(der_get_element, (struct dtls_bytes *a, unsigned b, struct dtls_bytes *c), (a, b, c)) \
    CALL(der_get_any, (struct dtls_bytes *a, uint8_t *b, struct dtls_bytes *c), (a, b, c)) \
    CALL(der_get_bool, (struct dtls_bytes *a, bool *b), (a, b))               \
    CALL(der_get_integer, (struct dtls_bytes *a, struct dtls_bytes *b), (a, b)) \
    CALL(der_get_unsigned, (struct dtls_bytes *a, struct dtls_bytes *b), (a, b)) \
    CALL(der_get_oid, (struct dtls_bytes *a, struct dtls_bytes *b), (a, b))   \
    CALL(der_get_bits, (struct dtls_bytes *a, struct dtls_bytes *b), (a, b))  \
    CALL(der_get_flags, (struct dtls_bytes *a, uint16_t *b), (a, b))
/* clang-format on */

#define WITHOUT_PARENS(...) __VA_ARGS__
#define BYTES_FUNCTION(name, parameters, arguments)                           \
    DTLS_MUST_USE static inline bool failing_##name(                          \
        struct bytes_place *place, WITHOUT_PARENS parameters)                 \
    {                                                                         \
        return !failing_bytes_at(place) && dtls_##name arguments;             \
    }
BYTES_CALLS(BYTES_FUNCTION)

/* A call in its place.  It is one expression, and the code around it is the
 * compiler's as it was: what runs here counts for the library's own build. */
#define BYTES_CALL(name, ...)                                                 \
    failing_##name(__extension__({                                            \
                       static struct bytes_place bytes_here = {               \
                           __FILE__, __LINE__, #name, 0, NULL};               \
                       &bytes_here;                                           \
                   }),                                                        \
                   __VA_ARGS__)

#define dtls_get_bytes(...) BYTES_CALL(get_bytes, __VA_ARGS__)
#define dtls_get_u8(...) BYTES_CALL(get_u8, __VA_ARGS__)
#define dtls_get_u16(...) BYTES_CALL(get_u16, __VA_ARGS__)
#define dtls_get_u24(...) BYTES_CALL(get_u24, __VA_ARGS__)
#define dtls_get_u32(...) BYTES_CALL(get_u32, __VA_ARGS__)
#define dtls_get_u48(...) BYTES_CALL(get_u48, __VA_ARGS__)
#define dtls_get_vec8(...) BYTES_CALL(get_vec8, __VA_ARGS__)
#define dtls_get_vec16(...) BYTES_CALL(get_vec16, __VA_ARGS__)
#define dtls_get_vec24(...) BYTES_CALL(get_vec24, __VA_ARGS__)
#define dtls_take(...) BYTES_CALL(take, __VA_ARGS__)
#define dtls_put_room(...) BYTES_CALL(put_room, __VA_ARGS__)
#define dtls_put_u8(...) BYTES_CALL(put_u8, __VA_ARGS__)
#define dtls_put_u16(...) BYTES_CALL(put_u16, __VA_ARGS__)
#define dtls_put_u24(...) BYTES_CALL(put_u24, __VA_ARGS__)
#define dtls_put_u32(...) BYTES_CALL(put_u32, __VA_ARGS__)
#define dtls_put_u48(...) BYTES_CALL(put_u48, __VA_ARGS__)
#define dtls_put_bytes(...) BYTES_CALL(put_bytes, __VA_ARGS__)
#define dtls_put_vec8(...) BYTES_CALL(put_vec8, __VA_ARGS__)
#define dtls_put_vec16(...) BYTES_CALL(put_vec16, __VA_ARGS__)
#define dtls_put_open16(...) BYTES_CALL(put_open16, __VA_ARGS__)
#define dtls_put_close16(...) BYTES_CALL(put_close16, __VA_ARGS__)
#define dtls_put_close16_with(...) BYTES_CALL(put_close16_with, __VA_ARGS__)
#ifndef FAULT_FAILING_BYTES_DER
#define dtls_der_get(...) BYTES_CALL(der_get, __VA_ARGS__)
#define dtls_der_get_element(...) BYTES_CALL(der_get_element, __VA_ARGS__)
#define dtls_der_get_any(...) BYTES_CALL(der_get_any, __VA_ARGS__)
#define dtls_der_get_bool(...) BYTES_CALL(der_get_bool, __VA_ARGS__)
#define dtls_der_get_integer(...) BYTES_CALL(der_get_integer, __VA_ARGS__)
#define dtls_der_get_unsigned(...) BYTES_CALL(der_get_unsigned, __VA_ARGS__)
#define dtls_der_get_oid(...) BYTES_CALL(der_get_oid, __VA_ARGS__)
#define dtls_der_get_bits(...) BYTES_CALL(der_get_bits, __VA_ARGS__)
#define dtls_der_get_flags(...) BYTES_CALL(der_get_flags, __VA_ARGS__)
#endif

#endif

#endif
