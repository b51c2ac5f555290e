/* SPDX-License-Identifier: MIT */
/* Values of options that are more than a flag or a file.  Each function reads
 * the value of the option that it is named after; a bad one ends the program
 * with status 2 and a line that names the option and the value. */
#ifndef NXDTLS_PROGRAMS_OPTION_VALUES_H
#define NXDTLS_PROGRAMS_OPTION_VALUES_H

#include "programs/endpoint_options.h"

/* option_hex reads bytes in hexadecimal, at most `room`, and returns their
 * number, or 0 if they are none, too many or something else. */
size_t option_hex(UCHAR *out, size_t room, const char *hex, size_t len);

void option_psk(struct options *o, const char *text);
void option_psk_text(struct options *o, const char *text);
void option_hint(struct options *o, const char *text);
void option_cipher(struct options *o, const char *text);
void option_mtu(struct options *o, const char *text);
void option_timeout(struct options *o, const char *text);
void option_idle_limit(struct options *o, const char *text);
void option_keepalive(struct options *o, const char *text);
void option_path_search(struct options *o, const char *text);
void option_life_limit(struct options *o, const char *text);
void option_fingerprint(struct options *o, const char *text);
void option_name(struct options *o, const char *text);
void option_staple(struct options *o, const char *text);
void option_srtp(struct options *o, const char *text);
void option_alpn(struct options *o, const char *text);
void option_max_fragment(struct options *o, const char *text);
void option_record_limit(struct options *o, const char *text);
void option_cid(struct options *o, const char *text);
void option_padding(struct options *o, const char *text);
void option_sessions(struct options *o, const char *text);
void option_cache(struct options *o, const char *text);
void option_send(struct options *o, const char *text);

void option_retries(struct options *o, const char *text);
void option_first_timeout(struct options *o, const char *text);

/* option_password reads the password in options.password_file. */
void option_password(struct options *o);

/* option_address reads HOST:PORT, which is no option.  It does not look a name
 * up (programs/find_host.h). */
void option_address(struct options *o, const char *text);

#endif
