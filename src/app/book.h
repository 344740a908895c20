/* SPDX-License-Identifier: MIT
 * book: the notebook: a run that has come to its end is kept with what it came to. */
#ifndef ETA_APP_BOOK_H
#define ETA_APP_BOOK_H

#include "app/parts.h"
#include "store/notes.h"

typedef struct Book {
    Notes notes;
    bool due;           /* the run on the stage is not in it yet */
    char not_kept[200]; /* why the file cannot be written, "": it can */
} Book;

void book_init(Book *b, bool keep);
/* The run has ended: keep it, unless a lesson is open or it is longer than a note. */
void book_keep(App *a);

#endif
