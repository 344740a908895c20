/* SPDX-License-Identifier: MIT
 * race: the runners as a table under the map, with the numbers of the play head; at the end of the
 * run those of `etascope race`. The stage's keys go on working. */
#include <string.h>

#include "app/bindings.h"
#include "app/line.h"
#include "app/look.h"
#include "app/panes.h"
#include "app/picture.h"
#include "app/say.h"
#include "app/school.h"
#include "app/session.h"
#include "app/views.h"
#include "base/words.h"
#include "lab/race.h"

enum {
    ROWS_A_CALL = 20000, /* counted */
    ROWS_LONG = 2000,    /* of a run whose verdict is not asked for at every row */
    WORDS_LEAST = 22,    /* cells for a runner's words */
    FAIRNESS_SIZE = 320,
};

/* The word for a runner at a row. */
typedef struct LastWord {
    long row; /* -1: none yet */
    int known; /* points */
    Outcome outcome;
} LastWord;

typedef struct RaceView {
    RaceTable table;
    RaceGround ground;
    RaceCount count[SCENE_RUNNERS];
    LastWord word[SCENE_RUNNERS];
    unsigned long revision[SCENE_RUNNERS];
    char words[SCENE_RUNNERS][RACE_WORDS];
    char fairness[FAIRNESS_SIZE];
    bool warns;
    bool waits;   /* rows are not counted yet */
    bool hides;   /* nothing is told of what is to come */
    RaceColumn by;
    bool falling;
} RaceView;

static const Binding own_keys[] = {
    {'1', "race schedules", "schedules", 3, 0, "race five schedules against a constant rate"},
    {'2', "race optimizers", "optimizers", 3, 0, "race optimizers at the surface's rates"},
    {'3', "race rates", "rates", 3, 0, "race this η₀ with its tenth to its tenfold"},
    {'4', "race seeds", "seeds", 3, 0, "race six seeds"},
    {'n', "sort next", "sort", 2, 0, "sort by the next column"},
    {'N', "sort previous", NULL, 0, 0, NULL},
    {'d', "sort reverse", "turn round", 4, 0, "the other way round"},
    {'w', "close", "stage", 4, 0, "close the race"},
    {KEYCODE_ESCAPE, "close", NULL, 0, 0, NULL},
    {.line = NULL},
};

static const Binding *const keys[] = {own_keys, NULL};

static RaceView *race_of(const App *a)
{
    return view_memory(a, &view_race);
}

/* ---- counting ---- */

/* Another set of runs: their words, the terms they have, and everything counted anew. */
static void line_up(RaceView *v, const Session *s)
{
    RaceTerms terms[SCENE_RUNNERS] = {0};
    Text fairness = text_over(v->fairness, sizeof v->fairness);
    v->table = (RaceTable){.runners = scene_runners(&s->scene), .seeds = 1};
    race_ground_start(&v->ground, session_run(s));
    for (int i = 0; i < v->table.runners; i++) {
        const Timeline *run = s->track[i].run;
        Text words = text_over(v->words[i], sizeof v->words[i]);
        race_count_start(&v->count[i]);
        v->word[i].row = -1;
        for (int k = 0; k < RACE_COLUMNS; k++)
            v->table.row[i].value[k] = NAN;
        terms[i] = terms[0];
        if (s->track[i].shown) {
            race_words(&s->scene, run, i, !v->hides, &words);
            race_terms(run, &terms[i]);
        } else {
            text_add(&words, "cannot run");
        }
    }
    v->warns = !v->hides && race_fairness(terms, v->table.runners, 1, &fairness);
    if (v->hides)
        text_add(&fairness, "what is to come is hidden");
}

static bool lined_up(RaceView *v, const Session *s, bool hides)
{
    bool same = v->table.runners == scene_runners(&s->scene) && v->hides == hides;
    v->hides = hides;
    for (int i = 0; i < scene_runners(&s->scene); i++) {
        unsigned long revision = timeline_revision(s->track[i].run);
        same = same && v->revision[i] == revision;
        v->revision[i] = revision;
    }
    return same;
}

/* The row of runner i that may be told: that of the play head, and at A's end its own end. */
static long row_told(const App *a, int i, bool *whole)
{
    const Session *s = a->session;
    const Timeline *run = s->track[i].run;
    long last = timeline_ready(run) - 1;
    *whole = !race_of(a)->hides && timeline_done(session_run(s)) &&
             session_row(s) >= session_last(s);
    return *whole || session_row(s) > last ? last : session_row(s);
}

