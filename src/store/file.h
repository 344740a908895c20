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

/* Make the folders that lead to a file. */
bool file_folders(const char *path, Error *err);

#endif
