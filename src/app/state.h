/* SPDX-License-Identifier: MIT
 * state: the App's inside, for the files of app/ alone. */
#ifndef ETA_APP_STATE_H
#define ETA_APP_STATE_H

#include "app/app.h"
#include "core/goal.h"
#include "core/measure.h"
#include "core/named.h"
#include "core/timeline.h"
#include "view/curve.h"
#include "lab/ruler.h"
#include "view/field.h"
#include "view/hop.h"
#include "view/layout.h"
#include "view/panel.h"
#include "view/path.h"

enum {
    STATUS_SIZE = 480,
    PROMPT_SIZE = 1024,
    HISTORY = 64,
    UNDO = 48,
    UNDO_SIZE = 8192,  /* longest scene that undo keeps */
    FOCUS_MOST = 48,   /* parameters that Tab walks through */
    PINS = 3,
    TICKS_MOST = 64,
    CARD_CURVE_COLS = 40,
    CARD_CURVE_ROWS = 4,
};

typedef enum Mode {
    MODE_STAGE = 1,
    MODE_PLACE = 2,   /* arrows move the start */
    MODE_VIEW = 4,    /* arrows pan, + and - zoom */
    MODE_MENU = 8,    /* a list to choose from */
    MODE_HELP = 16,
    MODE_PROMPT = 32,
    MODE_FIND = 64,   /* the search for a rate */
    MODE_LESSON = 128,
} Mode;

/* What s, o and f choose from. */
/* What stands in the place of the loss curve. */
typedef enum Pane { PANE_LOSS, PANE_HOP } Pane;

typedef enum Kind { KIND_SCHEDULE, KIND_OPTIMIZER, KIND_SURFACE, KIND_SCENE, KIND_LESSON, KINDS } Kind;

/* A number that Tab reaches. */
typedef struct Focus {
    SceneKey key;      /* what the assignment is to */
    int param;         /* index in the descriptor's or the formula's parameters, -1: the key itself */
    const char *name;  /* borrowed from a table or the scene */
} Focus;

typedef struct Prompt {
    char text[PROMPT_SIZE];
    int length;        /* bytes */
    int cursor;        /* byte offset of the insertion point */
    char history[HISTORY][PROMPT_SIZE];
    int history_count; /* all ever; slot = index % HISTORY */
    int browsing;      /* steps back in the history, 0: the line being typed */
    char draft[PROMPT_SIZE];
    int complete_from; /* byte offset of the word being completed, -1: not completing */
    int complete_next; /* which candidate Tab shows next */
    char stem[PROMPT_SIZE]; /* the line before the cursor when completing began */
    char rest[PROMPT_SIZE]; /* and behind it */
    char usage[8][24]; /* words of a command's usage, for completion */
    char message[STATUS_SIZE]; /* error or hint under the prompt */
} Prompt;

typedef struct Menu {
    Kind kind;
    int selected;      /* index among all rows of the kind */
} Menu;

/* Lines of one run in the plots, with their caches. */
typedef struct Curves {
    Curve eta;
    Curve rate_x;      /* effective rates, on a scale of their own */
    Curve rate_y;
    Curve limit;
    Curve loss;
    Curve held_out;
    Curve batch;
} Curves;

/* Another run drawn faintly. */
typedef struct Ghost {
    Timeline *run;
    bool shown;
    long from;         /* first row at which it differs */
    Range range;       /* of its losses */
    char label[40];    /* of a pin: "A cosine 0.05" */
    Path path;
    Curves curves;
} Ghost;

/* A scene to come back to. */
typedef struct Before {
    char text[UNDO_SIZE];
    double cursor;     /* where the play head stood */
    bool restarted;    /* the change began a new run */
} Before;

struct App {
    Scene scene;
    Scene scratch;        /* the next scene while it is being made */
    Timeline *run;
    Ghost ghost;
    Ghost pin[PINS];      /* kept runs A, B, C; shown: in use */
    CriticalSet critical;
    struct Finder *finder; /* owned, made at first use */
    struct School *school; /* owned, made with the first lesson */
    struct School *ahead;  /* owned: its lessons while they are read ahead */
    bool ahead_done;
    bool no_save;
    char claim[400];      /* what textbooks say of this scene, beside the outcome */
    bool has_goal;
    Goal goal;
    GoalState goal_state; /* at the cursor */
    bool goal_met;
    Ruler ruler;
    bool ruler_stale;
    int border_way; /* a border is asked for: 1 above, -1 below; 0: none */
    Window window;        /* shown: the scene's, zoomed and panned */

    double cursor;        /* row at which the play head stands, fraction included */
    bool playing;
    double speed;         /* 1: the whole run in about ten seconds */
    bool ended_said;      /* the caption of the end stands */

