/* SPDX-License-Identifier: MIT
 * school: the lessons there are and what a learner has finished of them: course, player and
 * progress file. What a lesson does to the stage: view/lesson.c. */
#ifndef ETA_APP_SCHOOL_H
#define ETA_APP_SCHOOL_H

#include "app/gate.h"
#include "app/parts.h"
#include "base/text.h"
#include "store/podium.h"
#include "store/progress.h"
#include "teach/player.h"

typedef struct School {
    Course course;
    Player *player;  /* owned; NULL until the lessons are opened */
    PlayerView view; /* what is to be shown of it */
    Progress progress;
    bool no_save;       /* keep no progress */
    bool read;          /* the course is complete, or cannot be */
    bool big_before;    /* big type, as it was before a demonstration asked for it */
    bool open;          /* a lesson is on the stage, or waits behind free play */
    int own;            /* index of the user's own file, -1: none */
    char not_kept[200]; /* why progress cannot be kept, "": it can */
    ErrorList errors;
    Podium told; /* where the demonstration stands, as the second terminal knows it */
} School;

void school_init(School *s, bool no_save);
void school_release(School *s);
/* One lesson a call while there is nothing else to do, so that the key that asks need not wait. */
void school_read_ahead(School *s);
/* Ready to play; `file`: a lesson file of the user's own that joins the course, or NULL. */
bool school_open(School *s, const char *file, Error *err);
bool school_demo(const School *s); /* a demonstration is open: its arrows are the speaker's */
void school_tell(School *s); /* the second terminal, where a demonstration stands now */
void school_untell(School *s); /* ... that it is over */
bool school_free(const School *s); /* a lesson waits behind free play */

int school_count(const School *s); /* lessons and demonstrations; 0 before school_open */
int school_lessons(const School *s); /* lessons alone */
const char *school_id(const School *s, int index);
const char *school_title(const School *s, int index);
void school_line(const School *s, int index, Text *out); /* stars or "demo", steps, minutes */
int school_find(const School *s, const char *word);      /* id or number; -1: none */
int school_current(const School *s);                     /* the lesson to go on with */
/* Keep what the player has finished; false: err says why it is not on the disk (yet). */
bool school_save(School *s, Error *err);
/* Forget a lesson or "all": returns the number of steps, -1: err. */
int school_reset(School *s, const char *id, Error *err);

/* What the open lesson permits. */
extern const GateRules school_rules;

#endif
