/* SPDX-License-Identifier: MIT
 * tables: every schedule and every optimizer as the frameworks write them. */
#ifndef ETA_CODE_TABLES_H
#define ETA_CODE_TABLES_H

#include "code/pattern.h"
#include "core/optimizer.h"

typedef enum Framework {
    IN_TORCH,
    IN_KERAS,
    IN_OPTAX,
    IN_TIMM,         /* these two use PyTorch's optimizers, and its schedulers */
    IN_TRANSFORMERS, /* where they have none of their own */
    FRAMEWORKS,
} Framework;

/* A text that is exact where `fits` says so (NULL: always). */
typedef struct Shape {
    const char *text;
    bool (*fits)(const Holes *h);
    bool warms;        /* the linear warm-up is in it */
    const char *after; /* one sentence: what it does otherwise past the run's end; NULL: nothing */
} Shape;

enum { SHAPES = 5 };

typedef struct ScheduleCode {
    const char *name;         /* of schedules[] */
    Shape formula[SHAPES];    /* the rate at u; the last one fits what is left; none: plateau */
    Shape own[FRAMEWORKS][2]; /* the framework's class or function */
    bool joins;               /* PyTorch's SequentialLR can put a warm-up before its class */
    const char
        *differs[FRAMEWORKS]; /* one sentence: why its own is another rule; NULL: it is not */
} ScheduleCode;

const ScheduleCode *schedule_code(const Schedule *s);
/* The first of `count` shapes that fits (and warms, if asked); NULL: none. */
const Shape *shape_find(const Shape *shapes, int count, bool warms, const Holes *h);
/* The rate is eta0 and nothing else. */
bool schedule_is_flat(const Rate *r);

enum { ANY_CONVENTION = -1 };

/* How one family of frameworks writes an optimizer. */
typedef struct OptimizerText {
    const char *text;
    const char *differs; /* one sentence: why it is another rule; NULL: the same */
    int convention;      /* of momentum, for which it is the same; ANY_CONVENTION: no matter */
} OptimizerText;

typedef struct OptimizerCode {
    const char *name;    /* of optimizers[] */
    OptimizerText in[3]; /* by IN_TORCH, IN_KERAS, IN_OPTAX */
    const char *group;   /* its parameters as keywords of a parameter group, for edits */
    const char *by_hand; /* PyTorch, where momentum is not its own: the class Momentum */
} OptimizerCode;

const OptimizerCode *optimizer_code(const Optimizer *o);
/* Is the framework's text the same rule at these parameters? */
bool optimizer_same(const OptimizerText *in, const Optimizer *o, const double *param);

#endif
