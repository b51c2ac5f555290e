/* SPDX-License-Identifier: MIT */
/* The host's names of hosts (programs/find_host.h). */
#include "programs/find_host.h"

#include "programs/lines.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

static void take(NXD_ADDRESS *out, const struct sockaddr *address)
{
    const struct sockaddr_in *v4 = (const void *)address;
    const struct sockaddr_in6 *v6 = (const void *)address;
    uint32_t words[4];

    if (address->sa_family == AF_INET) {
        out->nxd_ip_version = NX_IP_VERSION_V4;
        out->nxd_ip_address.v4 = ntohl(v4->sin_addr.s_addr);
        return;
    }
    out->nxd_ip_version = NX_IP_VERSION_V6;
    memcpy(words, &v6->sin6_addr, sizeof words);
    for (size_t i = 0; i < 4; i++) {
        out->nxd_ip_address.v6[i] = ntohl(words[i]);
    }
}

void find_host(struct options *o)
{
    struct addrinfo wanted = {.ai_socktype = SOCK_DGRAM};
    struct addrinfo *found = NULL;
    struct text text;
    int error;

    if (o->host[0] == '\0') {
        return;
    }
    if (strcmp(o->host, "localhost") == 0) {
        wanted.ai_family = AF_INET;
    }
    error = getaddrinfo(o->host, NULL, &wanted, &found);
    if (error != 0) {
        bad_input("%s: %s", o->host, gai_strerror(error));
    }
    take(&o->address, found->ai_addr);
    freeaddrinfo(found);
    if (!o->is_server && o->num_cas != 0 && o->name == NULL) {
        if (strlen(o->host) > NX_SECURE_X509_DNS_NAME_MAX) {
            bad_input("%s: longer than a name that a certificate can be "
                      "checked for, %d bytes: use --name",
                      o->host, NX_SECURE_X509_DNS_NAME_MAX);
        }
        o->name = o->host;
    }
    line("%s is %s", o->host, address_text(&text, &o->address, o->port));
}
