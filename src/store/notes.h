/* SPDX-License-Identifier: MIT
 * notes: the last runs that came to their end: one plain file, one line a run.
 *
 *     2026-11-25<tab>400<tab>0.00031<tab>global minimum<tab>surface=...; at 120 eta0=0.2
 *
 * A line is added under a lock, as a whole or not at all, in bounded time and without allocating: a
 * frame may do it. A crash leaves at most a piece without a line end, which is no run and goes with
 * the next line. Reading takes in what other terminals have added, and shortens a long file. */
#ifndef ETA_STORE_NOTES_H
#define ETA_STORE_NOTES_H

#include "store/file.h"

enum { NOTES = 40, NOTE_SCENE = 3072, NOTE_WORD = 40, NOTE_DATE = 11 };

typedef struct Note {
    char date[NOTE_DATE];    /* "2026-11-25" */
    long steps;              /* its last row */
    double loss;             /* there; may be inf or nan */
    char verdict[NOTE_WORD]; /* "global minimum" */
    char scene[NOTE_SCENE];  /* one line, with its runners */
} Note;

typedef struct Notes {
    char path[HOME_PATH]; /* "": nothing is kept on the disk */
    int count;
    Note row[NOTES]; /* the newest first, each scene once */
} Notes;

/* $XDG_STATE_HOME/etascope/notebook, else ~/.local/state/...; false: there is no home. */
bool notes_path(char out[HOME_PATH]);
/* Take in what the file has, in place of what is in memory; without a path nothing happens. false:
 * it cannot be read, and is left alone from now on. */
bool notes_read(Notes *n, Error *err);
/* A run, as of today where it has no date; the same scene moves to the front. It is in memory even
 * where it cannot be put on the disk (false). */
bool notes_add(Notes *n, const Note *note, Error *err);

#endif
