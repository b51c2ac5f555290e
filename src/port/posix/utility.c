/* SPDX-License-Identifier: MIT */
/* utility.c: the helpers for strings and numbers that add-ons of NetX Duo
 * call. */

#include "port.h"

/* _nx_utility_string_length_check gives the length of a string in bytes.  It
 * reads at most max_string_length + 1 of them and returns NX_SIZE_ERROR for a
 * longer string. */
UINT _nx_utility_string_length_check(CHAR *input_string, UINT *string_length,
                                     UINT max_string_length)
{
    UINT len = 0;

    if (input_string == NULL) {
        return NX_PTR_ERROR;
    }
    while (input_string[len] != '\0') {
        if (len == max_string_length) {
            return NX_SIZE_ERROR;
        }
        len++;
    }
    if (string_length != NULL) {
        *string_length = len;
    }
    return NX_SUCCESS;
}

/* _nx_utility_string_to_uint reads decimal digits.  It returns NX_SIZE_ERROR
 * for no digit, NX_INVALID_PARAMETERS for any other character, NX_OVERFLOW for
 * a number of more than 32 bits; `*number` is then unchanged. */
UINT _nx_utility_string_to_uint(CHAR *input_string, UINT string_length,
                                UINT *number)
{
    uint64_t value = 0;
    UINT i;

    if (input_string == NULL || number == NULL) {
        return NX_PTR_ERROR;
    }
    if (string_length == 0) {
        return NX_SIZE_ERROR;
    }
    for (i = 0; i < string_length; i++) {
        if (input_string[i] < '0' || input_string[i] > '9') {
            return NX_INVALID_PARAMETERS;
        }
        value = 10 * value + (uint64_t)(input_string[i] - '0');
        if (value > UINT32_MAX) {
            return NX_OVERFLOW;
        }
    }
    *number = (UINT)value;
    return NX_SUCCESS;
}

/* _nx_utility_uint_to_string writes a number in a base from 2 to 16, with
 * small letters and a NUL.  It returns the number of characters, or 0 if they
 * do not fit. */
UINT _nx_utility_uint_to_string(UINT number, UINT base, CHAR *string_buffer,
                                UINT string_buffer_size)
{
    CHAR digits[32];
    UINT len = 0;
    UINT i;

    if (string_buffer == NULL || base < 2 || base > 16) {
        return 0;
    }
    do {
        digits[len++] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number != 0);
    if (len >= string_buffer_size) {
        return 0;
    }
    for (i = 0; i < len; i++) {
        string_buffer[i] = digits[len - 1 - i];
    }
    string_buffer[len] = '\0';
    return len;
}
