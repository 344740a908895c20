/* SPDX-License-Identifier: MIT
 * step_kind: see step_kind.h */
#include "teach/step_kind.h"

#include <string.h>

#include "base/words.h"

#define DOING "use beside goal limit hint solution fails par fragile easy"
#define DOING_NEEDS "use goal limit hint solution fails par why"

const StepKind step_kinds[] = {
    {"read", "one idea in prose", "show beside", "prose", PHASE_READ, .doing = false},
    {"watch", "a run with timed captions", "run beside at", "run at", PHASE_RUN, .demo = true},
    {"predict", "a question locked in before the run that answers it",
     "show run beside at ask number", "ask run", PHASE_ASK, .asks = true, .predicts = true, .demo = true},
    {"do", "a goal on the live run", DOING, DOING_NEEDS, PHASE_TRY, .doing = true},
    {"find", "a goal whose answer is a measured number", DOING, DOING_NEEDS, PHASE_TRY,
     .doing = true},
    {"explain", "a question without a run", "show beside ask number", "ask", PHASE_ASK,
     .asks = true},
    {"review", "a question of an earlier lesson", "from", "from", PHASE_ASK, .reviews = true},
    {NULL, NULL, NULL, NULL, PHASE_END, .doing = false},
};

const StepKind *step_kind_find(const char *name, size_t length)
{
    for (const StepKind *k = step_kinds; k->name; k++)
        if (word_is(name, length, k->name))
            return k;
    return NULL;
}

bool step_kind_lists(const char *words, const char *directive)
{
    for (size_t n = 0; *words; words += n + (words[n] == ' ')) {
        n = strcspn(words, " ");
        if (word_is(words, n, directive))
            return true;
    }
    return false;
}
