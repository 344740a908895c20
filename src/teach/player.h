/* SPDX-License-Identifier: MIT
 * player: a lesson being played: a plain value and functions from events to requests. It draws
 * nothing and knows no keys; the stage shows player_look's strings and does what is asked.
 *
 * The stage, in order:
 *   Player *p = player_new(&course); player_recall(p, &record) for each row of the progress
 *   asks = player_open(p, lesson)                     begin or go on with a lesson
 *   asks = player_event(p, PLAYER_NEXT, 0)            for each key
 *   asks = player_follow(p, timeline, cursor, at_end) once a frame, before drawing
 *   player_look(p, timeline, cursor, &view)           what to show
 * and after each call: player_asks below. */
#ifndef ETA_TEACH_PLAYER_H
#define ETA_TEACH_PLAYER_H

#include "base/step_record.h"
#include "core/goal.h"
#include "teach/belief.h"
#include "teach/course.h"

typedef enum PlayerEvent {
    PLAYER_NEXT,     /* Enter: go on, lock the answer in */
    PLAYER_BACK,     /* the step before */
    PLAYER_SKIP,     /* the step after, unfinished */
    PLAYER_CHOOSE,   /* value: answer from 0 */
    PLAYER_NUMBER,   /* value: the number typed */
    PLAYER_HINT,     /* the next rung */
    PLAYER_FREE,     /* free play and back */
    PLAYER_CONTRAST, /* put the contrast scene of the feedback on the stage, as free play */
    PLAYER_TEST_OUT, /* try the last task and question first */
    PLAYER_AGAIN,    /* the step's scene anew */
    PLAYER_LEAVE,
    PLAYER_VOTE,     /* demonstrations: a vote for answer `value` from 0; < 0: one is taken back */
} PlayerEvent;

/* What the stage should do now; bits. */
typedef enum PlayerAsks {
    ASK_NOTHING = 0,
    ASK_LOAD = 1,   /* make player_scene() the run, cursor 0, paused; player_speed() */
    ASK_PLAY = 2,   /* and play it */
    ASK_PAUSE = 4,
    ASK_SAVE = 8,   /* player_unsaved() hands out what was finished */
    ASK_CLOSE = 16, /* the lesson is over or was left */
    ASK_REFUSE = 32, /* the event means nothing here; view.keys says what does */
} PlayerAsks;

enum { PLAYER_RECORDS = 1024, PLAYER_VOTES = 999 };

typedef struct Player {
    const Course *course; /* borrowed */
    int lesson;           /* index in the course */
    int step;
    PlayerPhase phase;
    bool free;            /* free play: the lesson waits */
    bool contrasting;     /* free play of the scene that confronts a wrong answer */
    bool testing;         /* testing out */
    bool opened;          /* a lesson, since the program began */
    bool resuming;        /* Enter passes over finished steps */
    int came_from;        /* step to return to from a failed test-out */
    /* the step */
    int chosen;           /* answer, -1: none */
    bool answered;
    double number;        /* typed */
    bool has_number;
    int wrong;            /* wrong answers or failed tries */
    int hints;            /* rungs asked for */
    bool offered;         /* a hint was offered unasked */
    bool saw_solution;
    int solution_run;     /* next run of the solution to show */
    bool met[STEP_GOALS];
    long spent;           /* gradient evaluations of earlier runs of this step */
    long furthest;        /* row reached in this one */
    unsigned long revision;
    bool missed;          /* this run ended without meeting the goal */
    bool ended;           /* the run has reached its end */
    bool broke_limit;
    char missed_text[400];
    const Lesson *asked_lesson; /* of a review question */
    bool asked_due;       /* ... that came back because it was missed */
    const Step *asked;    /* step whose question is asked (the step itself, but for a review) */
    Goal goal[STEP_GOALS];
    GoalState state[STEP_GOALS];
    Goal limit;
    GoalState limit_state;
    /* a class votes: answers in the order in which they were counted */
    unsigned char vote[PLAYER_VOTES];
    int votes;
    bool revealed;
    /* the stage */
    Scene base;           /* scene of the step */
    Scene scene;          /* the one asked for */
    Scene work;           /* scratch */
    bool has_scene;
    double speed;
    /* memory */
    StepRecord record[PLAYER_RECORDS];
    int records;
    int last;             /* record of the last finished step, -1 */
} Player;

