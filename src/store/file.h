/* SPDX-License-Identifier: MIT
 * file: whole files in and out. */
#ifndef ETA_STORE_FILE_H
#define ETA_STORE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Read a file ("-": standard input) of at most `most` bytes; *text is terminated and owned by the
 * caller (free). Errors name the file: unreadable, a directory, too large, a NUL byte in it. */
bool file_read(const char *path, size_t most, char **text, size_t *size, Error *err);

/* Write a file so that it is either the old one or the whole new one: a temporary file in the same
 * folder, flushed, renamed. */
bool file_write(const char *path, const char *text, size_t size, Error *err);

enum { HOME_PATH = 1024 };

/* Where a file of this program belongs: under $VARIABLE where that is an absolute folder, else
 * under the folder `fallback` of the home, as XDG has it. false: there is no home, or the name is
 * too long. */
bool home_path(char out[HOME_PATH], const char *variable, const char *fallback, const char *name);
/* A name as a person gives it: `~/` is the home; a relative one is in `folder` (NULL: where the
 * program runs). false: too long. */
bool file_place(char out[HOME_PATH], const char *folder, const char *name);
/* The folders above a file, as far as they lack. */
bool folders_make(const char *path, Error *err);
/* An advisory lock beside the file, so that two terminals do not read the same old file. A second
 * is waited for; a hung holder must not stop anybody, so then it goes on without. Closing the
 * descriptor unlocks; -1: there is none. */
int file_lock(const char *path);

#endif
