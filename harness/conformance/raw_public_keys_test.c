/* SPDX-License-Identifier: MIT */
/* Raw public keys in place of certificates (RFC 7250): what either end offers,
 * answers, shows and refuses. */
#include "conformance/stage.h"

static struct stage s;
static struct hello hello;
static struct peer_message *m;
static struct sim_identity raw_ec, raw_rsa, raw_p384, raw_client;
static struct sim_anchor ec_key, client_key;

enum { CLIENT_TYPE = 19, SERVER_TYPE = 20 };

static void load_pki(void)
{
    stage_load_pki();
    sim_identity_raw(&raw_ec, &stage_pki.ec);
    sim_identity_raw(&raw_rsa, &stage_pki.rsa);
    sim_identity_raw(&raw_p384, &stage_pki.ec_p384);
    sim_identity_raw(&raw_client, &stage_pki.client_ec);
    sim_anchor_raw(&ec_key, &stage_pki.ec);
    sim_anchor_raw(&client_key, &stage_pki.client_ec);
}

static enum dtls_status accept_any(void *self, struct dtls_bytes info)
{
    (void)self;
    (void)info;
    return DTLS_OK;
}

static enum dtls_status refuse_any(void *self, struct dtls_bytes info)
{
    (void)self;
    (void)info;
    return DTLS_CERTIFICATE_REFUSED;
}

static void show(struct peer *end, struct sim_identity *id)
{
    id->credential.next = NULL;
    end->config.credentials = &id->credential;
}

/* The end takes any raw key, and no certificate. */
static void take_raw(struct peer *end)
{
    end->config.anchors = NULL;
    end->config.raw_keys = true;
    end->config.judge_raw_key = accept_any;
}

/* Both ends have raw keys of P-256, and take only such. */
static void prepare(enum dtls_role target)
{
    static const uint16_t suite = 0xc0ae; /* of the IoT profile */

    stage_init(&s, target, 131);
    stage_suite(&s.target, &suite);
    stage_suite(&s.peer, &suite);
    take_raw(&s.target);
    take_raw(&s.peer);
    show(target == DTLS_SERVER ? &s.target : &s.peer, &raw_ec);
    show(target == DTLS_CLIENT ? &s.target : &s.peer, &raw_client);
}

static struct peer *server_of(void)
{
    return s.target.role == DTLS_SERVER ? &s.target : &s.peer;
}

static void ask_client(void)
{
    server_of()->config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
}

/* The hello of the target has exactly this value of an extension; NULL: it has
 * not the extension. */
static void check_value(uint16_t type, const char *expected)
{
    struct dtls_bytes value;
    bool has = hello_has(&hello, type, &value);

    kit_row("extension %u", type);
    assert_int_equal(has, expected != NULL);
    if (has) {
        kit_assert_hex(value, expected);
    }
}

static void a_client_lists_what_it_can_show_and_check(void **state)
{
    static const struct {
        const char *what;
        bool cert, raw;              /* it has one to show */
        bool anchor, key_anchor;     /* it trusts one */
        bool on;                     /* it takes raw keys */
        const char *client, *server; /* the values of 19 and 20 */
    } rows[] = {
        {"nothing", false, false, true, false, false, NULL, NULL},
        {"a certificate", true, false, true, false, false, NULL, NULL},
        {"a raw key to show", false, true, true, false, false, "0102", NULL},
        {"both to show", true, true, true, false, false, "020002", NULL},
        {"trust without the switch", false, false, true, true, false, NULL,
         NULL},
        {"a key to check", false, false, false, true, true, NULL, "0102"},
        {"both to check", false, false, true, true, true, NULL, "020200"},
        {"a function to check", false, false, false, false, true, NULL,
         "0102"},
        {"all", true, true, true, true, true, "020002", "020200"},
    };

    (void)state;
    proves("D7250-4.1-1");
    for (size_t i = 0; i < LEN(rows); i++) {
        struct dtls_config *c = &s.target.config;

        kit_row("%s", rows[i].what);
        stage_init(&s, DTLS_CLIENT, 131);
        stage_pki.client_ec.credential.next =
            rows[i].raw ? &raw_client.credential : NULL;
        raw_client.credential.next = NULL;
        c->credentials = rows[i].cert  ? &stage_pki.client_ec.credential
                         : rows[i].raw ? &raw_client.credential
                                       : NULL;
        ec_key.item.next = rows[i].anchor ? &stage_pki.root.item : NULL;
        c->anchors = rows[i].key_anchor ? &ec_key.item : ec_key.item.next;
        c->raw_keys = rows[i].on;
        stage_start(&s);
        hello_read_client(&hello, stage_said(&s, DTLS_CLIENT_HELLO));
        check_value(CLIENT_TYPE, rows[i].client);
        check_value(SERVER_TYPE, rows[i].server);
        stage_end(&s);
    }
    ec_key.item.next = NULL;
}