    Mode mode;
    bool quit;
    Pane pane;
    bool lens;            /* the rest of the run is drawn faintly */
    bool apart;           /* the update taken apart is open */
    bool big;             /* big type */
    bool glossary;        /* help shows the glossary */
    bool card;            /* the card of what was last chosen is open */
    Kind card_kind;
    int pair;             /* 0-based prepared pair, -1: none */
    int side;             /* of the pair */
    const NamedScene *named; /* the scene's row while unchanged, or NULL */
    Vec2 place;           /* MODE_PLACE: the cross */
    int help_top;         /* first visible row of help */
    Mode prompt_mode;     /* the mode in which the prompt was opened */
    Mode menu_mode;       /* the mode to come back to from a menu */
    Mode help_mode;       /* the mode whose keys help shows */
    Word word;            /* scratch of the prompt's words */
    uint64_t random;      /* calls of R so far */
    int focus_count;
    const Schedule *focus_schedule; /* in force where the list was made */
    const Optimizer *focus_optimizer;
    Focus focus[FOCUS_MOST];
    int focused;          /* index, -1: none (arrows act on eta0) */
    Prompt prompt;
    Menu menu;

    char status[STATUS_SIZE];       /* what the last action did */
    char status_short[STATUS_SIZE]; /* the same for narrow screens */
    bool status_warns;
    char from[48];                  /* where the last change took effect: "from step 150" */

    Before undo[UNDO];        /* ring */
    int undo_count;           /* all ever */
    int undo_left;            /* how many can be undone */

    ThemeId theme;
    MapId map;
    ColorMode mode_colors;
    GlyphSet glyphs;
    GlyphSet glyphs_best;     /* what the output can show */
    bool ascii_only;
    Paint paint;

    int cols, rows;
    Layout layout;
    Field field;
    Loss field_loss;          /* what it shows; shares the run's program */
    Loss thin;                /* the run's loss over fewer rows; no data: not needed */
    Loss thin_held_out;
    bool show_held_out;       /* the map shows the held-out surface */
    long best_held_out;       /* row of the least held-out loss so far, -1: none */
    long best_seen;           /* rows looked at for it */
    unsigned long best_revision;
    char fit[200];            /* under- or overfitting in numbers, "" */
    Path path;
    Path lens_path;
    bool path_waits;          /* strokes of a long run are still missing */
    bool lens_waits;
    Hop hop;
    Verdict end_verdict;      /* at the last row, for the lens */
    unsigned long end_revision;
    Curves curves;
    Curve card_curve;         /* the rate's curve on the card */
    Range eta_range;
    Range loss_range;
    Range rate_range[2];      /* of the effective rates */
    Scale rate_scale;
    bool has_rates;           /* the optimizer has effective rates of its own */
    Scale eta_scale;
    Scale loss_scale;
    PlotTick ticks[TICKS_MOST]; /* steps worth a tick: edits, cuts, least held-out loss */
    int tick_count;
    int cut_count;            /* the first so many are edits and cuts of the rows seen */
    long ticks_seen;          /* rows looked at for cuts */
    unsigned long ticks_revision;
    bool has_held_out;
    bool has_batch;
    Range held_out_range;
    bool field_stopped;       /* the field has nothing to compute */
    bool field_stale;         /* the map must be sampled anew */

    Verdict verdict;          /* at verdict_row of verdict_revision, knowing verdict_known points */
    long verdict_row;         /* -1: none yet */
    unsigned long verdict_revision;
    int verdict_known;
    Update update;            /* the update of row verdict_row taken apart */
    bool dirty;               /* something visible changed since the last app_advance */
};

/* change.c: new scenes, edits, undo */
bool change_scene(App *a, const Scene *scene, Error *err);  /* plays it from step 0 */
bool change_assign(App *a, SceneKey key, const char *value, size_t length, Error *err);
/* Several assignments as one change (one undo, one ghost). */
typedef struct Assignment {
    SceneKey key;
    const char *value;
    size_t length;
} Assignment;
bool change_assign_all(App *a, const Assignment *list, int count, Error *err);
bool change_undo(App *a);
void change_window(App *a, Window w);
void surface_ready(App *a); /* critical points, window and map of a new surface */

