/* SPDX-License-Identifier: MIT */
/* Name and GeneralNames (RFC 5280, 4.1.2.4 and 4.2.1.6). */
#ifndef DTLS_X509_NAME_H
#define DTLS_X509_NAME_H

#include "base/der.h"

/* GeneralName, by its tags. */
enum {
    GENERAL_OTHER_NAME = 0xa0,
    GENERAL_RFC822_NAME = 0x81,
    GENERAL_DNS_NAME = 0x82,
    GENERAL_X400_ADDRESS = 0xa3,
    GENERAL_DIRECTORY_NAME = 0xa4,
    GENERAL_EDI_PARTY_NAME = 0xa5,
    GENERAL_URI = 0x86,
    GENERAL_IP_ADDRESS = 0x87,
    GENERAL_REGISTERED_ID = 0x88
};

/* dtls_name_get takes a Name off the front of `in` and gives it with its tag
 * and length.  It returns false, and changes nothing, if the Name is not
 * strict DER, a string in it does not have the encoding of its type (UTF-8,
 * UCS-2, UTF-32), or an attribute has another type than one of the string
 * types.
 *
 * Characters outside the alphabet of PrintableString, NumericString and
 * IA5String are tolerated. */
DTLS_MUST_USE bool dtls_name_get(struct dtls_bytes *in,
                                 struct dtls_bytes *name);

/* dtls_name_equal returns true if two Names that dtls_name_get has accepted
 * are the same (RFC 5280, 7.1): attribute by attribute, with ASCII letters in
 * either case, spaces at the ends left out and several in a row as one, and in
 * any string type but NumericString.  Letters outside ASCII are not folded,
 * and the attributes of one RelativeDistinguishedName must stand in one order.
 */
DTLS_MUST_USE bool dtls_name_equal(struct dtls_bytes a, struct dtls_bytes b);

/* dtls_name_is_rdn returns true if `set` may be the contents of a
 * RelativeDistinguishedName. */
DTLS_MUST_USE bool dtls_name_is_rdn(struct dtls_bytes set);

/* dtls_name_are_general returns true if `contents` is one GeneralName after
 * the other, at least one.  The length of an iPAddress and the contents of an
 * x400Address are not judged. */
DTLS_MUST_USE bool dtls_name_are_general(struct dtls_bytes contents);

/* dtls_name_addresses_fit returns true if each iPAddress among `names`, which
 * dtls_name_are_general has accepted, has 4 or 16 bytes, as that of a
 * subjectAltName must (RFC 5280, 4.2.1.6). */
DTLS_MUST_USE bool dtls_name_addresses_fit(struct dtls_bytes names);

#endif
