/* SPDX-License-Identifier: MIT */
/* Hello extensions (messages/hello_extensions.h). */
#include "messages/hello_extensions.h"

/* A layout is the form of an extension's value.  get checks the value and
 * takes its inner prefixes off; put puts them on again. */
struct layout {
    bool (*get)(struct dtls_bytes in, struct dtls_bytes *out);
    bool (*put)(struct dtls_buf *out, struct dtls_bytes value);
    /* allows returns true if the extension allows a value that could be read.
     * NULL: it allows any. */
    bool (*allows)(struct dtls_bytes value);
};

static bool get_nothing(struct dtls_bytes in, struct dtls_bytes *out)
{
    *out = in;
    return in.len == 0;
}

static bool put_nothing(struct dtls_buf *out, struct dtls_bytes value)
{
    (void)out;
    return value.len == 0;
}

/* struct { opaque renegotiated_connection<0..255>; } (RFC 5746, 3.2);
 * struct { opaque cid<0..2^8-1>; } (RFC 9146, 3) */
static bool get_vec8(struct dtls_bytes in, struct dtls_bytes *out)
{
    return dtls_get_vec8(&in, out) && in.len == 0;
}

static bool put_vec8(struct dtls_buf *out, struct dtls_bytes value)
{
    return dtls_put_vec8(out, value);
}

/* ECPointFormat <1..2^8-1> (RFC 8422, 5.1.2); CertificateType <1..2^8-1>
 * (RFC 7250, 3). */
static bool get_u8_list(struct dtls_bytes in, struct dtls_bytes *out)
{
    return get_vec8(in, out) && out->len != 0;
}

/* Tells whether the uncompressed format, which is required, is among them
 * (RFC 8422, 5.1.2, 5.2). */
static bool has_uncompressed(struct dtls_bytes formats)
{
    uint8_t format;

    while (dtls_get_u8(&formats, &format)) {
        if (format == 0) {
            return true;
        }
    }
    return false;
}

/* A list of 16-bit values <2..2^16-2>. */
static bool get_u16_list(struct dtls_bytes in, struct dtls_bytes *out)
{
    return dtls_get_vec16(&in, out) && in.len == 0 && out->len >= 2 &&
           out->len % 2 == 0;
}

static bool put_vec16(struct dtls_buf *out, struct dtls_bytes value)
{
    return dtls_put_vec16(out, value);
}

/* ServerNameList with one host_name (RFC 6066, 3).  Names of other types are
 * skipped; a second host name is an error. */
bool dtls_server_name_get(struct dtls_bytes in, struct dtls_bytes *out)
{
    struct dtls_bytes list;
    struct dtls_bytes name;
    struct dtls_bytes host = {0};
    uint8_t type;

    if (!dtls_get_vec16(&in, &list) || in.len != 0 || list.len == 0) {
        return false;
    }
    while (list.len != 0) {
        if (!dtls_get_u8(&list, &type) || !dtls_get_vec16(&list, &name) ||
            name.len == 0 || (type == 0 && host.len != 0)) {
            return false;
        }
        if (type == 0) {
            host = name;
        }
    }
    *out = host;
    return true;
}

static bool put_server_name(struct dtls_buf *out, struct dtls_bytes value)
{
    size_t mark;

    return dtls_put_open16(out, &mark) && dtls_put_u8(out, 0) &&
           dtls_put_vec16(out, value) && dtls_put_close16(out, mark);
}

/* ProtocolName protocol_name_list<2..2^16-1>, opaque ProtocolName<1..2^8-1>
 * (RFC 7301, 3.1). */
static bool get_protocols(struct dtls_bytes in, struct dtls_bytes *out)
{
    struct dtls_bytes list;
    struct dtls_bytes name;

    if (!dtls_get_vec16(&in, &list) || in.len != 0 || list.len == 0) {
        return false;
    }
    *out = list;
    while (list.len != 0) {
        if (!dtls_get_vec8(&list, &name) || name.len == 0) {
            return false;
        }
    }
    return true;
}

/* The same list with exactly one name. */
static bool get_protocol(struct dtls_bytes in, struct dtls_bytes *out)
{
    struct dtls_bytes list;

    return dtls_get_vec16(&in, &list) && in.len == 0 &&
           dtls_get_vec8(&list, out) && list.len == 0 && out->len != 0;
}

static bool put_protocol(struct dtls_buf *out, struct dtls_bytes value)
{
    size_t mark;

    return dtls_put_open16(out, &mark) && dtls_put_vec8(out, value) &&
           dtls_put_close16(out, mark);
}

