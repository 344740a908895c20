/* SPDX-License-Identifier: MIT
 * step_kind: the kinds of steps that a lesson is made of, one row a kind. Reader, player, proof and
 * panel ask the columns; a new kind is a new row. */
#ifndef ETA_TEACH_STEP_KIND_H
#define ETA_TEACH_STEP_KIND_H

#include <stdbool.h>
#include <stddef.h>

typedef enum PlayerPhase {
    PHASE_READ,   /* prose */
    PHASE_ASK,    /* a question is open */
    PHASE_RUN,    /* a run plays: at once, or after a prediction was locked in */
    PHASE_TRY,    /* the learner works on a goal */
    PHASE_SHOWN,  /* the solution plays */
    PHASE_DONE,   /* finished: feedback or success, waits for a key */
    PHASE_END,    /* the lesson's last page */
} PlayerPhase;

typedef struct StepKind {
    const char *name;   /* "predict" */
    const char *text;   /* for authors, a line */
    const char *takes;  /* directives, beside those of every kind; blanks between */
    const char *needs;  /* directives that must be there, and "prose" */
    PlayerPhase begins; /* PHASE_READ, _ASK, _RUN or _TRY: then the learner works on goals */
    bool asks;          /* has a question of its own, with answers or a number */
    bool predicts;      /* the run answers it: locked in once, right or wrong; until then the stage
                           shows nothing of the future */
    bool reviews;       /* asks a question of an earlier lesson, once */
    bool demo;          /* may stand in a demonstration */
    bool doing;         /* the learner works on goals (PHASE_TRY): proved by all rules */
} StepKind;

extern const StepKind step_kinds[]; /* ends with name == NULL */

const StepKind *step_kind_find(const char *name, size_t length); /* NULL: none */
/* Is the directive one of the words in `takes` or `needs`? */
bool step_kind_lists(const char *words, const char *directive);

#endif
