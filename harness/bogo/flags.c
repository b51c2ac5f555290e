/* SPDX-License-Identifier: MIT */
/* One table of flags (bogo/flags.h). */
#include "bogo/flags.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum kind {
    YES,      /* sets a bool                          */
    NUMBER,   /* uint64_t                             */
    TEXT,     /* const char *                         */
    LIST,     /* appends to a struct bogo_list        */
    NOTHING,  /* accepted, without effect             */
    NOTHING_1 /* the same, with a value               */
};

struct flag {
    const char *name;
    enum kind kind;
    size_t offset;
};

#define AT(field) offsetof(struct bogo_flags, field)
#define IN_CREDENTIAL(field) offsetof(struct bogo_credential_flags, field)

/* In the order of the runner's documentation.  A flag without effect selects
 * another API of theirs for the same thing, or something that DTLS 1.2 without
 * resumption always does or never does. */
static const struct flag flags[] = {
    {"-port", NUMBER, AT(port)},
    {"-shim-id", NUMBER, AT(shim_id)},
    {"-ipv6", YES, AT(ipv6)},
    {"-is-handshaker-supported", YES, AT(is_handshaker_supported)},
    {"-dtls", YES, AT(dtls)},
    {"-server", YES, AT(server)},
    {"-cookie", YES, AT(cookie)},
    {"-fresh-timeout", YES, AT(fresh_timeout)},
    {"-resume-count", NUMBER, AT(resume_count)},
    {"-verify-prefs", LIST, AT(verify_prefs)},
    {"-trust-cert", NOTHING_1, 0},
    {"-verify-peer", YES, AT(verify_peer)},
    {"-require-any-client-certificate", YES,
     AT(require_any_client_certificate)},
    {"-verify-fail", YES, AT(verify_fail)},
    {"-use-custom-verify-callback", YES, AT(use_custom_verify_callback)},
    {"-use-old-client-cert-callback", NOTHING, 0},
    {"-use-early-callback", NOTHING, 0},
    {"-expect-verify-result", NOTHING, 0},
    {"-psk", TEXT, AT(psk)},
    {"-psk-identity", TEXT, AT(psk_identity)},
    {"-curves", LIST, AT(curves)},
    {"-cipher", TEXT, AT(cipher)},
    {"-min-version", NUMBER, AT(min_version)},
    {"-max-version", NUMBER, AT(max_version)},
    {"-no-tls1", YES, AT(no_tls1)},
    {"-no-tls11", NOTHING, 0},
    {"-no-tls12", YES, AT(no_tls12)},
    {"-no-tls13", YES, AT(no_tls13)},
    {"-mtu", NUMBER, AT(mtu)},
    {"-initial-timeout-duration-ms", NUMBER, AT(initial_timeout_ms)},
    {"-async", NOTHING, 0},
    {"-implicit-handshake", NOTHING, 0},
    {"-shim-writes-first", YES, AT(shim_writes_first)},
    {"-send-alert", YES, AT(send_alert)},
    {"-shim-shuts-down", YES, AT(shim_shuts_down)},
    {"-check-close-notify", YES, AT(check_close_notify)},
    {"-tls-unique", YES, AT(tls_unique)},
    {"-export-keying-material", NUMBER, AT(export_len)},
    {"-export-label", TEXT, AT(export_label)},
    {"-export-context", TEXT, AT(export_context)},
    {"-use-export-context", YES, AT(use_export_context)},
    {"-host-name", TEXT, AT(host_name)},
    {"-advertise-alpn", TEXT, AT(advertise_alpn)},
    {"-select-alpn", TEXT, AT(select_alpn)},
    {"-expect-alpn", TEXT, AT(expect_alpn)},
    {"-decline-alpn", YES, AT(decline_alpn)},
    {"-reject-alpn", YES, AT(reject_alpn)},
    {"-no-server-name-ack", YES, AT(no_server_name_ack)},
    {"-expect-server-name", TEXT, AT(expect_server_name)},
    {"-expect-advertised-alpn", TEXT, AT(expect_advertised_alpn)},
    {"-expect-peer-verify-pref", LIST, AT(expect_peer_verify_prefs)},
    {"-expect-certificate-types", TEXT, AT(expect_certificate_types)},
    {"-use-client-ca-list", TEXT, AT(use_client_ca_list)},
    {"-expect-client-ca-list", TEXT, AT(expect_client_ca_list)},
    {"-expect-peer-cert-file", TEXT, AT(expect_peer_cert_file)},
    {"-no-legacy-server-connect", YES, AT(no_legacy_server_connect)},
    {"-ticket-key", NOTHING_1, 0},
    {"-max-cert-list", NUMBER, AT(max_cert_list)},
    {"-renegotiate-freely", NOTHING, 0},
    {"-expect-no-hrr", NOTHING, 0},
    {"-expect-no-session", NOTHING, 0},
    {"-no-ticket", NOTHING, 0},
    {"-no-op-extra-handshake", NOTHING, 0},
    {"-expect-curve-id", NUMBER, AT(expect_curve_id)},
    {"-expect-peer-signature-algorithm", NUMBER,
     AT(expect_peer_signature_algorithm)},
    {"-expect-extended-master-secret", YES, AT(expect_extended_master_secret)},
    {NULL, NOTHING, 0},
};