/* The peer's ClientHello has these lists; NULL: without that extension. */
static void offer_types(const char *client, const char *server)
{
    struct kit_hex own = kit_hex(client == NULL ? "" : client);
    struct kit_hex peers = kit_hex(server == NULL ? "" : server);

    stage_start(&s);
    m = stage_come_to(&s, DTLS_CLIENT_HELLO);
    hello_read_client(&hello, dtls_bytes_of(m->body, m->len));
    hello_drop(&hello, CLIENT_TYPE);
    hello_drop(&hello, SERVER_TYPE);
    if (client != NULL) {
        hello_add(&hello, CLIENT_TYPE, own.data, own.len);
    }
    if (server != NULL) {
        hello_add(&hello, SERVER_TYPE, peers.data, peers.len);
    }
    hello_put(&s, m, &hello);
    stage_say(&s, m);
    stage_listen_alone(&s);
}

static void a_server_shows_a_type_of_the_list_or_ends(void **state)
{
    static const struct {
        bool cert, raw;   /* the server has one */
        const char *list; /* the client's */
        const char *type; /* that is answered; NULL: none */
        bool is_raw;      /* what is shown */
        enum dtls_status status;
    } rows[] = {
        {true, false, NULL, NULL, false, DTLS_OK},
        {true, true, NULL, NULL, false, DTLS_OK},
        {false, true, NULL, NULL, false, DTLS_UNSUPPORTED_CERTIFICATE},
        {true, false, "0100", "00", false, DTLS_OK},
        {true, false, "0102", NULL, false, DTLS_UNSUPPORTED_CERTIFICATE},
        {true, false, "020200", "00", false, DTLS_OK},
        {false, true, "0102", "02", true, DTLS_OK},
        {false, true, "020200", "02", true, DTLS_OK},
        {false, true, "0100", NULL, false, DTLS_UNSUPPORTED_CERTIFICATE},
        {true, true, "0102", "02", true, DTLS_OK},
        {true, true, "0100", "00", false, DTLS_OK},
        {true, true, "020200", "00", false,
         DTLS_OK}, /* the first that it has */
        {false, true, "026302", "02", true, DTLS_OK},
        {true, false, "020100", "00", false, DTLS_OK},
        {true, true, "0101", NULL, false, DTLS_UNSUPPORTED_CERTIFICATE},
        {true, true, "0163", NULL, false, DTLS_UNSUPPORTED_CERTIFICATE},
        {true, true, "03ff6303", NULL, false, DTLS_UNSUPPORTED_CERTIFICATE},
    };

    (void)state;
    proves("D7250-4.1-3");
    proves("D7250-4.2-1");
    proves("D7250-4.2-2");
    proves("D7250-4.2-4");
    for (size_t i = 0; i < LEN(rows); i++) {
        kit_row("row %zu", i);
        prepare(DTLS_SERVER);
        stage_pki.ec.credential.next = rows[i].raw ? &raw_ec.credential : NULL;
        s.target.config.credentials =
            rows[i].cert ? &stage_pki.ec.credential : &raw_ec.credential;
        offer_types("020200", rows[i].list);
        if (rows[i].status != DTLS_OK) {
            stage_fails(&s, rows[i].status);
            continue;
        }
        hello_read_server(&hello, stage_said(&s, DTLS_SERVER_HELLO));
        check_value(SERVER_TYPE, rows[i].type);
        check_value(CLIENT_TYPE, NULL); /* no CertificateRequest follows */
        assert_int_equal(
            dtls_cert_is_raw(&s.target.session.hs.credential->cert),
            rows[i].is_raw);
        stage_end(&s);
    }
}

