/* SPDX-License-Identifier: MIT */
/* The order of messages: every sequence of up to six, against the handshakes
 * of RFC 5246, 7.3 written out in letters.
 *
 *     V HelloVerifyRequest    S ServerHello          C Certificate
 *     K ServerKeyExchange     R CertificateRequest   D ServerHelloDone
 *     H ClientHello           X ClientKeyExchange    Y CertificateVerify
 *     T NewSessionTicket      F Finished             O CertificateStatus */
#include "kit/kit.h"

#include "handshake/handshake.h"

#define LENGTH_MAX 6

static uint8_t type_of(char letter)
{
    switch (letter) {
    case 'H':
        return 1;
    case 'S':
        return 2;
    case 'V':
        return 3;
    case 'T':
        return 4;
    case 'C':
        return 11;
    case 'K':
        return 12;
    case 'R':
        return 13;
    case 'D':
        return 14;
    case 'O':
        return 22;
    case 'Y':
        return 15;
    case 'X':
        return 16;
    case 'F':
        return 20;
    default:
        fail();
        return 0;
    }
}

/* One role with what its handlers would have found out by now, and its whole
 * handshakes, a blank between two; `repeats` may come any number of times
 * first. */
struct order {
    enum dtls_role role;
    enum dtls_kx kx;
    bool requested;
    bool certified;
    bool resumed;
    bool announced; /* a ticket */
    char repeats;
    const char *whole;
    bool stapled; /* an OCSP response is announced */
};

static const struct order orders[] = {
    {DTLS_CLIENT, DTLS_KX_RSA, false, false, false, false, 'V', "SCDF SCRDF",
     false},
    {DTLS_CLIENT, DTLS_KX_ECDHE_RSA, false, false, false, false, 'V',
     "SCKDF SCKRDF", false},
    {DTLS_CLIENT, DTLS_KX_ECDHE_ECDSA, false, false, false, false, 'V',
     "SCKDF SCKRDF", false},
    {DTLS_CLIENT, DTLS_KX_ECDH, false, false, false, false, 'V', "SCDF SCRDF",
     false},
    {DTLS_CLIENT, DTLS_KX_PSK, false, false, false, false, 'V', "SDF SKDF",
     false},
    {DTLS_CLIENT, DTLS_KX_ECDHE_PSK, false, false, false, false, 'V', "SKDF",
     false},
    {DTLS_SERVER, DTLS_KX_ECDHE_PSK, false, false, false, false, 0, "HXF",
     false},
    {DTLS_SERVER, DTLS_KX_RSA, false, false, false, false, 0, "HXF", false},
    {DTLS_SERVER, DTLS_KX_RSA, true, false, false, false, 0, "HCXF", false},
    {DTLS_SERVER, DTLS_KX_RSA, true, true, false, false, 0, "HCXYF", false},
    {DTLS_SERVER, DTLS_KX_ECDHE_ECDSA, false, false, false, false, 0, "HXF",
     false},
    {DTLS_SERVER, DTLS_KX_ECDHE_ECDSA, true, false, false, false, 0, "HCXF",
     false},
    {DTLS_SERVER, DTLS_KX_ECDHE_ECDSA, true, true, false, false, 0, "HCXYF",
     false},
    {DTLS_SERVER, DTLS_KX_ECDHE_RSA, true, true, false, false, 0, "HCXYF",
     false},
    {DTLS_SERVER, DTLS_KX_ECDH, false, false, false, false, 0, "HXF", false},
    {DTLS_SERVER, DTLS_KX_ECDH, true, false, false, false, 0, "HCXF", false},
    {DTLS_SERVER, DTLS_KX_ECDH, true, true, false, false, 0, "HCXYF", false},
    {DTLS_SERVER, DTLS_KX_PSK, false, false, false, false, 0, "HXF", false},
    {DTLS_CLIENT, DTLS_KX_RSA, false, false, true, false, 'V', "SF", false},
    {DTLS_SERVER, DTLS_KX_RSA, false, false, true, false, 0, "HF", false},
    {DTLS_CLIENT, DTLS_KX_ECDHE_RSA, false, false, true, false, 'V', "SF",
     false},
    {DTLS_SERVER, DTLS_KX_ECDHE_RSA, false, false, true, false, 0, "HF",
     false},
    {DTLS_CLIENT, DTLS_KX_ECDHE_ECDSA, false, false, true, false, 'V', "SF",
     false},
    {DTLS_SERVER, DTLS_KX_ECDHE_ECDSA, false, false, true, false, 0, "HF",
     false},
    {DTLS_CLIENT, DTLS_KX_ECDH, false, false, true, false, 'V', "SF", false},
    {DTLS_SERVER, DTLS_KX_ECDH, false, false, true, false, 0, "HF", false},
    {DTLS_CLIENT, DTLS_KX_PSK, false, false, true, false, 'V', "SF", false},
    {DTLS_SERVER, DTLS_KX_PSK, false, false, true, false, 0, "HF", false},
    {DTLS_CLIENT, DTLS_KX_ECDHE_PSK, false, false, true, false, 'V', "SF",
     false},
    {DTLS_SERVER, DTLS_KX_ECDHE_PSK, false, false, true, false, 0, "HF",
     false},
    {DTLS_CLIENT, DTLS_KX_RSA, false, false, false, true, 'V', "SCDTF SCRDTF",
     false},
    {DTLS_CLIENT, DTLS_KX_RSA, false, false, true, true, 'V', "STF", false},
    {DTLS_CLIENT, DTLS_KX_ECDHE_RSA, false, false, false, true, 'V',
     "SCKDTF SCKRDTF", false},
    {DTLS_CLIENT, DTLS_KX_ECDHE_RSA, false, false, true, true, 'V', "STF",
     false},
    {DTLS_CLIENT, DTLS_KX_ECDHE_ECDSA, false, false, false, true, 'V',
     "SCKDTF SCKRDTF", false},
    {DTLS_CLIENT, DTLS_KX_ECDHE_ECDSA, false, false, true, true, 'V', "STF",
     false},
    {DTLS_CLIENT, DTLS_KX_ECDH, false, false, false, true, 'V', "SCDTF SCRDTF",
     false},
    {DTLS_CLIENT, DTLS_KX_ECDH, false, false, true, true, 'V', "STF", false},
    {DTLS_CLIENT, DTLS_KX_PSK, false, false, false, true, 'V', "SDTF SKDTF",
     false},
    {DTLS_CLIENT, DTLS_KX_PSK, false, false, true, true, 'V', "STF", false},
    {DTLS_CLIENT, DTLS_KX_ECDHE_PSK, false, false, false, true, 'V', "SKDTF",
     false},
    {DTLS_CLIENT, DTLS_KX_ECDHE_PSK, false, false, true, true, 'V', "STF",
     false},
    {DTLS_CLIENT, DTLS_KX_RSA, false, false, false, false, 'V',
     "SCDF SCRDF SCODF SCORDF", true},
    {DTLS_CLIENT, DTLS_KX_ECDHE_RSA, false, false, false, false, 'V',
     "SCKDF SCKRDF SCOKDF SCOKRDF", true},
    {DTLS_CLIENT, DTLS_KX_ECDHE_ECDSA, false, false, true, false, 'V', "SF",
     true},
    {DTLS_CLIENT, DTLS_KX_PSK, false, false, false, false, 'V', "SDF SKDF",
     true},
};

