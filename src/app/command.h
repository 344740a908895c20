/* SPDX-License-Identifier: MIT
 * command: what a verb is. Each lives in the file of what it acts on, in a table of that file; the
 * verbs of a view stand in the view's file. line.h runs them. */
#ifndef ETA_APP_COMMAND_H
#define ETA_APP_COMMAND_H

#include "app/parts.h"
#include "base/error.h"

enum { LINE_SIZE = 1024 }; /* longest command line */

enum {
    COMMAND_FUTURE = 1, /* tells what is to come: closed while one predicts */
    COMMAND_PLAYS = 4,  /* plays or walks: closed while a lesson's question is open */
    COMMAND_CHOICE = 2, /* an open card stays */
};

typedef struct Command {
    const char *name;
    const char *args;  /* usage of the arguments, "" if none */
    const char *group; /* heading in help */
    const char *help;  /* one line, for people who press the key */
    bool (*run)(App *a, const char *args, Error *err);
    unsigned flags;           /* COMMAND_ bits */
    const char *const *words; /* names that the argument may be, NULL-terminated; or NULL */
} Command;

/* "'x' is not EXPECTED" or "an argument is missing"; false. */
bool bad_argument(Error *err, const char *args, const char *expected);
bool whole_argument(const char *args, long *out, Error *err);
int way_argument(const char *args); /* next: 1, previous: -1, anything else: 0 */
/* "next" or one of the NULL-terminated `names`: moves *now. */
bool pick_argument(const char *args, const char *const *names, int *now, Error *err);

#endif