static void a_server_answers_what_the_client_shall_show(void **state)
{
    static const struct {
        bool asks;
        bool takes_certs, takes_raw;
        const char *list;
        const char *type; /* that is answered; NULL: none */
    } rows[] = {
        {false, true, true, "020200", NULL},
        {true, true, true, NULL, NULL},
        {true, true, true, "020200", "02"},
        {true, true, true, "020002", "00"},
        {true, true, false, "0102", NULL},
        {true, true, false, "020200", "00"},
        {true, false, true, "020200", "02"},
        {true, false, true, "020002", "02"},
        {true, false, true, "0102", "02"},
        {true, true, true, "026302", "02"},
        {true, false, true, "0100", NULL},
        {true, true, true, "0163", NULL},
    };

    (void)state;
    proves("D7250-4.1-3");
    proves("D7250-4.2-2");
    proves("D7250-4.2-4");
    proves("D7250-4.2-8");
    proves("D7250-4.2-9");
    for (size_t i = 0; i < LEN(rows); i++) {
        kit_row("row %zu", i);
        prepare(DTLS_SERVER);
        if (rows[i].asks) {
            ask_client();
        }
        s.target.config.anchors =
            rows[i].takes_certs ? &stage_pki.root.item : NULL;
        s.target.config.raw_keys = rows[i].takes_raw;
        offer_types(rows[i].list, "0102");
        hello_read_server(&hello, stage_said(&s, DTLS_SERVER_HELLO));
        check_value(CLIENT_TYPE, rows[i].type);
        check_value(SERVER_TYPE, "02");
        assert_int_equal(stage_said(&s, DTLS_CERTIFICATE_REQUEST).data != NULL,
                         rows[i].asks);
        stage_end(&s);
    }
}

/* The peer's key, in the only form that there is. */
static void check_body(struct dtls_bytes body, const struct sim_identity *raw)
{
    struct dtls_bytes der = raw->credential.cert.der;
    struct dtls_bytes key;

    assert_true(dtls_get_vec24(&body, &key));
    assert_int_equal(body.len, 0);
    assert_true(dtls_bytes_equal(key, der));
}

static void both_ends_show_one_key_without_a_list(void **state)
{
    (void)state;
    proves("D7250-4.2-3");
    proves("D7250-3-1");
    proves("D7925-4.3-1");
    for (int target = DTLS_CLIENT; target <= DTLS_SERVER; target++) {
        kit_row("%s", kit_role(target));
        prepare((enum dtls_role)target);
        ask_client();
        stage_start(&s);
        stage_connects(&s);
        check_body(stage_said(&s, DTLS_CERTIFICATE),
                   target == DTLS_CLIENT ? &raw_client : &raw_ec);
        assert_true(s.target.session.hs.agreed.has_peer_leaf);
        assert_true(s.target.session.hs.agreed.peer_is_raw);
        stage_end(&s);
    }
}

/* Either way the two directions agree for themselves. */
static void each_direction_has_its_own_type(void **state)
{
    (void)state;
    proves("D7250-4.2-10");
    for (int raw_server = 0; raw_server < 2; raw_server++) {
        kit_row("the %s has the raw key", kit_role(raw_server));
        prepare(DTLS_SERVER);
        ask_client();
        if (raw_server) {
            show(&s.peer, &stage_pki.client_ec);
            s.target.config.raw_keys = false;
            s.target.config.anchors = &stage_pki.root.item;
        } else {
            show(&s.target, &stage_pki.ec);
            s.peer.config.raw_keys = false;
            s.peer.config.anchors = &stage_pki.root.item;
        }
        stage_start(&s);
        stage_connects(&s);
        assert_int_equal(s.target.session.hs.agreed.peer_is_raw, !raw_server);
        assert_int_equal(s.peer.session.hs.agreed.peer_is_raw, raw_server);
        stage_end(&s);
    }
}

