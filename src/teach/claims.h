/* SPDX-License-Identifier: MIT
 * claims: "textbooks say / this run says": sentences of course texts beside the outcome of a run.
 * Data in lessons/claims.txt. */
#ifndef ETA_TEACH_CLAIMS_H
#define ETA_TEACH_CLAIMS_H

#include <stdbool.h>

#include "base/text.h"
#include "core/timeline.h"

enum { CLAIM_SCENES = 12 };

typedef enum ClaimVerdict { CLAIM_HOLDS, CLAIM_HALF, CLAIM_FAILS, CLAIM_QUOTED } ClaimVerdict;

typedef struct Claim {
    int number;           /* of the table, 1 to 54 */
    const char *says;     /* the textbook's sentence */
    const char *scenes;   /* ids it bears on, "A5 A7" */
    const char *holds;    /* goal language; "" : never by itself */
    const char *half;     /* ... if this holds instead */
    const char *counter;  /* scene of the counter-example, "" if none */
    const char *nuance;   /* what to see there */
    const char *seen;     /* what makes that true at its end, in the goal language */
    bool quoted;          /* not testable here */
} Claim;

int claim_count(void);
const Claim *claim_row(int index);
/* The first claim that bears on a named scene; NULL: none. */
const Claim *claim_of(const char *scene_id);
ClaimVerdict claim_verdict(const Claim *c, const Timeline *t);
/* At the end of a run of a named scene: one line. false: nothing to say.
 *   Textbooks say: a rate that is too high diverges. Holds here. But see A8 (digit 4): ... */
bool claim_for(const char *scene_id, const Timeline *t, Text *out);
/* "says: sentence [not testable here]" for a quoted claim. */
void claim_quote(const Claim *c, Text *out);

#endif
