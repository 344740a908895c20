/* SPDX-License-Identifier: MIT
 * step_record: what is remembered of a step that a learner has worked on: the player makes it, the
 * progress file keeps it. */
#ifndef ETA_BASE_STEP_RECORD_H
#define ETA_BASE_STEP_RECORD_H

#include <stdbool.h>
#include <stdint.h>

enum { RECORD_ID = 64 };

typedef struct StepRecord {
    char lesson[RECORD_ID];
    char step[RECORD_ID];
    uint64_t checksum; /* of the step's text when it was finished */
    bool done;
    bool first;        /* right at the first try; a prediction: committed */
    bool par;          /* within par, without the solution */
    int tries;
    int hints;
    int due;           /* number of the lesson in which the question returns, 0: never */
    int interval;      /* 1, 3, 7 lessons */
    char date[11];     /* "2026-11-21", "" unknown */
    bool changed;      /* not handed on yet: by the player to the file, by the file to the disk */
    bool removed;      /* reset, and not on the disk yet */
} StepRecord;

#endif
