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

#include "base/error.h"
#include "base/step_record.h"
#include "store/file.h"

enum { PROGRESS_PATH = HOME_PATH, PROGRESS_ROWS = 4096 };

typedef struct Progress {
    char path[PROGRESS_PATH]; /* "": nothing is kept */
    StepRecord *row;         /* owned */
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

const StepRecord *progress_find(const Progress *p, const char *lesson, const char *step);
/* Remember a step, as of today where it has no date; false: out of memory. Nothing finished is ever
 * taken back by this. */
bool progress_put(Progress *p, const StepRecord *row);
/* Forget a lesson (NULL: all); returns how many steps. */
int progress_reset(Progress *p, const char *lesson);
/* Merge with the file and replace it. On failure everything stays to be saved by the next call. */
bool progress_save(Progress *p, Error *err);

#endif
