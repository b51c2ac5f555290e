/* SPDX-License-Identifier: MIT */
/* OCSP responses, with libcrypto (programs/ocsp_judge.h). */
#include "programs/ocsp_judge.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>

#define SKEW 300 /* seconds that the two clocks may differ */

/* What a response is judged with.  The list owns its certificates. */
struct judge {
    /* What the server has shown, its own certificate first, and then ... */
    STACK_OF(X509) * all; /* ... what the client trusts */
    X509_STORE *store;    /* of the latter */
};

static bool add(STACK_OF(X509) * list, const UCHAR *der, ULONG len)
{
    const unsigned char *at = der;
    X509 *cert = d2i_X509(NULL, &at, (long)len);

    if (cert == NULL || sk_X509_push(list, cert) == 0) {
        X509_free(cert);
        return false;
    }
    return true;
}

static bool judge_begin(struct judge *j, const struct cert_list *cas,
                        NX_SECURE_DTLS_SESSION *session)
{
    const NX_SECURE_X509_CERT *cert =
        session->nx_secure_dtls_tls_session.nx_secure_tls_credentials
            .nx_secure_tls_certificate_store
            .nx_secure_x509_remote_certificates;
    bool good;

    *j = (struct judge){sk_X509_new_null(), X509_STORE_new()};
    good = j->all != NULL && j->store != NULL && cert != NX_NULL;
    for (; good && cert != NX_NULL;
         cert = cert->nx_secure_x509_next_certificate) {
        good = add(j->all, cert->nx_secure_x509_certificate_raw_data,
                   cert->nx_secure_x509_certificate_raw_data_length);
    }
    for (size_t i = 0; good && i < cas->num; i++) {
        good =
            add(j->all, cas->ders[i].data, cas->ders[i].len) &&
            X509_STORE_add_cert(
                j->store, sk_X509_value(j->all, sk_X509_num(j->all) - 1)) == 1;
    }
    return good;
}

static void judge_end(struct judge *j)
{
    sk_X509_pop_free(j->all, X509_free);
    X509_STORE_free(j->store);
    ERR_clear_error();
}

/* The certificate that has issued the server's; NULL: it is not there. */
static X509 *issuer_in(STACK_OF(X509) * list, X509 *leaf)
{
    for (int i = 0; i < sk_X509_num(list); i++) {
        X509 *cert = sk_X509_value(list, i);

        if (X509_check_issued(cert, leaf) == X509_V_OK) {
            return cert;
        }
    }
    return NULL;
}

/* What the response says of the certificate.  Its hash is the response's to
 * choose, so each entry is compared under its own. */
static enum staple status_of(OCSP_BASICRESP *basic, X509 *leaf, X509 *issuer)
{
    for (int i = 0; i < OCSP_resp_count(basic); i++) {
        OCSP_SINGLERESP *one = OCSP_resp_get0(basic, i);
        const OCSP_CERTID *said = OCSP_SINGLERESP_get0_id(one);
        ASN1_OBJECT *hash = NULL;
        ASN1_GENERALIZEDTIME *from;
        ASN1_GENERALIZEDTIME *to;
        OCSP_CERTID *id;
        int status;
        bool is_same;

        (void)OCSP_id_get0_info(NULL, &hash, NULL, NULL,
                                (OCSP_CERTID *)(uintptr_t)said);
        id = OCSP_cert_to_id(EVP_get_digestbyobj(hash), leaf, issuer);
        is_same = id != NULL && OCSP_id_cmp(id, said) == 0;
        OCSP_CERTID_free(id);
        status = OCSP_single_get0_status(one, NULL, NULL, &from, &to);
        if (is_same && OCSP_check_validity(from, to, SKEW, -1) == 1) {
            return status == V_OCSP_CERTSTATUS_GOOD      ? STAPLE_GOOD
                   : status == V_OCSP_CERTSTATUS_REVOKED ? STAPLE_REVOKED
                                                         : STAPLE_BAD;
        }
    }
    return STAPLE_BAD;
}

static enum staple judge_basic(const struct judge *j, OCSP_BASICRESP *basic)
{
    X509 *leaf = sk_X509_value(j->all, 0);
    X509 *issuer = issuer_in(j->all, leaf);

    if (issuer == NULL || OCSP_basic_verify(basic, j->all, j->store, 0) != 1) {
        return STAPLE_BAD;
    }
    return status_of(basic, leaf, issuer);
}

enum staple staple_judge(const struct cert_list *cas,
                         NX_SECURE_DTLS_SESSION *session,
                         const UCHAR *response, ULONG length)
{
    const unsigned char *at = response;
    OCSP_RESPONSE *read;
    OCSP_BASICRESP *basic = NULL;
    enum staple staple = STAPLE_BAD;
    struct judge j;

    if (length == 0) {
        return STAPLE_NONE;
    }
    read = d2i_OCSP_RESPONSE(NULL, &at, (long)length);
    if (read != NULL && at == response + length &&
        OCSP_response_status(read) == OCSP_RESPONSE_STATUS_SUCCESSFUL) {
        basic = OCSP_response_get1_basic(read);
    }
    if (judge_begin(&j, cas, session) && basic != NULL) {
        staple = judge_basic(&j, basic);
    }
    judge_end(&j);
    OCSP_BASICRESP_free(basic);
    OCSP_RESPONSE_free(read);
    return staple;
}

const char *staple_text(enum staple staple)
{
    switch (staple) {
    case STAPLE_UNSEEN:
    case STAPLE_NONE:
        return "none";
    case STAPLE_GOOD:
        return "good";
    case STAPLE_REVOKED:
        return "revoked";
    case STAPLE_BAD:
        break;
    }
    return "bad";
}
