/* SPDX-License-Identifier: MIT
 * session: the scene, its runs, the play head and undo: the only thing that changes a run. Verbs
 * return CHANGED_ bits (0: refused, err says why) and call nothing upward. */
#ifndef ETA_APP_SESSION_H
#define ETA_APP_SESSION_H

#include "app/command.h"
#include "app/gate.h"
#include "app/parts.h"
#include "core/verdict.h"
#include "core/named.h"
#include "core/timeline.h"

enum {
    UNDO = 48,
    UNDO_SIZE = 8192,     /* longest scene that undo keeps */
    ROWS_AT_ONCE = 20000, /* longer runs grow in app_advance: some 3 ms a call */
    TRACK_RUN = 0,               /* the run under the keys: runner A */
    TRACK_GHOST = SCENE_RUNNERS, /* the run that the last change replaced, or a contrast */
    TRACKS,                      /* between them: runners B to F, at their index in the scene */
};

/* A run on the stage: a scene and its rows. Pictures of it: picture.h, at the same index. */
typedef struct Track {
    Timeline *run; /* owned; holds its plain scene */
    bool shown;
    char label[120]; /* of a further runner: "B schedule=cosine eta0=0.6": what differs from A */
} Track;

/* A scene to come back to. */
typedef struct Before {
    char text[UNDO_SIZE];
    double cursor;  /* where the play head stood */
    bool restarted; /* the change began a new run */
} Before;

typedef struct History {
    Before ring[UNDO];
    int count; /* all ever; slot = index % UNDO */
    int left;  /* how many can be undone */
} History;

/* What the digits show. */
typedef struct Pairs {
    bool own;        /* a file of the user's own: */
    Pair row[PAIRS];
    char *text;      /* owned: what the rows point into */
} Pairs;

typedef struct Session {
    Scene scene;
    Scene scratch; /* the next scene while it is being made */
    Scene plain;   /* scratch: one runner's */
    Track track[TRACKS];
    CriticalSet critical; /* of the scene's loss */
    Window window;        /* shown: the scene's, zoomed and panned */
    double cursor;        /* row at which the play head stands, fraction included */
    bool playing;
    double speed;            /* 1: the whole run in about ten seconds */
    Pairs pairs;
    int pair;                /* 0-based prepared pair, -1: none */
    int side;                /* of the pair */
    const NamedScene *named; /* the scene's row while unchanged, or NULL */
    uint64_t randoms;        /* random starts so far */
    char from[48];           /* where the last change took effect: "from step 150" */
    long same_rows;          /* of the last change: rows up to it are the old run's; -1: none is */
    unsigned long same_revision; /* the old run's revision */
    History history;
} Session;

bool session_init(Session *s); /* false: out of memory */
void session_release(Session *s);

static inline Timeline *session_run(const Session *s)
{
    return s->track[TRACK_RUN].run;
}

long session_row(const Session *s);  /* under the play head */
long session_last(const Session *s); /* last row the run can have */
const Row *session_now(const Session *s);
/* T as it is known at the play head: edits to come may change it. */
long session_steps_known(const Session *s);
double session_pace(const Session *s); /* rows a second at the present speed */
void session_seek(Session *s, double row);

static inline const Pair *session_pair(const Session *s, int index)
{
    return s->pairs.own ? &s->pairs.row[index] : pair_row(index);
}
/* Digits that show what a text says, in the format of assets/pairs.txt. `text` (of malloc) is the
 * session's from here on. */
bool session_own_pairs(Session *s, char *text, Error *err);

/* The very first scene: nothing to remember. */
bool session_begin(Session *s, const Scene *scene, Error *err);
/* Another scene, played from step 0. gate NULL: a lesson's own. `scene` may be &s->scratch. */
unsigned session_scene(Session *s, const Gate *gate, const Scene *scene, Error *err);
/* Assignments at the cursor as one change (one undo, one ghost): they bend the run inside it, and
 * begin it anew at its start and its end. */
unsigned session_assign(Session *s, const Gate *gate, const Assignment *list, int count,
                        Error *err);
unsigned session_set(Session *s, const Gate *gate, SceneKey key, const char *value, size_t length,
                     Error *err);
/* Lines of the scene grammar, "at 120 eta0=0.2" or "vs schedule=cosine", are added to the scene. */
unsigned session_add_lines(Session *s, const Gate *gate, const char *lines, Error *err);
/* eta0, and in the same ratio the schedule's other rates. */
unsigned session_set_eta0(Session *s, const Gate *gate, double eta0, Error *err);
unsigned session_undo(Session *s);
unsigned session_zoom(Session *s, Window w);
/* A named scene; one that a digit shows stays a pair. */
unsigned session_named(Session *s, const Gate *gate, const NamedScene *named, Error *err);
/* Keep this run as a further runner, whatever A becomes; or let it go if it is kept already.
 * Returns its index, -index: let go; 0: refused, err says why. */
int session_pin(Session *s, Error *err);
void session_unpin(Session *s);
/* A further runner like this plain scene, on the same loss. */
bool session_add_runner(Session *s, const Scene *like, Error *err);
/* The ghost shows this plain scene. */
bool session_contrast(Session *s, const Scene *scene, Error *err);

/* ---- for verbs: a change and what is said of it ---- */

/* Take the bits of a change; true unless it was refused. */
bool changed(App *a, unsigned bits);
/* What a surface of the user's own got by default. */
void say_chosen(App *a);
bool set_eta0(App *a, double eta0, Error *err); /* and say so */
bool set_start(App *a, Vec2 p, Error *err);

/* play, step, seek, restart, speed, eta0, data, start, zoom, ghost, pin, unpin, undo, ... */
extern const Command session_commands[];

#endif
