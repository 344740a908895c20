/* SPDX-License-Identifier: MIT
 * book: see book.h */
#include "app/book.h"

#include <stdio.h>
#include <string.h>

#include "app/picture.h"
#include "app/school.h"
#include "app/session.h"

void book_init(Book *b, bool keep)
{
    if (!keep || !notes_path(b->notes.path))
        b->notes.path[0] = '\0';
}

void book_keep(App *a)
{
    Book *b = a->book;
    const Session *s = a->session;
    Note note = {.steps = session_row(s), .loss = session_now(s)->loss};
    Text scene = text_over(note.scene, sizeof note.scene);
    Error err = {0};
    b->due = false;
    scene_print(&s->scene, true, &scene);
    if (a->school->open || scene.full)
        return;
    snprintf(note.verdict, sizeof note.verdict, "%s",
             outcomes[a->picture->now.verdict.outcome].word);
    b->not_kept[0] = '\0';
    if (!notes_add(&b->notes, &note, &err))
        snprintf(b->not_kept, sizeof b->not_kept, "not on the disk: %.160s", err.message);
}
