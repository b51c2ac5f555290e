/* SPDX-License-Identifier: MIT */
/* In a coverage build the program nxdtls, which becomes another one for most
 * of its commands (execv), writes its counters before: they would end with it.
 */
#include <unistd.h>

int __llvm_profile_write_file(void); /* of the compiler's runtime */
int __real_execv(const char *path, char *const argv[]);
int __wrap_execv(const char *path, char *const argv[]);

int __wrap_execv(const char *path, char *const argv[])
{
    (void)__llvm_profile_write_file();
    return __real_execv(path, argv);
}