/* Comes to the peer's Certificate, before our target. */
static void come_to_key(enum dtls_role target)
{
    prepare(target);
    ask_client();
    stage_start(&s);
    m = stage_come_to(&s, DTLS_CERTIFICATE);
}

/* A server's Certificate is in the flight of its hello. */
static void say_changed(void)
{
    if (s.target.role == DTLS_CLIENT) {
        stage_change(&s);
    }
    stage_say(&s, m);
}

/* Says this instead: `der`, so often, behind so many lengths. */
static void say_instead(struct dtls_bytes der, unsigned times,
                        unsigned lengths)
{
    struct dtls_buf out = {m->body, 0, sizeof m->body};
    uint32_t len = (uint32_t)(times * der.len + 3 * (lengths - 1u));

    while (lengths-- > 0) {
        assert_true(dtls_put_u24(&out, len));
        len -= 3;
    }
    while (times-- > 0) {
        assert_true(dtls_put_bytes(&out, der));
    }
    m->len = out.len;
    say_changed();
}

static void a_body_that_is_not_one_key_is_refused(void **state)
{
    static const struct {
        const char *what;
        int length; /* added to the inner length */
        int bytes;  /* added behind, or taken away */
        enum dtls_status status;
    } rows[] = {
        {"length one short", -1, 0, DTLS_DECODE_ERROR},
        {"length one long", 1, 0, DTLS_DECODE_ERROR},
        {"a byte behind", 0, 1, DTLS_DECODE_ERROR},
        {"a byte behind, within the length", 1, 1, DTLS_BAD_CERTIFICATE},
        {"a byte less", -1, -1, DTLS_BAD_CERTIFICATE},
    };

    (void)state;
    proves("D7250-3-1");
    for (int target = DTLS_CLIENT; target <= DTLS_SERVER; target++) {
        for (size_t i = 0; i < LEN(rows); i++) {
            kit_row("%s: %s", kit_role(target), rows[i].what);
            come_to_key((enum dtls_role)target);
            m->body[2] = (uint8_t)(m->body[2] + rows[i].length);
            m->body[m->len] = 0;
            m->len += (size_t)rows[i].bytes; /* -1 wraps, as size_t does */
            say_changed();
            stage_fails(&s, rows[i].status);
        }
    }
}

/* In the form of a list of certificates, which has one more length; or two
 * keys, one behind the other. */
static void a_list_or_two_keys_are_refused(void **state)
{
    (void)state;
    proves("D7250-3-1");
    for (int target = DTLS_CLIENT; target <= DTLS_SERVER; target++) {
        for (int twice = 0; twice < 2; twice++) {
            kit_row("%s: %s", kit_role(target), twice ? "two" : "a list");
            come_to_key((enum dtls_role)target);
            say_instead(raw_ec.credential.cert.der, twice ? 2 : 1,
                        twice ? 1 : 2);
            stage_fails(&s, DTLS_BAD_CERTIFICATE);
        }
    }
}

/* A server must show a key, as it must show a certificate. */
static void a_server_without_a_key_is_refused(void **state)
{
    (void)state;
    proves("D7250-3-1");
    come_to_key(DTLS_CLIENT);
    say_instead((struct dtls_bytes){0}, 0, 1);
    stage_fails(&s, DTLS_DECODE_ERROR);
}

#define P256 "2a8648ce3d030107"
#define POINT                                                                 \
    "04"                                                                      \
    "515c3d6eb9e396b904d3feca7f54fdcd0cc1e997bf375dca515ad0a6c3b4035f"        \
    "4536be3a50f318fbf9a5475902a221502bef0d57e08c53b2cc0a56f17d9f9354"
#define VECTOR "3059301306072a8648ce3d02010608" P256 "034200" POINT

static void say_key(enum dtls_role target, const char *text)
{
    struct kit_hex key = kit_hex(text);

    come_to_key(target);
    say_instead(kit_hex_bytes(&key), 1, 1);
}