/* MaxFragmentLength; the CertificateType of a ServerHello (RFC 7250, 3). */
static bool get_one_byte(struct dtls_bytes in, struct dtls_bytes *out)
{
    *out = in;
    return in.len == 1;
}

/* enum { 2^9(1), 2^10(2), 2^11(3), 2^12(4), (255) } MaxFragmentLength
 * (RFC 6066, 4). */
static bool is_fragment_length(struct dtls_bytes value)
{
    return value.data[0] >= 1 && value.data[0] <= 4;
}

/* uint16 RecordSizeLimit (RFC 8449, 4). */
static bool get_size_limit(struct dtls_bytes in, struct dtls_bytes *out)
{
    *out = in;
    return in.len == 2;
}

static bool is_size_limit(struct dtls_bytes value)
{
    uint16_t limit;

    return dtls_get_u16(&value, &limit) && limit >= DTLS_SIZE_LIMIT_MIN;
}

static bool put_as_is(struct dtls_buf *out, struct dtls_bytes value)
{
    return dtls_put_bytes(out, value);
}

/* struct { SRTPProtectionProfile <2..2^16-1>; opaque srtp_mki<0..255>; }
 * (RFC 5764, 4.1.1). */
bool dtls_use_srtp_get(struct dtls_bytes value, struct dtls_bytes *profiles,
                       struct dtls_bytes *mki)
{
    return dtls_get_vec16(&value, profiles) && profiles->len >= 2 &&
           profiles->len % 2 == 0 && dtls_get_vec8(&value, mki) &&
           value.len == 0;
}

bool dtls_use_srtp_put(struct dtls_buf *out, struct dtls_bytes profiles,
                       struct dtls_bytes mki)
{
    return dtls_put_vec16(out, profiles) && dtls_put_vec8(out, mki);
}

static bool get_srtp(struct dtls_bytes in, struct dtls_bytes *out)
{
    struct dtls_bytes profiles;
    struct dtls_bytes mki;

    *out = in;
    return dtls_use_srtp_get(in, &profiles, &mki);
}

/* Exactly one profile is a server's answer. */
static bool is_one_profile(struct dtls_bytes value)
{
    struct dtls_bytes profiles;

    return dtls_get_vec16(&value, &profiles) && profiles.len == 2;
}

/* CertificateStatusRequest (RFC 6066, 8): a type and, for ocsp, a list of
 * ResponderID<1..2^16-1> and Extensions<0..2^16-1>.  What other types have is
 * not ours to know. */
static bool get_status(struct dtls_bytes in, struct dtls_bytes *out)
{
    struct dtls_bytes ids;
    struct dtls_bytes id;
    struct dtls_bytes extensions;

    if (!dtls_get_bytes(&in, 1, out)) {
        return false;
    }
    if (out->data[0] != DTLS_STATUS_OCSP) {
        return true;
    }
    if (!dtls_get_vec16(&in, &ids) || !dtls_get_vec16(&in, &extensions) ||
        in.len != 0) {
        return false;
    }
    while (ids.len != 0) {
        if (!dtls_get_vec16(&ids, &id) || id.len == 0) {
            return false;
        }
    }
    return true;
}

/* Any responder may have signed: both lists are empty. */
static bool put_status(struct dtls_buf *out, struct dtls_bytes value)
{
    static const uint8_t no_lists[4];

    return dtls_put_bytes(out, value) &&
           (value.data[0] != DTLS_STATUS_OCSP ||
            dtls_put_bytes(out, dtls_bytes_of(no_lists, sizeof no_lists)));
}

/* opaque ticket<0..2^16-1>, without a length of its own (RFC 5077, 3.2).
 *
 * The number of ecjpake_key_kp_pair is a draft's, so to others it may mean
 * something else: only the one who uses it looks into it. */
static bool get_as_is(struct dtls_bytes in, struct dtls_bytes *out)
{
    *out = in;
    return true;
}

static bool get_never(struct dtls_bytes in, struct dtls_bytes *out)
{
    (void)in;
    (void)out;
    return false;
}

static bool put_never(struct dtls_buf *out, struct dtls_bytes value)
{
    (void)out;
    (void)value;
    return false;
}

