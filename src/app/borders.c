/* SPDX-License-Identifier: MIT
 * borders: see borders.h */
#include "app/borders.h"

#include <math.h>
#include <string.h>

#include "app/say.h"

enum {
    RULER_AT_ONCE = 2000, /* steps of a run whose whole ruler may be computed for a key */
    RULER_SLICE = 2000,   /* rows a call: a third of a millisecond */
};

/* The settings in force at the cursor, as a run of their own from step 0. */
static void start(App *a)
{
    Session *s = a->session;
    Borders *b = a->borders;
    Rate rate = *timeline_rate(session_run(s), session_row(s));
    scene_of_runner(&s->scene, 0, &s->scratch);
    scene_fold(&s->scratch, session_row(s));
    ruler_start(&b->ruler, &s->scratch, session_run(s), &rate, timeline_window(session_run(s)),
                &s->critical);
    b->stale = false;
}

bool borders_advance(App *a)
{
    Borders *b = a->borders;
    if (b->stale && a->session->critical.done) {
        start(a);
        a->dirty = true;
    }
    if (!b->ruler.usable || b->ruler.done == RULER_CELLS)
        return false;
    bool more = ruler_advance(&b->ruler, RULER_SLICE);
    a->dirty = true;
    return more;
}

bool borders_wait(const Borders *b)
{
    return b->stale || (b->ruler.usable && b->ruler.done < RULER_CELLS);
}

const char *ruler_letter(Outcome o, int which, int minima, char out[2])
{
    out[0] = outcomes[o].letter;
    if (o == OUTCOME_LOCAL_MINIMUM && minima > 2 && which >= 0)
        out[0] = (char)(which < 9 ? '1' + which : '+');
    out[1] = '\0';
    return out;
}

/* On its way when the run ends. */
static bool is_short(Outcome o)
{
    return o == OUTCOME_MOVING || o == OUTCOME_SLOW || o == OUTCOME_FROZEN;
}

static const char *border_words(Outcome from, Outcome to)
{
    if (to == OUTCOME_GLOBAL_MINIMUM)
        return outcomes[from].gone            ? "it holds"
               : is_short(from) ? "it arrives"
                                        : "it frees itself";
    if (outcomes[to].gone)
        return "it diverges";
    if (is_short(to))
        return "it is too slow";
    return "it ends elsewhere";
}

/* Short runs are finished on the spot, so that a held key does not stutter. */
static void finish(App *a)
{
    Borders *b = a->borders;
    bool brief = timeline_steps(session_run(a->session)) <= RULER_AT_ONCE;
    if (!b->stale && !brief)
        return;
    for (int k = 0; k < RULER_CELLS && borders_advance(a); k++)
        if (brief)
            ruler_advance(&b->ruler, RULER_AT_ONCE * RULER_CELLS);
}

static bool jump(App *a, int way, Error *err)
{
    Session *s = a->session;
    const Ruler *u = &a->borders->ruler;
    double eta0 = timeline_rate(session_run(s), session_row(s))->eta0;
    double rate;
    Outcome outcome;
    int which;
    char number[NUMBER_TEXT];
    finish(a);
    int at = ruler_cell(u, eta0);
    if (at < 0 || u->done < RULER_CELLS) {
        say_warn(a, at < 0 ? "there is no ruler for this scene" : "the ruler is not finished yet");
        return true;
    }
    Outcome here = u->outcome[at];
    if (!ruler_border(&a->borders->ruler, eta0, way, &rate, &outcome, &which)) {
        say_warn(a, "no border %s: this scene ends the same way", way > 0 ? "above" : "below");
        return true;
    }
    s->playing = false;
    session_seek(s, (double)session_last(s)); /* the ruler speaks of whole runs: begin one */
    if (!set_eta0(a, rate, err))
        return false;
    number_print(number, rate);
    say(a, "%s %s %s: %s", border_words(here, outcome), way > 0 ? "from η₀" : "down from η₀",
        number, outcomes[outcome].word);
    return true;
}

bool borders_jump(App *a)
{
    Error err = {0};
    int way = a->borders->way;
    a->borders->way = 0;
    if (way && !jump(a, way, &err))
        say_warn(a, "%s", err.message);
    return way != 0;
}

static bool run_border(App *a, const char *args, Error *err)
{
    int way = way_argument(args);
    if (!way)
        return bad_argument(err, args, "next or previous");
    a->borders->way = way;
    say(a, "looking for the border %s η₀", way > 0 ? "above" : "below");
    return true;
}

const Command border_commands[] = {
    {"border", "next|previous", "instrument", "jump to the next border of the ruler", run_border,
     COMMAND_FUTURE, NULL},
    {.name = NULL},
};
