/* SPDX-License-Identifier: MIT
 * embed: files of assets/ and lessons/ built into the program (by tools of the build, see
 * src/base/embed_gen.c and the Makefile). Contents are terminated; borrowed for ever. */
#ifndef ETA_BASE_EMBED_H
#define ETA_BASE_EMBED_H

#include <stddef.h>

typedef struct Embedded {
    const char *name;  /* "surfaces.txt", "lessons/01-one-step.lesson" */
    const char *text;
    size_t size;       /* bytes, terminator not counted */
} Embedded;

extern const Embedded embedded_files[]; /* ends with name == NULL */
const Embedded *embedded_find(const char *name); /* NULL: none */

#endif