static const struct {
    uint16_t type;
    bool in_server_hello;
    struct layout client;
    struct layout server;
} table[DTLS_EXT_COUNT] = {
    /* clang-format off */
    [DTLS_EXT_SERVER_NAME] =
        {0, true, {dtls_server_name_get, put_server_name, NULL},
                  {get_nothing, put_nothing, NULL}},
    [DTLS_EXT_EXTENDED_MASTER_SECRET] =
        {23, true, {get_nothing, put_nothing, NULL},
                   {get_nothing, put_nothing, NULL}},
    [DTLS_EXT_ENCRYPT_THEN_MAC] =
        {22, true, {get_nothing, put_nothing, NULL},
                   {get_nothing, put_nothing, NULL}},
    [DTLS_EXT_RENEGOTIATION_INFO] =
        {0xff01, true, {get_vec8, put_vec8, NULL}, {get_vec8, put_vec8, NULL}},
    [DTLS_EXT_SUPPORTED_GROUPS] =
        {10, false, {get_u16_list, put_vec16, NULL},
                    {get_never, put_never, NULL}},
    [DTLS_EXT_EC_POINT_FORMATS] =
        {11, true, {get_u8_list, put_vec8, has_uncompressed},
                   {get_u8_list, put_vec8, has_uncompressed}},
    [DTLS_EXT_ECJPAKE_KEY_KP_PAIR] =
        {256, true, {get_as_is, put_as_is, NULL}, {get_as_is, put_as_is, NULL}},
    [DTLS_EXT_SIGNATURE_ALGORITHMS] =
        {13, false, {get_u16_list, put_vec16, NULL},
                    {get_never, put_never, NULL}},
    [DTLS_EXT_SIGNATURE_ALGORITHMS_CERT] =
        {50, false, {get_u16_list, put_vec16, NULL},
                    {get_never, put_never, NULL}},
    [DTLS_EXT_ALPN] =
        {16, true, {get_protocols, put_vec16, NULL},
                   {get_protocol, put_protocol, NULL}},
    [DTLS_EXT_CLIENT_CERTIFICATE_TYPE] =
        {19, true, {get_u8_list, put_vec8, NULL},
                   {get_one_byte, put_as_is, NULL}},
    [DTLS_EXT_SERVER_CERTIFICATE_TYPE] =
        {20, true, {get_u8_list, put_vec8, NULL},
                   {get_one_byte, put_as_is, NULL}},
    [DTLS_EXT_USE_SRTP] =
        {14, true, {get_srtp, put_as_is, NULL},
                   {get_srtp, put_as_is, is_one_profile}},
    [DTLS_EXT_STATUS_REQUEST] =
        {5, true, {get_status, put_status, NULL},
                  {get_nothing, put_nothing, NULL}},
    [DTLS_EXT_MAX_FRAGMENT_LENGTH] =
        {1, true, {get_one_byte, put_as_is, is_fragment_length},
                  {get_one_byte, put_as_is, is_fragment_length}},
    [DTLS_EXT_RECORD_SIZE_LIMIT] =
        {28, true, {get_size_limit, put_as_is, is_size_limit},
                   {get_size_limit, put_as_is, is_size_limit}},
    [DTLS_EXT_CONNECTION_ID] =
        {54, true, {get_vec8, put_vec8, NULL}, {get_vec8, put_vec8, NULL}},
    [DTLS_EXT_RRC] =
        {61, true, {get_nothing, put_nothing, NULL},
                   {get_nothing, put_nothing, NULL}},
    [DTLS_EXT_SESSION_TICKET] =
        {35, true, {get_as_is, put_as_is, NULL},
                   {get_nothing, put_nothing, NULL}},
    /* clang-format on */
};

/* Returns the table's row for a type on the wire, or DTLS_EXT_COUNT if there
 * is none. */
static size_t find_row(uint16_t type)
{
    size_t row = 0;

    while (row < DTLS_EXT_COUNT && table[row].type != type) {
        row++;
    }
    return row;
}

static bool take_one(struct dtls_bytes *block, uint16_t *type,
                     struct dtls_bytes *data)
{
    return dtls_get_u16(block, type) && dtls_get_vec16(block, data);
}

/* Extension types are looked at so many at a time.  A peer cannot choose how
 * long that takes, as it could with a list to search: a block is gone through
 * once for each window, so 32 times. */
#define WINDOW 2048

