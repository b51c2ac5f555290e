/* SPDX-License-Identifier: MIT */
/* Every read of a certificate, a CRL and a key fails once, in each of the
 * fuzzers' inputs that can be used: then it cannot. */
#include "fault/failing_bytes.h"
#include "kit/kit.h"

#include "crypto/key_der.h"
#include "x509/cert.h"
#include "x509/crl.h"

#include <dirent.h>
#include <stdio.h>

/* What a parser writes to.  Each returns true for what can be used: a key or a
 * signature that is not ours is passed over. */
union parsed {
    struct dtls_cert cert;
    struct dtls_crl crl;
    struct dtls_key_der key;
};

static bool parse_cert(union parsed *out, struct dtls_bytes der)
{
    return dtls_cert_parse(&out->cert, der) == DTLS_OK &&
           out->cert.sigalg != 0 && out->cert.key.type != DTLS_KEY_NONE &&
           !out->cert.has_unhandled_critical;
}

static bool parse_crl(union parsed *out, struct dtls_bytes der)
{
    return dtls_crl_parse(&out->crl, der) == DTLS_OK && out->crl.sigalg != 0 &&
           !out->crl.has_unhandled_critical;
}

static bool parse_key(union parsed *out, struct dtls_bytes der)
{
    return dtls_key_der_parse(&out->key, der);
}

#define CORPUS(name) NXDTLS_HARNESS_DIR "/../corpus/" name

static const struct kind {
    const char *folder;
    const char *suffix;
    bool has_host; /* before the DER: a length, a name */
    bool (*parse)(union parsed *out, struct dtls_bytes der);
} kinds[] = {
    {CORPUS("fuzz_x509"), "", true, parse_cert},
    {NXDTLS_PKI_DIR, ".crl", false, parse_crl},
    {CORPUS("fuzz_pkcs1"), "", false, parse_key},
    {CORPUS("fuzz_pkcs8"), "", false, parse_key},
    {CORPUS("fuzz_sec1"), "", false, parse_key},
};

/* Reads after which there may be nothing more: so many places of a file. */
#define ENDS_MAX 2
static struct end {
    const char *file;
    const char *call;
    size_t num;
    const struct bytes_place *seen[ENDS_MAX];
} ends[] = {
    /* An INTEGER of one byte. */
    {.file = "/base/der.c", .call = "get_u8", .num = 1},
    /* The ends of texts, and of names that have been read before. */
    {.file = "/x509/name.c", .call = "get_u8", .num = 2},
    {.file = "/x509/name.c", .call = "der_get_any", .num = 1},
    /* Another extension than those of CRLs, which is not critical. */
    {.file = "/x509/crl.c", .call = "get_u16", .num = 1},
    {.file = "/x509/crl.c", .call = "get_u8", .num = 1},
};

static bool is_end(const struct bytes_place *place)
{
    for (size_t i = 0; i < LEN(ends); i++) {
        struct end *end = &ends[i];

        if (strstr(place->file, end->file) == NULL ||
            strcmp(place->call, end->call) != 0) {
            continue;
        }
        for (size_t k = 0; k < end->num; k++) {
            if (end->seen[k] == NULL) {
                end->seen[k] = place;
            }
            if (end->seen[k] == place) {
                return true;
            }
        }
    }
    return false;
}

static unsigned num_failures;

/* Fails each place that this input leads to. */
static void walk(const struct kind *kind, struct dtls_bytes der)
{
    const struct bytes_place *each;
    const struct bytes_place *last;
    union parsed out;

    failing_bytes_begin(NULL, 0, 0);
    if (!kind->parse(&out, der)) {
        return;
    }
    for (each = failing_bytes.places, last = NULL; each != last;
         last = each, each = each->next) {
        kit_row("%s:%d: %s", each->file, each->line, each->call);
        failing_bytes_begin(each, 1, 1);
        if (kind->parse(&out, der)) {
            assert_true(failing_bytes.failed == 0 || is_end(each));
        } else {
            assert_true(failing_bytes.failed != 0);
            num_failures++;
        }
    }
    failing_bytes_stop();
}

static void walk_file(const struct kind *kind, const char *name)
{
    static uint8_t bytes[1 << 16];
    struct dtls_bytes in;
    struct dtls_bytes host;
    char path[1024];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s", kind->folder, name);
    file = fopen(path, "rb");
    assert_non_null(file);
    in = dtls_bytes_of(bytes, fread(bytes, 1, sizeof bytes, file));
    (void)fclose(file);
    if (!kind->has_host || dtls_get_vec8(&in, &host)) {
        walk(kind, in);
    }
}

static void walk_folder(const struct kind *kind)
{
    struct dirent **names;
    int num = scandir(kind->folder, &names, NULL, alphasort);

    assert_true(num > 2);
    for (int i = 0; i < num; i++) {
        const char *name = names[i]->d_name;
        size_t len = strlen(name);
        size_t suffix = strlen(kind->suffix);

        kit_row("%s", name);
        if (name[0] != '.' && len > suffix &&
            strcmp(name + len - suffix, kind->suffix) == 0) {
            walk_file(kind, name);
        }
        free(names[i]);
    }
    free(names);
}

static void der_of_which_a_read_fails_is_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(kinds); i++) {
        kit_row("%s", kinds[i].folder);
        num_failures = 0;
        walk_folder(&kinds[i]);
        assert_true(num_failures > 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(der_of_which_a_read_fails_is_none),
    };

    return kit_run(tests);
}