static void a_key_is_read_strictly(void **state)
{
    static const struct {
        const char *what;
        const char *key;
        enum dtls_status status;
    } rows[] = {
        {"an unknown algorithm",
         "3059301306072a8648ce3d02020608" P256 "034200" POINT,
         DTLS_UNSUPPORTED_CERTIFICATE},
        {"an unknown curve",
         "3056301006072a8648ce3d020106052b8104002503420004"
         "515c3d6eb9e396b904d3feca7f54fdcd0cc1e997bf375dca515ad0a6c3b4035f"
         "4536be3a50f318fbf9a5475902a221502bef0d57e08c53b2cc0a56f17d9f9354",
         DTLS_UNSUPPORTED_CERTIFICATE},
        {"explicit parameters", "3051300b06072a8648ce3d02013000034200" POINT,
         DTLS_UNSUPPORTED_CERTIFICATE},
        {"a point that is not on the curve",
         "3059301306072a8648ce3d02010608" P256 "03420004"
         "515c3d6eb9e396b904d3feca7f54fdcd0cc1e997bf375dca515ad0a6c3b4035f"
         "4536be3a50f318fbf9a5475902a221502bef0d57e08c53b2cc0a56f17d9f9355",
         DTLS_BAD_CERTIFICATE},
        {"a compressed point",
         "3039301306072a8648ce3d02010608" P256 "03220002"
         "515c3d6eb9e396b904d3feca7f54fdcd0cc1e997bf375dca515ad0a6c3b4035f",
         DTLS_UNSUPPORTED_CERTIFICATE},
        {"a length in BER",
         "308159301306072a8648ce3d02010608" P256 "034200" POINT,
         DTLS_BAD_CERTIFICATE},
        {"an open length",
         "3080301306072a8648ce3d02010608" P256 "034200" POINT "0000",
         DTLS_BAD_CERTIFICATE},
        {"unused bits", "3059301306072a8648ce3d02010608" P256 "034201" POINT,
         DTLS_BAD_CERTIFICATE},
        {"no key at all", "3000", DTLS_BAD_CERTIFICATE},
    };

    (void)state;
    proves("D7250-3-2");
    for (int target = DTLS_CLIENT; target <= DTLS_SERVER; target++) {
        for (size_t i = 0; i < LEN(rows); i++) {
            kit_row("%s: %s", kit_role(target), rows[i].what);
            say_key((enum dtls_role)target, rows[i].key);
            stage_fails(&s, rows[i].status);
        }
    }
}

static void a_key_fits_the_suite_and_the_groups(void **state)
{
    static const uint16_t p256_only[] = {23};

    (void)state;
    proves("D7250-3-3");
    kit_row("an RSA key for an ECDSA suite");
    come_to_key(DTLS_CLIENT);
    say_instead(raw_rsa.credential.cert.der, 1, 1);
    stage_fails(&s, DTLS_UNSUPPORTED_KEY);

    kit_row("a curve that was not offered");
    prepare(DTLS_CLIENT);
    s.target.config.groups = p256_only;
    s.target.config.num_groups = 1;
    stage_start(&s);
    m = stage_come_to(&s, DTLS_CERTIFICATE);
    say_instead(raw_p384.credential.cert.der, 1, 1);
    stage_fails(&s, DTLS_UNSUPPORTED_KEY);
}

/* The peer shows a key that is trusted and signs with another. */
static void possession_is_proved(void **state)
{
    static struct sim_identity thief;

    (void)state;
    proves("D7250-3-4");
    for (int target = DTLS_CLIENT; target <= DTLS_SERVER; target++) {
        kit_row("%s", kit_role(target));
        prepare((enum dtls_role)target);
        ask_client();
        thief = target == DTLS_CLIENT ? raw_ec : raw_client;
        thief.credential.key = stage_pki.ec.credential.key;
        if (target == DTLS_CLIENT) {
            thief.credential.key = stage_pki.client_ec.credential.key;
        }
        show(&s.peer, &thief);
        stage_start(&s);
        m = stage_come_to(&s, DTLS_CERTIFICATE);
        stage_say(&s, m);
        assert_false(peer_has_failed(&s.target));
        stage_say_rest(&s, m);
        stage_fails(&s, DTLS_DECRYPT_ERROR);
    }
}