/* What the RFC says: is `sequence` the beginning of a whole handshake? */
static bool is_right(const struct order *order, const char *sequence)
{
    const char *whole = order->whole;

    while (order->repeats != 0 && *sequence == order->repeats) {
        sequence++;
    }
    while (whole != NULL) {
        size_t len = strcspn(whole, " ");

        if (strlen(sequence) <= len &&
            strncmp(whole, sequence, strlen(sequence)) == 0) {
            return true;
        }
        whole = strchr(whole, ' ');
        whole = whole != NULL ? whole + 1 : NULL;
    }
    return false;
}

static struct dtls_suite suite;

static struct dtls_handshake handshake_for(const struct order *order)
{
    suite = (struct dtls_suite){.kx = order->kx};
    return (struct dtls_handshake){
        .role = order->role,
        .suite = &suite,
        .resumed = order->resumed,
        .ticket_announced = order->announced,
        .staple_announced = order->stapled,
        .certificate_requested = order->requested,
        .peer_key.type = order->certified ? DTLS_KEY_EC : DTLS_KEY_NONE,
    };
}

static const struct dtls_hs_step *table_of(const struct order *order,
                                           size_t *end)
{
    *end = order->role == DTLS_CLIENT ? DTLS_CLIENT_END : DTLS_SERVER_END;
    return order->role == DTLS_CLIENT ? dtls_client_steps : dtls_server_steps;
}

/* What the table says. */
static bool is_taken(const struct order *order, const char *sequence)
{
    struct dtls_handshake h = handshake_for(order);
    size_t end;
    const struct dtls_hs_step *steps = table_of(order, &end);
    size_t at = 0;

    /* no row: millions of letters, of sequences that compare() prints */
    for (; *sequence != '\0'; sequence++) {
        const struct dtls_hs_step *step =
            dtls_steps_find(steps, at, end, &h, type_of(*sequence));

        if (step == NULL) {
            return false;
        }
        at = step->next;
    }
    return true;
}

/* Compares both for every sequence over `letters` that goes on from the
 * `len` letters in `sequence`; returns how many there were. */