/* In a long run only at every hundredth of it, and at the last row: a word holds that long. */
static Outcome word_at(LastWord *w, const Session *s, int i, long row)
{
    const Timeline *run = s->track[i].run;
    long steps = timeline_steps(run);
    long stride = steps < ROWS_LONG ? 1 : steps / 100;
    row -= row < timeline_ready(run) - 1 ? row % stride : 0;
    Verdict verdict;
    CriticalSet own;
    if (w->row == row && w->known == s->critical.count)
        return w->outcome;
    critical_start(&own);
    verdict_at(run, row, timeline_window(run), critical_known(&s->critical, &own, run, row),
               &verdict);
    *w = (LastWord){row, s->critical.count, verdict.outcome};
    return w->outcome;
}

/* The word on the screen for A, its own for the others. */
static Outcome word_of(const App *a, RaceView *v, int i)
{
    const Now *now = &a->picture->now;
    long row = v->count[i].row;
    return i == TRACK_RUN && now->row == row ? now->verdict.outcome
                                             : word_at(&v->word[i], a->session, i, row);
}

static void fill_row(const App *a, RaceView *v, int i, bool whole)
{
    const Session *s = a->session;
    RaceRow *row = &v->table.row[i];
    const Timeline *run = s->track[i].run;
    long all = whole ? timeline_steps(run) : session_row(s);
    if (v->count[i].row < 0)
        return;
    race_count_row(&v->count[i], run, all, row);
    row->value[RACE_RUNNER] = row->value[RACE_SCENE] = i;
    row->value[RACE_VERDICT] = v->hides ? NAN : (double)word_of(a, v, i);
}

/* Frame, heading, a row a runner, fairness. */
static int rows_wanted(const App *a)
{
    const RaceView *v = race_of(a);
    int words = wrap_rows(v->fairness, a->look->cols > 8 ? a->look->cols - 4 : 4);
    return 3 + v->table.runners + (words > 2 ? 2 : words);
}

/* As many rows as there are runners to tell of, whatever lies over it. */
static void make_room(App *a)
{
    if (a->look->table_rows == rows_wanted(a))
        return;
    a->look->table_rows = rows_wanted(a);
    a->changed |= CHANGED_SIZE;
    follow(a);
    picture_refresh(a->picture, a->session, a->look, gate_hides(a->gate));
}

static void race_refresh(App *a)
{
    RaceView *v = race_of(a);
    const Session *s = a->session;
    long budget = ROWS_A_CALL;
    if (!lined_up(v, s, gate_hides(a->gate)))
        line_up(v, s);
    make_room(a);
    if (race_ground_advance(&v->ground, session_run(s), &s->critical)) {
        v->waits = true;
        return;
    }
    v->waits = false;
    v->table.to = race_threshold(&v->ground, session_run(s));
    for (int i = 0; i < v->table.runners; i++) {
        bool whole;
        if (!s->track[i].shown)
            continue;
        long row = row_told(a, i, &whole);
        budget = race_count_to(&v->count[i], &v->ground, s->track[i].run, v->table.to, row, budget);
        v->waits = v->waits || v->count[i].row < row;
        fill_row(a, v, i, whole);
    }
    race_set_delta(&v->table);
}

/* A lesson's own steps have digits of their own, and no room: the race is for free play. */
static bool out_of_place(const App *a)
{
    return a->school->open && !school_free(a->school);
}

static bool race_waits(const App *a)
{
    return race_of(a)->waits || out_of_place(a);
}

static void leave(App *a)
{
    a->look->table_rows = 0;
    a->changed |= CHANGED_SIZE;
    view_remove(a, &view_race);
    follow(a);
}

static bool race_key(App *a, uint32_t key)
{
    (void)key;
    if (out_of_place(a))
        leave(a);
    return false; /* whoever has the keys now */
}

static bool race_advance_view(App *a)
{
    bool more = race_waits(a);
    if (out_of_place(a)) {
        leave(a);
        return true;
    }
    a->dirty = a->dirty || more;
    return more;
}

/* ---- coming and going ---- */