/* With no credential at all, or with a raw key before a server that takes only
 * certificates. */
static void a_client_without_what_is_asked_sends_an_empty_certificate(
    void **state)
{
    (void)state;
    proves("D7250-3-5");
    for (int has_key = 0; has_key < 2; has_key++) {
        kit_row("%s", has_key ? "with a key" : "with nothing");
        prepare(DTLS_CLIENT);
        s.peer.config.client_auth = DTLS_CLIENT_AUTH_OPTIONAL;
        s.peer.config.raw_keys = !has_key;
        if (!has_key) {
            s.target.config.credentials = NULL;
        }
        stage_start(&s);
        stage_connects(&s);
        kit_assert_hex(stage_said(&s, DTLS_CERTIFICATE), "000000");
        stage_end(&s);
    }
}

/* A server that takes only raw keys refuses the certificate of a client that
 * has nothing else (D7250-4.2-9), or that does not know the extension. */
static void a_server_for_raw_keys_only_refuses_a_certificate(void **state)
{
    (void)state;
    proves("D7250-4.2-9");
    prepare(DTLS_SERVER);
    ask_client();
    show(&s.peer, &stage_pki.client_ec);
    stage_start(&s);
    m = stage_come_to(&s, DTLS_CERTIFICATE);
    stage_say(&s, m);
    stage_fails(&s, DTLS_UNSUPPORTED_CERTIFICATE);
}

/* How a key can come to be trusted. */
enum trust { NONE, BY_KEY, BY_HASH, BY_FUNCTION, NUM_TRUST };

static void trust(struct dtls_config *c, enum trust how,
                  struct sim_anchor *key)
{
    static uint8_t pin[DTLS_PIN_LEN];

    c->anchors = NULL;
    c->judge_raw_key = NULL;
    switch (how) {
    case NONE:
    case NUM_TRUST:
        break;
    case BY_KEY:
        c->anchors = &key->item;
        break;
    case BY_HASH:
        assert_int_equal(dtls_libcrypto.digest(dtls_libcrypto.self, pin,
                                               DTLS_HASH_SHA256,
                                               &key->cert.der, 1),
                         DTLS_OK);
        c->pins = dtls_bytes_of(pin, sizeof pin);
        break;
    case BY_FUNCTION:
        c->judge_raw_key = accept_any;
        break;
    }
}

static void a_key_is_trusted_by_itself_its_hash_or_the_application(
    void **state)
{
    (void)state;
    proves("D7250-6-1");
    for (int target = DTLS_CLIENT; target <= DTLS_SERVER; target++) {
        struct sim_anchor *key = target == DTLS_CLIENT ? &ec_key : &client_key;

        for (enum trust how = BY_KEY; how < NUM_TRUST; how++) {
            kit_row("%s, way %d", kit_role(target), how);
            prepare((enum dtls_role)target);
            ask_client();
            trust(&s.target.config, how, key);
            stage_start(&s);
            stage_connects(&s);
            stage_end(&s);
        }
    }
}

static void a_key_that_is_not_trusted_is_refused(void **state)
{
    (void)state;
    proves("D7250-4.2-5");
    proves("D7250-6-1");
    for (int target = DTLS_CLIENT; target <= DTLS_SERVER; target++) {
        struct sim_anchor *other =
            target == DTLS_CLIENT ? &client_key : &ec_key;

        for (enum trust how = NONE; how < NUM_TRUST; how++) {
            kit_row("%s, way %d", kit_role(target), how);
            prepare((enum dtls_role)target);
            ask_client();
            trust(&s.target.config, how, other);
            if (how == BY_FUNCTION) {
                s.target.config.judge_raw_key = refuse_any;
            }
            stage_start(&s);
            m = stage_come_to(&s, DTLS_CERTIFICATE);
            stage_say(&s, m);
            stage_fails(&s, how == BY_FUNCTION ? DTLS_CERTIFICATE_REFUSED
                                               : DTLS_CERTIFICATE_UNKNOWN);
        }
    }
}

