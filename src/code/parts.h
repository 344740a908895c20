/* SPDX-License-Identifier: MIT
 * parts (private): what the dialects share. */
#ifndef ETA_CODE_PARTS_H
#define ETA_CODE_PARTS_H

#include "code/tables.h"
#include "core/timeline.h"

/* A text that grows until it is taken: parts are written before what they need is known. */
typedef struct Sheet {
    FILE *out; /* NULL: out of memory */
    char *text;
    size_t size;
} Sheet;

bool sheet_open(Sheet *s);
void sheet_close(Sheet *s, FILE *onto); /* append it to `onto` (NULL: nowhere), and free it */

/* The schedule of one stretch between edits. */
typedef struct Piece {
    const Rate *rate;
    const Choice *choice; /* its words: of a typed schedule, the formula and its parameters */
    double last;          /* the largest u that is asked for */
} Piece;

/* The schedule's words in force at `step`: the edits once more, as the run takes them. */
void schedule_words(const Scene *s, long step, Choice *out);
/* The run's segments, the first one that in force at row 0: edits at step 0 are settings of the
 * start. NULL behind the last. */
const Segment *run_segment(const Timeline *t, int index);

Holes piece_holes(const Piece *p, PyStyle style);
/* A function of the step t: def NAME(t), with the warm-up. Not for plateau. */
bool put_rate_function(FILE *out, const char *name, const Piece *p, unsigned *uses, Error *err);

/* "# etascope 0.1.0 scene: ..." */
void put_scene_line(FILE *out, const Timeline *t);
/* An optimizer's pattern at its values; `lr` and `p` as pattern.h says. */
void put_optimizer(FILE *out, const char *pattern, const Optimizer *o, const double *param,
                   const char *lr, const char *p);
/* Length of the name that a pattern begins with: up to '('. */
int call_name(const char *pattern);

bool write_pytorch(FILE *out, const Timeline *t, Error *err);
bool write_keras(FILE *out, const Timeline *t, Error *err);
bool write_optax(FILE *out, const Timeline *t, Error *err);
bool write_timm(FILE *out, const Timeline *t, Error *err);
bool write_transformers(FILE *out, const Timeline *t, Error *err);

#endif
