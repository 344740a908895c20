/* SPDX-License-Identifier: MIT
 * prompt: what the ':' line remembers; for tests, which look at it as people do. */
#ifndef ETA_APP_VIEW_PROMPT_H
#define ETA_APP_VIEW_PROMPT_H

#include "app/command.h"

enum { HISTORY = 64, MESSAGE_SIZE = 480 };

typedef struct Prompt {
    char text[LINE_SIZE];
    int length; /* bytes */
    int cursor; /* byte offset of the insertion point */
    char history[HISTORY][LINE_SIZE];
    int history_count; /* all ever; slot = index % HISTORY */
    int browsing;      /* steps back in the history, 0: the line being typed */
    char draft[LINE_SIZE];
    bool completing;
    int candidate;              /* which one Tab shows next */
    char stem[LINE_SIZE];       /* the line before the cursor when completing began */
    char rest[LINE_SIZE];       /* and behind it */
    char message[MESSAGE_SIZE]; /* error or hint under the prompt */
} Prompt;

Prompt *prompt_of(const App *a);

#endif