/* A certificate that the application trusts does not make its key one that may
 * come alone. */
static void a_trusted_certificate_is_no_trusted_key(void **state)
{
    static struct sim_anchor ec;

    (void)state;
    proves("D7250-6-1");
    ec.cert = stage_pki.ec.credential.cert;
    ec.item = (struct dtls_cert_item){.cert = &ec.cert};
    prepare(DTLS_CLIENT);
    s.target.config.anchors = &ec.item;
    s.target.config.judge_raw_key = NULL;
    stage_start(&s);
    m = stage_come_to(&s, DTLS_CERTIFICATE);
    stage_say(&s, m);
    stage_fails(&s, DTLS_CERTIFICATE_UNKNOWN);
}

static void answer_type(uint16_t type, uint8_t value)
{
    prepare(DTLS_CLIENT);
    ask_client();
    stage_start(&s);
    m = stage_come_to(&s, DTLS_SERVER_HELLO);
    hello_read_server(&hello, dtls_bytes_of(m->body, m->len));
    hello_drop(&hello, type);
    hello_add(&hello, type, &value, 1);
    hello_put(&s, m, &hello);
    stage_say(&s, m);
}

static void a_type_that_was_not_offered_is_illegal(void **state)
{
    static const uint8_t others[] = {0, 1, 3, 99, 255};

    (void)state;
    proves("D7250-4.2-6");
    for (size_t i = 0; i < LEN(others); i++) {
        kit_row("type %u", others[i]);
        answer_type(SERVER_TYPE, others[i]);
        stage_fails(&s, DTLS_ILLEGAL_PARAMETER);
        answer_type(CLIENT_TYPE, others[i]);
        stage_fails(&s, DTLS_ILLEGAL_PARAMETER);
    }
}

static void a_client_for_raw_keys_only_refuses_a_certificate(void **state)
{
    (void)state;
    proves("D7250-4.2-7");
    prepare(DTLS_CLIENT);
    stage_start(&s);
    m = stage_come_to(&s, DTLS_SERVER_HELLO);
    hello_read_server(&hello, dtls_bytes_of(m->body, m->len));
    hello_drop(&hello, SERVER_TYPE);
    hello_put(&s, m, &hello);
    stage_say(&s, m);
    m = stage_come_to(&s, DTLS_CERTIFICATE);
    say_instead(stage_pki.ec.credential.cert.der, 1, 2);
    stage_fails(&s, DTLS_UNSUPPORTED_CERTIFICATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_lists_what_it_can_show_and_check),
        cmocka_unit_test(a_server_shows_a_type_of_the_list_or_ends),
        cmocka_unit_test(a_server_answers_what_the_client_shall_show),
        cmocka_unit_test(both_ends_show_one_key_without_a_list),
        cmocka_unit_test(each_direction_has_its_own_type),
        cmocka_unit_test(a_body_that_is_not_one_key_is_refused),
        cmocka_unit_test(a_list_or_two_keys_are_refused),
        cmocka_unit_test(a_server_without_a_key_is_refused),
        cmocka_unit_test(a_key_is_read_strictly),
        cmocka_unit_test(a_key_fits_the_suite_and_the_groups),
        cmocka_unit_test(possession_is_proved),
        cmocka_unit_test(
            a_client_without_what_is_asked_sends_an_empty_certificate),
        cmocka_unit_test(a_server_for_raw_keys_only_refuses_a_certificate),
        cmocka_unit_test(
            a_key_is_trusted_by_itself_its_hash_or_the_application),
        cmocka_unit_test(a_key_that_is_not_trusted_is_refused),
        cmocka_unit_test(a_trusted_certificate_is_no_trusted_key),
        cmocka_unit_test(a_type_that_was_not_offered_is_illegal),
        cmocka_unit_test(a_client_for_raw_keys_only_refuses_a_certificate),
    };
    int failed;

    load_pki();
    failed = kit_run(tests);
    stage_free_pki();
    return failed;
}
