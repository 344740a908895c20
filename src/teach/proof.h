/* SPDX-License-Identifier: MIT
 * proof: what must be true of a lesson before a learner meets it (lessons/README.md, "What is
 * proved"). Deterministic: the same lesson gives the same lines everywhere. */
#ifndef ETA_TEACH_PROOF_H
#define ETA_TEACH_PROOF_H

#include "teach/course.h"

/* A rule: what `etascope check` asks of a step. An error that it finds ends in "[id]". */
struct Prover;
typedef struct ProofRule {
    const char *id;
    const char *text; /* for authors, a line */
    bool doing;       /* of steps with a goal only */
    bool (*prove)(struct Prover *p); /* false: the rules behind it have nothing to stand on */
} ProofRule;
extern const ProofRule proof_rules[]; /* ends with id == NULL */

typedef struct ProofSink {
    void *ctx;
    void (*say)(void *ctx, const char *line); /* findings, one line each; NULL: none wanted */
    ErrorList *list;                          /* what does not hold */
} ProofSink;

/* Prove one step (-1: all) of a lesson. false: something was added to the errors. */
bool proof_lesson(const Lesson *l, int step, const ProofSink *sink);
/* Claims of the table that no lesson reaches and claims.txt does not quote. */
void proof_claims(const Course *c, ErrorList *list);

#endif
