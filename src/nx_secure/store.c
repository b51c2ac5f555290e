/* SPDX-License-Identifier: MIT */
/* Certificate lists.  A list has nodes of its own, so that a certificate can
 * be in several.  Each certificate brings one node, for the first list that it
 * is in; the session that holds the list has the nodes for certificates that
 * are in other lists already.  A store of the application's own has no session
 * and therefore no such nodes. */
#include "nx_secure/internal.h"

/* One of a store's lists: its first node, and what an application sees. */
struct list {
    VOID **nodes;
    NX_SECURE_X509_CERT **first;
};

static struct list list_of(NX_SECURE_X509_CERTIFICATE_STORE *store,
                           enum dtls_nx_list which)
{
    return which == DTLS_NX_LOCAL
               ? (struct list){&store->nx_secure_x509_local_nodes,
                               &store->nx_secure_x509_local_certificates}
               : (struct list){&store->nx_secure_x509_trusted_nodes,
                               &store->nx_secure_x509_trusted_certificates};
}

static NX_SECURE_X509_CERTIFICATE_STORE *store_of(
    NX_SECURE_DTLS_SESSION *session)
{
    return dtls_nx_certificates(&session->nx_secure_dtls_tls_session);
}

NX_SECURE_DTLS_SESSION *dtls_nx_store_owner(
    const NX_SECURE_X509_CERTIFICATE_STORE *store)
{
    NX_SECURE_DTLS_SESSION *session = store->nx_secure_x509_session;

    /* The application may have copied the store of a session. */
    return session != NX_NULL && store_of(session) == store ? session
                                                            : NX_NULL;
}

/* Puts `node`, which may be NULL, behind `before`, or in front. */
static VOID link_node(const struct list *list, struct dtls_nx_node *before,
                      struct dtls_nx_node *node)
{
    if (before == NULL) {
        *list->nodes = node;
        *list->first = node == NULL ? NX_NULL : node->cert;
        return;
    }
    before->next = node;
    before->item.next = node == NULL ? NULL : &node->item;
}

/* Returns a free node, or NULL.  That of the certificate comes first; `owner`
 * may be NX_NULL. */
static struct dtls_nx_node *free_node(NX_SECURE_DTLS_SESSION *owner,
                                      NX_SECURE_X509_CERT *cert)
{
    struct dtls_nx_node *nodes;

    if (dtls_nx_cert(cert)->node.cert == NX_NULL) {
        return &dtls_nx_cert(cert)->node;
    }
    if (owner == NX_NULL) {
        return NULL;
    }
    nodes = dtls_nx_session(owner)->nodes;
    for (size_t i = 0; i < DTLS_NX_SHARED_CERTS; i++) {
        if (nodes[i].cert == NX_NULL) {
            return &nodes[i];
        }
    }
    return NULL;
}

static UINT append(NX_SECURE_DTLS_SESSION *owner, const struct list *list,
                   struct dtls_nx_node *last, NX_SECURE_X509_CERT *cert,
                   UINT cert_id)
{
    struct dtls_nx_node *node;
    UINT status = dtls_nx_cert_use(cert);

    if (status != NX_SUCCESS) {
        return status;
    }
    node = free_node(owner, cert);
    if (node == NULL) {
        dtls_nx_cert_drop(cert);
        return NX_SECURE_TLS_NO_CERT_SPACE_ALLOCATED;
    }
    *node = (struct dtls_nx_node){
        .item = {&dtls_nx_cert(cert)->credential.cert, NULL},
        .cert = cert,
        .id = cert_id,
    };
    cert->nx_secure_x509_cert_identifier = cert_id;
    link_node(list, last, node);
    return NX_SUCCESS;
}

/* Tells whether a certificate of the list has this id; without an id, whether
 * it has this common name. */
static bool is_meant(const struct dtls_nx_node *node,
                     struct dtls_bytes common_name, UINT cert_id)
{
    if (cert_id != 0) {
        return node->id == cert_id;
    }
    return dtls_bytes_equal(dtls_cert_common_name(node->item.cert),
                            common_name);
}

/* Checks a certificate before it enters a list.  One that is trusted must have
 * a key of a size that can be used. */
static UINT check(NX_SECURE_X509_CERT *cert, enum dtls_nx_list which)
{
    if (!dtls_nx_cert_is_initialized(cert)) {
        return NX_SECURE_X509_INVALID_CERTIFICATE;
    }
    return which == DTLS_NX_TRUSTED ? dtls_nx_cert_check_size(cert)
                                    : NX_SUCCESS;
}