/* Tells whether each type of a well-formed block is there once. */
static bool types_differ(struct dtls_bytes block)
{
    for (uint32_t first = 0; first < 0x10000; first += WINDOW) {
        uint8_t seen[WINDOW / 8] = {0};
        struct dtls_bytes rest = block;
        struct dtls_bytes data;
        uint16_t type;

        while (take_one(&rest, &type, &data)) {
            uint32_t place = (uint32_t)type - first;
            uint8_t bit = (uint8_t)(1u << (place & 7));

            if (place >= WINDOW) {
                continue; /* of another window */
            }
            if ((seen[place >> 3] & bit) != 0) {
                return false;
            }
            seen[place >> 3] |= bit;
        }
    }
    return true;
}

static bool is_well_formed(struct dtls_bytes block)
{
    struct dtls_bytes data;
    uint16_t type;

    while (block.len != 0) {
        if (!take_one(&block, &type, &data)) {
            return false;
        }
    }
    return true;
}

static enum dtls_status take_value(const struct layout *layout, size_t row,
                                   struct dtls_bytes data,
                                   struct dtls_extensions *ext)
{
    if (!layout->get(data, &ext->data[row])) {
        return DTLS_DECODE_ERROR;
    }
    if (layout->allows != NULL && !layout->allows(ext->data[row])) {
        return DTLS_ILLEGAL_PARAMETER;
    }
    ext->present[row] = true;
    return DTLS_OK;
}

enum dtls_status dtls_extensions_parse_client(struct dtls_extensions *out,
                                              struct dtls_bytes block)
{
    struct dtls_extensions ext = {0};
    uint16_t type;
    struct dtls_bytes data;

    if (!is_well_formed(block)) {
        return DTLS_DECODE_ERROR;
    }
    if (!types_differ(block)) {
        return DTLS_ILLEGAL_PARAMETER;
    }
    while (take_one(&block, &type, &data)) {
        enum dtls_status status;
        size_t row = find_row(type);

        if (row == DTLS_EXT_COUNT) {
            continue;
        }
        status = take_value(&table[row].client, row, data, &ext);
        if (status != DTLS_OK) {
            return status;
        }
    }
    *out = ext;
    return DTLS_OK;
}

enum dtls_status dtls_extensions_parse_server(
    struct dtls_extensions *out, const bool offered[DTLS_EXT_COUNT],
    struct dtls_bytes block)
{
    struct dtls_extensions ext = {0};
    uint16_t type;
    struct dtls_bytes data;

    while (block.len != 0) {
        enum dtls_status status;
        size_t row;

        if (!take_one(&block, &type, &data)) {
            return DTLS_DECODE_ERROR;
        }
        row = find_row(type);
        if (row == DTLS_EXT_COUNT || !table[row].in_server_hello ||
            !offered[row]) {
            return DTLS_UNSUPPORTED_EXTENSION;
        }
        if (ext.present[row]) {
            return DTLS_ILLEGAL_PARAMETER;
        }
        status = take_value(&table[row].server, row, data, &ext);
        if (status != DTLS_OK) {
            return status;
        }
    }
    *out = ext;
    return DTLS_OK;
}

/* Puts one extension, but `later` bytes of its value. */
static bool write_one(struct dtls_buf *out, const struct dtls_extensions *ext,
                      size_t row, bool server, size_t later)
{
    const struct layout *layout =
        server ? &table[row].server : &table[row].client;
    struct dtls_bytes value = ext->data[row];
    size_t mark;

    value.len -= later;
    return dtls_put_u16(out, table[row].type) && dtls_put_open16(out, &mark) &&
           layout->put(out, value) && dtls_put_close16_with(out, mark, later);
}

/* Puts the block, but the last `later` bytes of a ticket. */
static bool write_block(struct dtls_buf *out,
                        const struct dtls_extensions *ext, bool server,
                        size_t later)
{
    size_t block;

    if (!dtls_put_open16(out, &block)) {
        return false;
    }
    for (size_t row = 0; row < DTLS_EXT_COUNT; row++) {
        if (ext->present[row] &&
            !write_one(out, ext, row, server,
                       row == DTLS_EXT_SESSION_TICKET ? later : 0)) {
            return false;
        }
    }
    if (out->len == block + 2) {
        out->len = block; /* An empty block is left out. */
        return true;
    }
    return dtls_put_close16_with(out, block, later);
}

bool dtls_extensions_put(struct dtls_buf *out,
                         const struct dtls_extensions *ext, bool server)
{
    return write_block(out, ext, server, 0);
}

bool dtls_extensions_put_front(struct dtls_buf *out,
                               const struct dtls_extensions *ext)
{
    return write_block(out, ext, false,
                       ext->data[DTLS_EXT_SESSION_TICKET].len);
}