static bool race_open(App *a, const char *args, Error *err)
{
    RaceView *v = race_of(a);
    (void)args;
    if (out_of_place(a))
        return error_set(err, 1, 1, "the race is for free play: f");
    v->table.runners = 0; /* nothing is lined up */
    race_refresh(a);
    say(a, v->table.runners > 1 ? "the race: %d runners, n sorts, w closes it"
                                : "%d runner: 1 races schedules, 2 optimizers, 3 rates, 4 seeds",
        v->table.runners);
    return true;
}

static bool race_close(App *a)
{
    a->look->table_rows = 0;
    a->changed |= CHANGED_SIZE;
    follow(a);
    return view_back(a);
}

/* A preset instead of the runners there are: played from step 0. */
static bool install(App *a, const RacePreset *p, Error *err)
{
    Session *s = a->session;
    if (!race_preset(p, &s->scene, &s->scratch, err) ||
        !changed(a, session_scene(s, a->gate, &s->scratch, err)))
        return false;
    s->track[TRACK_GHOST].shown = false; /* A stands for it */
    say(a, "%s: %s, from step 0; u brings the old runners back", p->name, p->text);
    say_short(a, "%s, from step 0", p->text);
    return true;
}

static bool run_race(App *a, const char *args, Error *err)
{
    const RacePreset *p = race_preset_find(args, strlen(args));
    if (*args && !p)
        return bad_argument(err, args, "schedules, optimizers, rates or seeds");
    bool open = p && view_depth(a->views, &view_race) > 0;
    return (open || view_open(a, view_race.name, "", err)) && (!p || install(a, p, err));
}

/* ---- sorting ---- */

static Rect inside(const App *a)
{
    Rect in = rect_inside(a->look->layout.table);
    return (Rect){in.col + 1, in.row, in.cols - 2, in.rows};
}

static void columns(const App *a, int by, int cells[RACE_COLUMNS], int *words)
{
    const RaceView *v = race_of(a);
    int widest = 8;
    for (int i = 0; i < v->table.runners; i++)
        widest = text_cols(v->words[i]) > widest ? text_cols(v->words[i]) : widest;
    *words = race_layout(&v->table, inside(a).cols - 3, widest < WORDS_LEAST ? widest : WORDS_LEAST,
                         by, cells);
}

/* The next of those in sight. */
static RaceColumn next_column(const App *a, RaceColumn from, int way)
{
    int cells[RACE_COLUMNS];
    int words;
    int k = (int)from;
    columns(a, -1, cells, &words);
    do
        k = (k + way + RACE_COLUMNS) % RACE_COLUMNS;
    while (k != RACE_RUNNER && !cells[k]);
    return (RaceColumn)k;
}

static bool run_sort(App *a, const char *args, Error *err)
{
    RaceView *v = race_of(a);
    int way = way_argument(args);
    int column = race_column_find(args, strlen(args));
    if (view_depth(a->views, &view_race) < 0)
        return error_set(err, 1, 1, "no race is open: w opens it");
    if (way)
        v->by = next_column(a, v->by, way);
    else if (column >= 0)
        v->by = (RaceColumn)column;
    else if (strcmp(args, "reverse") != 0)
        return bad_argument(err, args, "next, previous, reverse or a column");
    v->falling = !way && column < 0 && !v->falling;
    say(a, "sorted by %s, %s", race_columns[v->by].name,
        v->by == RACE_RUNNER    ? v->falling ? "A last" : "A first"
        : v->by == RACE_VERDICT ? v->falling ? "worst first" : "best first"
        : v->falling            ? "highest first"
                                : "lowest first");
    return true;
}

/* ---- drawing ---- */

static void draw_cell(const App *a, Canvas *c, int col, int row, int cells, const char *text,
                      Role role, bool right)
{
    int pad = right && text_cols(text) < cells ? cells - text_cols(text) : 0;
    panel_text(c, col + pad, row, cells - pad, text, role, &a->look->paint);
}

static void draw_head(const App *a, Canvas *c, Rect in, const int cells[RACE_COLUMNS], int words)
{
    const RaceView *v = race_of(a);
    const char *mark = v->falling ? "↓" : "↑";
    int col = in.col + 3 + words;
    char text[48];
    snprintf(text, sizeof text, "runner%s", v->by == RACE_RUNNER ? mark : "");
    draw_cell(a, c, in.col + 3, in.row, words, text, v->by == RACE_RUNNER ? ROLE_ACCENT : ROLE_DIM,
              false);
    for (int k = RACE_VERDICT; k < RACE_COLUMNS; k++) {
        bool sorted = k == (int)v->by;
        if (!cells[k])
            continue;
        snprintf(text, sizeof text, "%s%s", race_columns[k].title, sorted ? mark : "");
        draw_cell(a, c, col + 2, in.row, cells[k], text, sorted ? ROLE_ACCENT : ROLE_DIM,
                  k != RACE_VERDICT);
        col += cells[k] + 2;
    }
}