Player *player_new(const Course *course); /* NULL: out of memory */
void player_free(Player *p);
void player_recall(Player *p, const StepRecord *record);

unsigned player_open(Player *p, int lesson); /* at the unfinished step after the last finished */
unsigned player_goto(Player *p, int lesson, int step);
unsigned player_event(Player *p, PlayerEvent e, double value);
/* Does the event mean anything now? If not it is refused: the footer does not name its key. */
bool player_heeds(const Player *p, PlayerEvent e);
/* `at_end`: the cursor stands at the last row and the run is done. */
unsigned player_follow(Player *p, const Timeline *t, long row, bool at_end);

/* What the wrong answer just given tells; NULL: nothing. */
const Belief *player_belief(const Player *p);
/* The scene that confronts it; false: none. */
bool player_contrast(const Player *p, char *id, size_t size);
const Scene *player_scene(const Player *p);
bool player_asks(const Player *p); /* a question is open */
/* A task is being tried: each change is a new try, from step 0. */
bool player_tries(const Player *p);
double player_speed(const Player *p);  /* 1: ten seconds a run; 0: step by key */
const StepRecord *player_record(const Player *p); /* of the step finished last; NULL: none */
/* The next record to keep (a review changes two, a test-out many), marked as kept; NULL: none. */
const StepRecord *player_unsaved(Player *p);
/* May the learner change this now? err says what is locked, in words for the status line. */
bool player_allows(const Player *p, SceneKey key, const char *value, size_t length, Error *err);
/* May the parameter take the focus? param NULL: the key itself. */
bool player_unlocks(const Player *p, SceneKey key, const char *param);
/* While a prediction is open the stage must not show the future: no lens, no ruler, no verdict. */
bool player_hides(const Player *p);
int player_lesson_stars(const Player *p, int lesson); /* 0 to 3 */
/* Does the step do its part for a star? 1: tasks are met, 2: questions right at the first try, 3:
 * tasks within par, without the solution. */
bool player_earns(const Player *p, int lesson, int step, int star);
int player_current(const Player *p);     /* the lesson to go on with */
int player_next_lesson(const Player *p); /* after this one: the next unfinished, or the next; -1 */
int player_steps_done(const Player *p, int lesson);
/* Done, but the text has changed since. */
bool player_revised(const Player *p, int lesson, int step);

enum { VIEW_CONDITIONS = 8 };

typedef struct ViewCondition {
    char text[96]; /* "loss < 0.01 by 60" */
    char now[32];
    bool met;
    bool nearest;  /* the failing one that is least away */
} ViewCondition;

typedef struct ViewAnswer {
    char text[240];
    bool chosen;
    int votes; /* of a class, once revealed */
    char mark; /* once answered: 'x' right, '-' chosen and wrong; else ' ' */
} ViewAnswer;

/* Everything to show, plain text. "" means: nothing there. */
typedef struct PlayerView {
    char place[128];    /* "3 Too high, four looks · step 2 of 9 · predict" */
    char title[128];
    char prose[1600];
    char ask[400];
    ViewAnswer answer[STEP_ANSWERS];
    int answers;
    bool wants_number;
    int votes;          /* of a class, all answers together */
    bool revealed;      /* they are shown by answer, as bars */
    char tally[80];     /* "12 votes, hidden" */
    ViewCondition condition[VIEW_CONDITIONS];
    int conditions;
    char limit[200];    /* "within: steps <= 100 and eta0 <= 1" */
    char locks[240];    /* "free: eta0; all else is locked" */
    char caption[240];  /* of the running step */
    char feedback[800]; /* of an answer, a success, a miss */
    char hint[500];     /* the rung revealed */
    char contrast[24];  /* scene that the feedback points at */
    char beside[24];    /* scene to show as a ghost */
    char keys[200];     /* what can be pressed */
    bool success;
    int stars;          /* of the lesson so far */
    int step, steps;    /* from 1 */
    bool revised;
} PlayerView;

void player_look(const Player *p, const Timeline *t, long row, PlayerView *out);

#endif