static UINT add(NX_SECURE_DTLS_SESSION *owner, const struct list *list,
                NX_SECURE_X509_CERT *cert, UINT cert_id)
{
    const struct dtls_bytes name =
        dtls_cert_common_name(&dtls_nx_cert(cert)->credential.cert);
    struct dtls_nx_node *last = NULL;

    for (struct dtls_nx_node *n = *list->nodes; n != NULL; n = n->next) {
        if (n->cert == cert || is_meant(n, name, cert_id)) {
            return cert_id == 0 ? NX_INVALID_PARAMETERS
                                : NX_SECURE_TLS_CERT_ID_DUPLICATE;
        }
        last = n;
    }
    return append(owner, list, last, cert, cert_id);
}

/* Gives the other sessions of a server the changed list. */
static VOID share(NX_SECURE_X509_CERTIFICATE_STORE *store,
                  const NX_SECURE_DTLS_SESSION *owner, enum dtls_nx_list which)
{
    NX_SECURE_DTLS_SERVER *server =
        owner == NX_NULL ? NX_NULL : owner->nx_secure_dtls_server_parent;
    const struct list from = list_of(store, which);

    for (UINT i = 0; server != NX_NULL && i < dtls_nx_server_places(server);
         i++) {
        const struct list to =
            list_of(store_of(dtls_nx_server_session(server, i)), which);

        *to.nodes = *from.nodes;
        *to.first = *from.first;
    }
}

UINT dtls_nx_list_add(NX_SECURE_DTLS_SESSION *session, enum dtls_nx_list which,
                      NX_SECURE_X509_CERT *cert, UINT cert_id)
{
    if (session == NX_NULL || cert == NX_NULL) {
        return NX_PTR_ERROR;
    }
    return cert_id == 0 ? NX_INVALID_PARAMETERS
                        : dtls_nx_list_append(session, which, cert, cert_id);
}

NX_SECURE_X509_CERT *dtls_nx_list_find(NX_SECURE_DTLS_SESSION *session,
                                       enum dtls_nx_list which,
                                       struct dtls_bytes common_name,
                                       UINT cert_id)
{
    const struct list list = list_of(store_of(session), which);

    for (struct dtls_nx_node *n = *list.nodes; n != NULL; n = n->next) {
        if (is_meant(n, common_name, cert_id)) {
            return n->cert;
        }
    }
    return NX_NULL;
}

/* `owner` is the session of the store, or NX_NULL. */
static UINT append_to(NX_SECURE_X509_CERTIFICATE_STORE *store,
                      NX_SECURE_DTLS_SESSION *owner, enum dtls_nx_list which,
                      NX_SECURE_X509_CERT *cert, UINT cert_id)
{
    const struct list list = list_of(store, which);
    UINT status;

    dtls_nx_lock();
    status = check(cert, which);
    if (status == NX_SUCCESS) {
        status = add(owner, &list, cert, cert_id);
    }
    share(store, owner, which);
    dtls_nx_unlock();
    return status;
}

UINT dtls_nx_store_append(NX_SECURE_X509_CERTIFICATE_STORE *store,
                          enum dtls_nx_list which, NX_SECURE_X509_CERT *cert,
                          UINT cert_id)
{
    return append_to(store, dtls_nx_store_owner(store), which, cert, cert_id);
}

UINT dtls_nx_list_append(NX_SECURE_DTLS_SESSION *session,
                         enum dtls_nx_list which, NX_SECURE_X509_CERT *cert,
                         UINT cert_id)
{
    return append_to(store_of(session), session, which, cert, cert_id);
}

/* Takes a node out of the list.  Its certificate may be initialized anew once
 * no list has it. */
static VOID take_out(const struct list *list, struct dtls_nx_node *before,
                     struct dtls_nx_node *node)
{
    NX_SECURE_X509_CERT *cert = node->cert;

    link_node(list, before, node->next);
    *node = (struct dtls_nx_node){0};
    dtls_nx_cert_drop(cert);
}

static bool is_shaking_hands(NX_SECURE_DTLS_SESSION *session)
{
    return dtls_session_is_in_handshake(&dtls_nx_session(session)->engine);
}

/* Tells whether a handshake uses the lists of this session.  The sessions of a
 * server share theirs.  No handshake uses a store without a session. */
static bool is_in_use(NX_SECURE_DTLS_SESSION *owner)
{
    NX_SECURE_DTLS_SERVER *server;

    if (owner == NX_NULL) {
        return false;
    }
    server = owner->nx_secure_dtls_server_parent;
    if (server == NX_NULL) {
        return is_shaking_hands(owner);
    }
    for (UINT i = 0; i < dtls_nx_server_places(server); i++) {
        if (is_shaking_hands(dtls_nx_server_session(server, i))) {
            return true;
        }
    }
    return false;
}