static size_t compare(const struct order *order, const char *letters,
                      char sequence[LENGTH_MAX + 1], size_t len)
{
    size_t count = 1;

    sequence[len] = '\0';
    if (is_taken(order, sequence) != is_right(order, sequence)) {
        fail_msg("role %d, key exchange %d: %s", order->role, order->kx,
                 sequence);
    }
    if (len == LENGTH_MAX) {
        return count;
    }
    for (const char *letter = letters; *letter != '\0'; letter++) {
        sequence[len] = *letter;
        count += compare(order, letters, sequence, len + 1);
    }
    return count;
}

static void compare_role(enum dtls_role role, const char *letters,
                         size_t expected)
{
    for (size_t i = 0; i < LEN(orders); i++) {
        char sequence[LENGTH_MAX + 1];

        kit_row("%s, key exchange %d, %s", kit_role(role), (int)orders[i].kx,
                orders[i].whole);
        if (orders[i].role == role) {
            assert_int_equal(compare(&orders[i], letters, sequence, 0),
                             expected);
        }
    }
}

static void a_client_takes_the_orders_of_the_rfc_and_no_other(void **state)
{
    (void)state;
    proves("D5246-7.4-1");
    proves("D5246-7.4-2");
    proves("D5246-7.4-3");
    proves("D5246-7.4.3-3");
    proves("D4279-2-2");
    proves("D4279-2-4");
    proves("D6347-4.2.1-30");
    proves("D5246-7.3-3");
    proves("D5246-7.3-4");
    proves("D5246-7.4.1.3-93");
    proves("D5077-3.3-14");
    proves("D6066-8-3");
    compare_role(DTLS_CLIENT, "VSCOKRDTF", 597871);
}

static void a_server_takes_the_orders_of_the_rfc_and_no_other(void **state)
{
    (void)state;
    proves("D5246-7.4-1");
    proves("D5246-7.4.1.2-1");
    proves("D5246-7.4.6-6");
    proves("D5246-7.4.8-1");
    proves("D5246-7.4.8-2");
    proves("D5246-7.4.8-3");
    proves("D6347-4.3.2-2");
    proves("D5246-7.3-7");
    compare_role(DTLS_SERVER, "HCXYFV", 55987);
}

static void every_order_has_its_whole_handshake(void **state)
{
    (void)state;
    assert_true(is_taken(&orders[1], "VVSCKRDF"));
    assert_true(is_right(&orders[1], "VVSCKRDF"));
    for (size_t i = 0; i < LEN(orders); i++) {
        char first[16];
        size_t len = strcspn(orders[i].whole, " ");

        kit_row("%s, key exchange %d, %s", kit_role(orders[i].role),
                (int)orders[i].kx, orders[i].whole);
        memcpy(first, orders[i].whole, len);
        first[len] = '\0';
        assert_true(is_taken(&orders[i], first));
        first[len] = 'F'; /* A second Finished is too much. */
        first[len + 1] = '\0';
        assert_false(is_taken(&orders[i], first));
    }
}

static void a_type_of_the_other_role_or_of_none_is_never_taken(void **state)
{
    (void)state;
    proves("D6347-4.3.2-1");
    for (size_t i = 0; i < LEN(orders); i++) {
        struct dtls_handshake h = handshake_for(&orders[i]);
        size_t end;
        const struct dtls_hs_step *steps = table_of(&orders[i], &end);
        const char *ours =
            orders[i].role == DTLS_CLIENT ? "VSCOKRDTF" : "HCXYF";
        bool known[256] = {false};

        kit_row("%s, key exchange %d, %s", kit_role(orders[i].role),
                (int)orders[i].kx, orders[i].whole);
        for (; *ours != '\0'; ours++) {
            known[type_of(*ours)] = true;
        }
        for (unsigned type = 0; type < 256; type++) {
            kit_row("type %u", type);
            for (size_t at = 0; at <= end && !known[type]; at++) {
                assert_null(
                    dtls_steps_find(steps, at, end, &h, (uint8_t)type));
            }
        }
    }
}

static void at_the_end_nothing_is_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(orders); i++) {
        struct dtls_handshake h = handshake_for(&orders[i]);
        size_t end;
        const struct dtls_hs_step *steps = table_of(&orders[i], &end);

        kit_row("%s, key exchange %d, %s", kit_role(orders[i].role),
                (int)orders[i].kx, orders[i].whole);
        for (unsigned type = 0; type < 256; type++) {
            kit_row("type %u", type);
            assert_null(dtls_steps_find(steps, end, end, &h, (uint8_t)type));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_takes_the_orders_of_the_rfc_and_no_other),
        cmocka_unit_test(a_server_takes_the_orders_of_the_rfc_and_no_other),
        cmocka_unit_test(every_order_has_its_whole_handshake),
        cmocka_unit_test(a_type_of_the_other_role_or_of_none_is_never_taken),
        cmocka_unit_test(at_the_end_nothing_is_taken),
    };

    return kit_run(tests);
}
