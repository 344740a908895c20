/* SPDX-License-Identifier: MIT
 * progress: what a learner has finished: one plain file, one line a step.
 *
 *     too-high will-it-arrive done first tries=1 hints=0 sum=89f1c0d2a4b3e577 date=2026-11-21
 *
 * Saving locks, reads what is there, merges and renames a whole new file into place: a crash or a
 * full disk leaves the old file, a second terminal loses nothing. What was put stays in memory
 * until it is on the disk. */
#ifndef ETA_STORE_PROGRESS_H
#define ETA_STORE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

enum { PROGRESS_ID = 64, PROGRESS_PATH = 1024, PROGRESS_ROWS = 4096 };

typedef struct ProgressRow {
    char lesson[PROGRESS_ID];
    char step[PROGRESS_ID];
    uint64_t checksum; /* of the step's text when it was finished */
    bool done;
    bool first;        /* right at the first try */
    bool par;          /* within par, without the solution */
    int tries;
    int hints;
    int due;           /* lesson in which the question returns, 0: never */
    int interval;
    char date[11];     /* "2026-11-21", "" unknown */
    bool changed;      /* not on the disk yet */
    bool removed;      /* reset, and not on the disk yet */
} ProgressRow;

typedef struct Progress {
    char path[PROGRESS_PATH]; /* "": nothing is kept */
    ProgressRow *row;         /* owned */
    int count;
    int room;
    char *other;              /* lines of a newer program, kept as they are; owned; may be NULL */
} Progress;

/* $XDG_STATE_HOME/etascope/progress, else ~/.local/state/...; false: there is no home. */
bool progress_path(char out[PROGRESS_PATH]);
/* Read a file; one that is not there is empty. path NULL: keep nothing (--no-save). false: it
 * cannot be read (then nothing will be written over it either). */
bool progress_open(Progress *p, const char *path, Error *err);
void progress_close(Progress *p);

const ProgressRow *progress_find(const Progress *p, const char *lesson, const char *step);
/* Remember a step; false: out of memory. Nothing finished is ever taken back by this. */
bool progress_put(Progress *p, const ProgressRow *row);
/* Forget a lesson (NULL: all); returns how many steps. */
int progress_reset(Progress *p, const char *lesson);
/* Merge with the file and replace it. On failure everything stays to be saved by the next call. */
bool progress_save(Progress *p, Error *err);

#endif