static UINT remove_from(NX_SECURE_DTLS_SESSION *owner, const struct list *list,
                        struct dtls_bytes name, UINT cert_id)
{
    struct dtls_nx_node *before = NULL;
    struct dtls_nx_node *node = *list->nodes;

    while (node != NULL && !is_meant(node, name, cert_id)) {
        before = node;
        node = node->next;
    }
    if (node == NULL) {
        return NX_SECURE_TLS_CERTIFICATE_NOT_FOUND;
    }
    if (is_in_use(owner)) {
        return NX_IN_PROGRESS;
    }
    take_out(list, before, node);
    return NX_SUCCESS;
}

static UINT take_from(NX_SECURE_X509_CERTIFICATE_STORE *store,
                      NX_SECURE_DTLS_SESSION *owner, enum dtls_nx_list which,
                      struct dtls_bytes name, UINT cert_id)
{
    const struct list list = list_of(store, which);
    UINT status;

    dtls_nx_lock();
    status = remove_from(owner, &list, name, cert_id);
    share(store, owner, which);
    dtls_nx_unlock();
    return status;
}

UINT dtls_nx_store_remove(NX_SECURE_X509_CERTIFICATE_STORE *store,
                          enum dtls_nx_list which, struct dtls_bytes name,
                          UINT cert_id)
{
    return take_from(store, dtls_nx_store_owner(store), which, name, cert_id);
}

UINT dtls_nx_list_remove(NX_SECURE_DTLS_SESSION *session,
                         enum dtls_nx_list which, const UCHAR *common_name,
                         UINT common_name_length, UINT cert_id)
{
    struct dtls_bytes name = {common_name, common_name_length};

    if (session == NX_NULL || (cert_id == 0 && (common_name == NX_NULL ||
                                                common_name_length == 0))) {
        return NX_PTR_ERROR;
    }
    return take_from(store_of(session), session, which, name, cert_id);
}

VOID dtls_nx_list_clear(NX_SECURE_DTLS_SESSION *session)
{
    for (int which = DTLS_NX_LOCAL; which <= DTLS_NX_TRUSTED; which++) {
        const struct list list =
            list_of(store_of(session), (enum dtls_nx_list)which);

        while (*list.nodes != NULL) {
            take_out(&list, NULL, *list.nodes);
        }
    }
}

struct dtls_nx_node *dtls_nx_locals(
    const NX_SECURE_X509_CERTIFICATE_STORE *store)
{
    return store->nx_secure_x509_local_nodes;
}

const struct dtls_cert_item *dtls_nx_anchors(
    const NX_SECURE_X509_CERTIFICATE_STORE *store)
{
    const struct dtls_nx_node *first = store->nx_secure_x509_trusted_nodes;

    return first == NULL ? NULL : &first->item;
}

static const struct dtls_credential *credential_of(
    const struct dtls_nx_node *node)
{
    return node == NULL ? NULL : &dtls_nx_cert(node->cert)->credential;
}

const struct dtls_credential *dtls_nx_first_credential(
    const NX_SECURE_X509_CERTIFICATE_STORE *store)
{
    return credential_of(dtls_nx_locals(store));
}

const struct dtls_credential *dtls_nx_next_credential(
    void *session, const struct dtls_credential *credential)
{
    NX_SECURE_DTLS_SESSION *s = session;
    const struct dtls_nx_node *node =
        dtls_nx_locals(dtls_nx_certificates(&s->nx_secure_dtls_tls_session));

    while (node != NULL && credential_of(node) != credential) {
        node = node->next;
    }
    return node == NULL ? NULL : credential_of(node->next);
}

bool dtls_nx_is_local(NX_SECURE_TLS_SESSION *tls,
                      const NX_SECURE_X509_CERT *cert)
{
    const struct dtls_nx_node *node =
        dtls_nx_locals(dtls_nx_certificates(tls));

    while (node != NULL && node->cert != cert) {
        node = node->next;
    }
    return node != NULL;
}

const struct dtls_credential *dtls_nx_active(NX_SECURE_TLS_SESSION *tls)
{
    NX_SECURE_X509_CERT *active =
        tls->nx_secure_tls_credentials.nx_secure_tls_active_certificate;

    return dtls_nx_is_local(tls, active) ? &dtls_nx_cert(active)->credential
                                         : NULL;
}