/* say.c: the status line */
void say(App *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
void say_short(App *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
void say_chosen(App *a); /* what a typed surface got by default */
void say_warn(App *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* play.c */
void play_seek(App *a, double row);
long play_row(const App *a);
long play_last(const App *a);
double play_rate(const App *a); /* rows per second at the present speed */

/* focus.c */
void focus_build(App *a);
void focus_follow(App *a); /* the cursor may have crossed an edit: build it again */
bool focus_adjust(App *a, int steps, bool fine, Error *err);
double preferred(double v, int steps, bool fine); /* next preferred number */
double focus_value(const App *a, const Focus *f);
void focus_show(const App *a, const Focus *f, char out[NUMBER_TEXT]); /* its value */
void focus_describe(const App *a, const Focus *f, char *out, size_t size); /* unit, bounds, meaning */

/* choose.c: schedules, optimizers, surfaces, scenes as lists */
int kind_count(const App *a, Kind k);
const char *kind_name(const App *a, Kind k, int index);
const char *kind_title(const App *a, Kind k, int index);
const char *kind_word(Kind k); /* "schedule" */
bool kind_core(Kind k, int index);
int kind_current(const App *a, Kind k); /* -1: a typed one */
bool kind_choose(App *a, Kind k, int index, Error *err);

/* prompt.c, complete.c */
void prompt_open(App *a, const char *text);
void prompt_key(App *a, uint32_t key);
/* k-th candidate for the word that begins at *from; NULL past the last. */
const char *complete_word(App *a, const char *line, int k, int *from);

/* keymap.c */
typedef struct Binding {
    unsigned modes;      /* Mode bits */
    uint32_t key;
    const char *line;    /* command line */
    const char *label;   /* for the footer, NULL: not there */
    int priority;        /* in the footer: 1 first; 0: never */
} Binding;
extern const Binding bindings[]; /* ends with line == NULL */
const Binding *binding_find(unsigned mode, uint32_t key);
void key_name(uint32_t key, char out[16]);

/* command.c */
typedef struct Command {
    const char *name;
    const char *args;   /* usage of the arguments, "" if none */
    const char *group;  /* heading in help */
    const char *help;   /* one line */
    bool (*run)(App *a, const char *args, Error *err);
} Command;
extern const Command commands[]; /* ends with name == NULL */
const Command *command_find(const char *name, size_t length);

/* instrument.c: ruler, hop, lens, update taken apart */
void refresh_instrument(App *a);
Vec2 update_step(const App *a); /* what the coming update subtracts from the point */
bool ruler_shown(const App *a);
bool advance_ruler(App *a);
bool pin_toggle(App *a);
void pin_label(const Timeline *t, int index, char *out, size_t size);
void ruler_jump(App *a, int way); /* to the next border: in the next advance_border */
bool advance_border(App *a);
const char *ruler_letter(Outcome o, int which, int minima, char out[2]);

/* fit.c: losses over data */
void refresh_fit(App *a);
const Loss *map_loss(const App *a, bool held_out); /* what the map samples, thinned where needed */
void fit_release(App *a);
void fit_ready(App *a); /* after another loss */

/* finder.c: everything but start and release is for MODE_FIND */
typedef struct Finder Finder;
bool finder_start(App *a, const char *name, Error *err);
void finder_release(App *a);
bool finder_flip(App *a, Error *err);
bool finder_advance(App *a);
bool finder_waits(const App *a);
void finder_move(App *a, int dx, int dy);
bool finder_take(App *a, Error *err);
void refresh_finder(App *a);
void draw_finder(const App *a, Canvas *c);

/* school.c */
typedef struct School School;
bool school_open(App *a, const char *file, Error *err);
/* One lesson a call while there is nothing else to do, so that the key that asks need not wait. */
bool school_reads_ahead(const App *a);
void school_read_ahead(App *a);
void school_release(App *a);
bool school_active(const App *a);
bool school_free(const App *a);  /* free play */
bool school_hides(const App *a); /* a prediction is open: no look into the future */
bool school_asks(const App *a);  /* a question is open */
bool school_tries(const App *a); /* a task is being tried: changes begin it anew */
int school_count(const App *a);
const char *school_id(const App *a, int index);
const char *school_title(const App *a, int index);
void school_line(const App *a, int index, char *out, size_t size); /* stars, steps, minutes */
bool school_is(const App *a, int index, const char *word); /* its id or its number */
int school_current(const App *a);
bool school_start(App *a, int lesson, Error *err); /* -1: the user's own file */
bool school_reset(App *a, const char *which, Error *err);
bool school_event(App *a, const char *args, Error *err);
void school_follow(App *a);
bool school_allows(const App *a, const Assignment *list, int count, Error *err);
bool school_allows_scene(const App *a, Error *err);
bool school_unlocks(const App *a, const Focus *f);
void draw_lesson(const App *a, Canvas *c);

/* goals.c */
void refresh_goal(App *a);
void draw_goal(const App *a, Canvas *c, Rect r); /* one row */

/* draw.c and friends */
void draw_apart(const App *a, Canvas *c);
void draw_ruler(const App *a, Canvas *c);
void draw_big(const App *a, Canvas *c);
Role outcome_role(Outcome o);
const char *outcome_mark(Outcome o);
void outcome_text(const Verdict *v, char *out, size_t size); /* "★ settled at the global minimum" */
void draw_map(const App *a, Canvas *c);
void draw_header(const App *a, Canvas *c);
void draw_status(const App *a, Canvas *c);
void draw_footer(const App *a, Canvas *c);
void draw_stage(const App *a, Canvas *c);
void draw_overlay(const App *a, Canvas *c);
bool glossary_scene(const App *a, char *id, size_t size); /* of the chosen entry */
int help_rows(const App *a); /* rows of the help of a->help_mode */

#endif
