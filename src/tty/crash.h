/* SPDX-License-Identifier: MIT
 * crash: the terminal is given back even when the program dies of a signal. */
#ifndef ETA_TTY_CRASH_H
#define ETA_TTY_CRASH_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

/* From now on, SIGSEGV and its kind write `restore`, set the modes and then take their course:
 * the exit status is the signal's. */
void crash_arm(int fd, const char *restore, size_t size, const struct termios *modes);
/* The terminal is not ours now (ended, suspended) or is again. */
void crash_active(bool ours);

#endif