/* From the words to their numbers, where they are far apart. */
static void draw_leader(const App *a, Canvas *c, int row, int from, int to)
{
    for (int col = from + from % 2; to - from >= 6 && col < to; col += 2)
        panel_text(c, col, row, 1, "·", ROLE_DIM, &a->look->paint);
}

static void draw_runner(const App *a, Canvas *c, Rect in, int i, const int cells[RACE_COLUMNS],
                        int words)
{
    const RaceView *v = race_of(a);
    const double *value = v->table.row[i].value;
    char text[64] = {(char)('A' + i), '\0'};
    int col = in.col + 3 + words;
    panel_text(c, in.col, in.row, 1, text, track_styles[i].role, &a->look->paint);
    draw_cell(a, c, in.col + 3, in.row, words, v->words[i],
              i ? track_styles[i].role : ROLE_TEXT, false);
    draw_leader(a, c, in.row, in.col + 5 + text_cols(v->words[i]), col);
    for (int k = RACE_VERDICT; k < RACE_COLUMNS; k++) {
        Text t = text_over(text, sizeof text);
        if (!cells[k])
            continue;
        race_cell(&v->table, i, (RaceColumn)k, &t);
        bool verdict = k == RACE_VERDICT && !isnan(value[k]);
        draw_cell(a, c, col + 2, in.row, cells[k], text,
                  verdict ? outcome_role((Outcome)value[k]) : ROLE_TEXT, k != RACE_VERDICT);
        col += cells[k] + 2;
    }
}

static void draw_rows(const App *a, Canvas *c, Rect in)
{
    const RaceView *v = race_of(a);
    int cells[RACE_COLUMNS];
    int order[SCENE_RUNNERS];
    int words;
    columns(a, (int)v->by, cells, &words);
    race_order(&v->table, v->by, v->falling, order);
    draw_head(a, c, in, cells, words);
    for (int i = 0; i < v->table.runners && i + 1 < in.rows; i++)
        draw_runner(a, c, (Rect){in.col, in.row + 1 + i, in.cols, 1}, order[i], cells, words);
    int used = 1 + v->table.runners;
    if (used < in.rows)
        panel_wrap(c, (Rect){in.col, in.row + used, in.cols, in.rows - used}, v->fairness,
                   v->warns ? ROLE_WARN : ROLE_DIM, &a->look->paint);
}

static void race_draw(const App *a, Canvas *c)
{
    const RaceView *v = race_of(a);
    Rect r = a->look->layout.table;
    Rect in = inside(a);
    char note[64];
    char number[NUMBER_TEXT];
    if (r.rows < 3 || r.cols < 8)
        return;
    number_show(number, v->table.to, 3);
    snprintf(note, sizeof note, "to: loss ≤ %s", number);
    canvas_fill(c, r, ' ', a->look->paint.role[ROLE_TEXT], a->look->paint.role[ROLE_BACK]);
    panel_frame(c, r, "race", v->waits ? "" : note, &a->look->paint);
    if (gate_holds(a->gate))
        panel_text(c, in.col, in.row, in.cols, "first your prediction", ROLE_DIM, &a->look->paint);
    else if (!v->waits)
        draw_rows(a, c, in);
}

static const Command commands[] = {
    {"race", "[schedules|optimizers|rates|seeds]", "instrument",
     "the runners side by side as a table, or a set of them", run_race, COMMAND_PLAYS,
     NULL},
    {"sort", "next|previous|reverse|COLUMN", "instrument", "sort the race by a column", run_sort, 0,
     NULL},
    {.name = NULL},
};

const View view_race = {
    .name = "race",
    .title = "the race",
    .help = "the runners as a table, with the stage's keys",
    .order = 12,
    .flags = VIEW_OVER | VIEW_PASSES | VIEW_STAGE,
    .memory = sizeof(RaceView),
    .keys = keys,
    .commands = commands,
    .open = race_open,
    .close = race_close,
    .key = race_key,
    .advance = race_advance_view,
    .waits = race_waits,
    .refresh = race_refresh,
    .draw = race_draw,
};