/* They belong to the last -new-x509-credential, or to the default one. */
static const struct flag credential_flags[] = {
    {"-cert-file", TEXT, IN_CREDENTIAL(cert_file)},
    {"-key-file", TEXT, IN_CREDENTIAL(key_file)},
    {"-signing-prefs", LIST, IN_CREDENTIAL(signing_prefs)},
    {"-must-match-issuer", YES, IN_CREDENTIAL(must_match_issuer)},
    {NULL, NOTHING, 0},
};

static const struct flag *find(const struct flag *table, const char *name)
{
    for (; table->name != NULL; table++) {
        if (strcmp(table->name, name) == 0) {
            return table;
        }
    }
    return NULL;
}

static bool read_number(uint64_t *out, const char *text)
{
    char *end;

    errno = 0;
    *out = strtoull(text, &end, 10);
    return errno == 0 && end != text && *end == '\0' && text[0] != '-';
}

static bool append(struct bogo_list *list, const char *text)
{
    uint64_t value;

    if (list->num == BOGO_LIST_MAX || !read_number(&value, text) ||
        value > UINT16_MAX) {
        return false;
    }
    list->items[list->num++] = (uint16_t)value;
    return true;
}

/* Applies a flag to the structure that it belongs to. */
static bool apply(void *where, const struct flag *flag, const char *value)
{
    void *field = (uint8_t *)where + flag->offset;

    switch (flag->kind) {
    case YES:
        *(bool *)field = true;
        return true;
    case NUMBER:
        return read_number(field, value);
    case TEXT:
        *(const char **)field = value;
        return true;
    case LIST:
        return append(field, value);
    case NOTHING:
    case NOTHING_1:
        break;
    }
    return true;
}

static bool has_value(const struct flag *flag)
{
    return flag->kind == NUMBER || flag->kind == TEXT || flag->kind == LIST ||
           flag->kind == NOTHING_1;
}

static struct bogo_credential_flags *latest_credential(struct bogo_flags *f)
{
    return f->num_credentials == 0 ? &f->default_credential
                                   : &f->credentials[f->num_credentials - 1];
}

/* Takes the two flags that fit no table.  It returns true if `name` is one of
 * them; `good` says whether its value can be used. */
static bool take_special(struct bogo_flags *out, const char *name,
                         const char *value, int *used, bool *good)
{
    char *end;

    *good = true;
    *used = 1;
    if (strcmp(name, "-new-x509-credential") == 0) {
        *good = out->num_credentials < BOGO_CREDENTIALS_MAX;
        out->num_credentials += *good;
        return true;
    }
    if (strcmp(name, "-expect-selected-credential") != 0) {
        return false;
    }
    *used = 2;
    out->has_expected_credential = true;
    out->expected_credential = strtol(value != NULL ? value : "", &end, 10);
    *good = value != NULL && end != value && *end == '\0';
    return true;
}

/* Returns how many arguments were used; 0 if the flag is not implemented. */
static int take(struct bogo_flags *out, const char *name, const char *value)
{
    static const char initial[] = "-on-initial";
    void *where = out;
    const struct flag *flag;
    bool good;
    int used;

    /* There is one connection, so a flag for the first one is for all. */
    if (strncmp(name, initial, sizeof initial - 1) == 0) {
        name += sizeof initial - 1;
    }
    if (take_special(out, name, value, &used, &good)) {
        return good ? used : 0;
    }
    flag = find(flags, name);
    if (flag == NULL) {
        flag = find(credential_flags, name);
        where = latest_credential(out);
    }
    if (flag == NULL || (has_value(flag) && value == NULL) ||
        !apply(where, flag, value)) {
        return 0;
    }
    return has_value(flag) ? 2 : 1;
}

int bogo_flags_parse(struct bogo_flags *out, int argc, char *const *argv,
                     const char **problem)
{
    *out = (struct bogo_flags){
        .psk_identity = "",
        .export_label = "",
        .export_context = "",
    };
    for (int i = 1; i < argc;) {
        int used = take(out, argv[i], i + 1 < argc ? argv[i + 1] : NULL);

        if (used == 0) {
            *problem = argv[i];
            return BOGO_UNIMPLEMENTED;
        }
        i += used;
    }
    if (out->is_handshaker_supported) {
        return BOGO_SUCCESS;
    }
    *problem = out->dtls ? "-resume-count" : "no -dtls";
    return out->dtls && out->resume_count == 0 ? BOGO_SUCCESS
                                               : BOGO_UNIMPLEMENTED;
}
