/* SPDX-License-Identifier: MIT
 * fuzz_goal: any text as a goal. What is refused says where; what is accepted is the same when asked
 * forwards, backwards and afresh, and stays met where it says so. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/goal.h"
#include "core/named.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

long fuzz_events;
const size_t fuzz_size = 14;

enum { TEXT_MOST = 1 << 12, ROWS = 61, RUNS = 3 };

static char text[TEXT_MOST];
static Timeline *run[RUNS]; /* made once: the goals differ, not the runs */

static const char *const pieces[] = {
    "loss", "x", "y", "tail", "best", "peak", "sign_changes_x", "flipy", "rises", "held_out", "valbest", "eta_end", "eta", "eta0", "steps", "evals",
    "t", "T", "lambda", "start", "reached_0_01", "cuts", "diverged", "visited", "best_snapshot", "eta_jump", "settled", "schedule", "family",
    "optimizer", "surface", "outcome", "constant", "cyclical", "adam", "global_minimum", "bowl20", " < ", " > ", " <= ", " >= ",
    " == ", " and ", " or ", " not ", "always: ", "by 30: ", "at 20: ", " by 10", " by 61", "at end: ", "seeds 1..5: ", "seeds 9..3: ", "(",
    ")", "abs(", "inf", "0.01", "1", "-", " + ", " * ", " / ", "2", "1e999", "by ", ":", " ", "..", "99999999999", "η", "\xff", "\n"};

static void make_text(const uint8_t *data, size_t size)
{
    size_t used = 0;
    bool raw = size > 0 && data[0] % 4 == 0;
    for (size_t i = 1; i < size; i++) {
        const char one[2] = {(char)data[i], '\0'};
        const char *piece = raw ? one : pieces[data[i] % (sizeof pieces / sizeof pieces[0])];
        /* comparisons are rare by chance: every third piece begins one */
        if (used + strlen(piece) + 20 > sizeof text)
            break;
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", piece,
                                 !raw && data[0] % 4 >= 2 && i % 3 == 0 ? (data[i] & 128 ? " < 1 and " : " > 0.5 or ") : "");
    }
    text[used] = '\0';
    if (!raw && data && size && data[0] % 4 >= 2 && used + 10 < sizeof text)
        memcpy(text + used, "loss < 1", 9);
}

static void fault(const char *what, const char *detail)
{
    fprintf(stderr, "fuzz_goal: %s: %s\n%s\n", what, detail, text);
    abort();
}

static void make_runs(void)
{
    static const char *const ids[RUNS] = {"A3", "A5", "C3"};
    Scene *scene = malloc(sizeof *scene);
    Error err = {0};
    for (int i = 0; i < RUNS; i++) {
        const NamedScene *row = named_find(ids[i], strlen(ids[i]));
        run[i] = timeline_new();
        if (!row || !named_load(row, scene, &err) || !timeline_set(run[i], scene, &err))
            fault("a scene is missing", ids[i]);
        timeline_advance(run[i], ROWS);
    }
    free(scene);
}

static void check_conditions(const GoalState *s, long row)
{
    GoalCondition c[GOAL_CONDITIONS];
    int count = goal_conditions(s, c, GOAL_CONDITIONS);
    if (count < 1 || count > GOAL_CONDITIONS)
        fault("a goal without conditions", "");
    for (int i = 0; i < count; i++) {
        if (c[i].length < 1 || c[i].text < s->goal->text || c[i].text + c[i].length > s->goal->text + strlen(s->goal->text))
            fault("a condition stands outside its goal", "");
        if ((c[i].is != NULL) != (c[i].wanted != NULL) || c[i].away < 0 || (c[i].met && c[i].away > 0))
            fault("a condition contradicts itself", c[i].text);
    }
    int nearest = goal_nearest(c, count);
    if (nearest >= count || (nearest >= 0 && c[nearest].met))
        fault("the nearest condition is met or none", "");
    fuzz_events += row >= 0;
}

static void check_run(const Goal *g, const Timeline *t)
{
    GoalState *s = malloc(sizeof *s);
    GoalState *back = malloc(sizeof *back);
    bool met[ROWS];
    long rows = timeline_ready(t) < ROWS ? timeline_ready(t) : ROWS;
    bool was = false;
    goal_start(s, g, NULL);
    goal_start(back, g, NULL);
    for (long row = 0; row < rows; row++) {
        met[row] = goal_follow(s, t, row);
        check_conditions(s, row);
        if (was && !met[row] && goal_stays(g))
            fault("met, and not met any more", g->text);
        was = met[row];
    }
    for (long row = rows - 1; row >= 0; row -= 7)
        if (goal_follow(back, t, row) != met[row])
            fault("another answer backwards", g->text);
    if (goal_met(g, t, rows - 1) != met[rows - 1])
        fault("another answer afresh", g->text);
    free(s);
    free(back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Goal g;
    static Goal again;
    Error err = {0};
    if (!run[0])
        make_runs();
    make_text(data, size);
    memset(&g, 0, sizeof g);
    if (!goal_parse(&g, text, &err)) {
        if (!err.message[0] || strchr(err.message, '\n'))
            fault("refused without a word, or with a line end in it", err.message);
        if (err.line != 1 || err.column < 1 || err.column > (long)strlen(text) + 1)
            fault("refused nowhere", err.message);
        return 0;
    }
    if (g.count < 1 || g.count > GOAL_NODES || strcmp(g.text, text) != 0)
        fault("parsed to something else", g.text);
    if (!goal_parse(&again, g.text, &err) || again.count != g.count || again.seeded != g.seeded || again.follows != g.follows)
        fault("its own text reads otherwise", g.text);
    for (int i = 0; i < RUNS; i++)
        check_run(&g, run[i]);
    return 0;
}
