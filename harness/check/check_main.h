/* SPDX-License-Identifier: MIT */
/* The subcommand `check` of nxdtls-lab. */
#ifndef CHECK_CHECK_MAIN_H
#define CHECK_CHECK_MAIN_H

/* check_main returns the exit status. */
int check_main(int argc, char **argv);

#endif
