/* SPDX-License-Identifier: MIT
 * instrument: the ruler, pins, the hop, the lens and the update taken apart: what follows from the
 * run at the cursor, kept up to date in app_advance. */
#include <math.h>
#include <string.h>

#include "app/state.h"

enum {
    RULER_AT_ONCE = 2000, /* steps of a run whose whole ruler may be computed for a key */
    RULER_SLICE = 2000,   /* rows a call: a third of a millisecond */
};

/* ---- ruler -------------------------------------------------------------------------------------- */

/* The settings in force at the cursor, as a run of their own from step 0. */
static void ruler_scene(App *a)
{
    long row = play_row(a);
    scene_copy(&a->scratch, &a->scene);
    scene_fold(&a->scratch, row);
}

bool ruler_shown(const App *a)
{
    return a->layout.ruler.rows > 0 || a->mode == MODE_FIND;
}

bool advance_ruler(App *a)
{
    if (!ruler_shown(a))
        return false;
    if (a->ruler_stale && a->critical.done) {
        ruler_scene(a);
        Rate rate = *timeline_rate(a->run, play_row(a));
        ruler_start(&a->ruler, &a->scratch, a->run, &rate, timeline_window(a->run), &a->critical);
        a->ruler_stale = false;
        a->dirty = true;
    }
    if (!a->ruler.usable || a->ruler.done == RULER_CELLS)
        return false;
    bool more = ruler_advance(&a->ruler, RULER_SLICE);
    a->dirty = true;
    return more;
}

const char *ruler_letter(Outcome o, int which, int minima, char out[2])
{
    static const char letters[] = {
        [OUTCOME_MOVING] = 's',      [OUTCOME_OSCILLATING] = 'o', [OUTCOME_GLOBAL_MINIMUM] = 'G',
        [OUTCOME_LOCAL_MINIMUM] = 'L', [OUTCOME_SADDLE] = 'S',    [OUTCOME_VALLEY] = 'V',
        [OUTCOME_PLATEAU] = 'P',     [OUTCOME_DIVERGING] = 'x',   [OUTCOME_DIVERGED] = 'x',
        [OUTCOME_UNDEFINED] = '?',
    };
    out[0] = letters[o];
    if (o == OUTCOME_LOCAL_MINIMUM && minima > 2 && which >= 0)
        out[0] = (char)(which < 9 ? '1' + which : '+');
    out[1] = '\0';
    return out;
}

static bool is_gone(Outcome o)
{
    return o == OUTCOME_DIVERGED || o == OUTCOME_DIVERGING || o == OUTCOME_UNDEFINED;
}

static const char *border_words(Outcome from, Outcome to)
{
    if (to == OUTCOME_GLOBAL_MINIMUM)
        return is_gone(from) ? "it holds" : from == OUTCOME_MOVING ? "it arrives" : "it frees itself";
    if (is_gone(to))
        return "it diverges";
    if (to == OUTCOME_MOVING)
        return "it is too slow";
    return "it ends elsewhere";
}

static bool jump(App *a, int way, Error *err)
{
    const Rate *r = timeline_rate(a->run, play_row(a));
    double rate;
    Outcome outcome;
    int which;
    char number[NUMBER_TEXT];
    char line[64];
    int at = ruler_cell(&a->ruler, r->eta0);
    /* short runs are finished on the spot, so that a held key does not stutter */
    if (a->ruler_stale || timeline_steps(a->run) <= RULER_AT_ONCE)
        for (int k = 0; k < RULER_CELLS && advance_ruler(a); k++)
            if (timeline_steps(a->run) <= RULER_AT_ONCE)
                ruler_advance(&a->ruler, RULER_AT_ONCE * RULER_CELLS);
    at = ruler_cell(&a->ruler, r->eta0);
    if (at < 0 || a->ruler.done < RULER_CELLS) {
        say_warn(a, at < 0 ? "there is no ruler for this scene" : "the ruler is not finished yet");
        return true;
    }
    Outcome here = a->ruler.outcome[at];
    if (!ruler_border(&a->ruler, r->eta0, way, &rate, &outcome, &which)) {
        say_warn(a, "no border %s: this scene ends the same way", way > 0 ? "above" : "below");
        return true;
    }
    number_print(number, rate);
    snprintf(line, sizeof line, "eta0 %s", number);
    a->playing = false;
    play_seek(a, (double)play_last(a)); /* the ruler speaks of whole runs: begin one */
    if (!app_command(a, line, err))
        return false;
    say(a, "%s %s %s: %s", border_words(here, outcome), way > 0 ? "from η₀" : "down from η₀", number,
        outcome_words[outcome]);
    return true;
}

void ruler_jump(App *a, int way)
{
    a->border_way = way;
    say(a, "looking for the border %s η₀", way > 0 ? "above" : "below");
}

/* Whole runs are needed to halve the interval: after the frame that answers the key. */
bool advance_border(App *a)
{
    Error err = {0};
    int way = a->border_way;
    a->border_way = 0;
    if (way && !jump(a, way, &err))
        say_warn(a, "%s", err.message);
    return way != 0;
}

/* ---- pins ----------------------------------------------------------------------------------------- */

/* "A cosine 0.05" */
void pin_label(const Timeline *t, int index, char *out, size_t size)
{
    const Rate *r = timeline_rate(t, timeline_ready(t) - 1);
    char number[NUMBER_TEXT];
    number_brief(number, r->eta0, 3);
    snprintf(out, size, "%c %s %s", 'A' + index, r->schedule ? r->schedule->name : "typed", number);
}

/* Keep this run, or let it go if it is kept already. */
bool pin_toggle(App *a)
{
    Error ignored;
    for (int i = 0; i < PINS; i++)
        if (a->pin[i].shown && scene_equal(timeline_scene(a->pin[i].run), &a->scene)) {
            a->pin[i].shown = false;
            say(a, "pin %c taken off", 'A' + i);
            return true;
        }
    for (int i = 0; i < PINS; i++) {
        if (a->pin[i].shown)
            continue;
        a->pin[i].shown = timeline_set_beside(a->pin[i].run, &a->scene, a->run, &ignored);
        pin_label(a->run, i, a->pin[i].label, sizeof a->pin[i].label);
        say(a, "pinned as %c: it stays while you change things; p again takes it off", 'A' + i);
        return true;
    }
    say_warn(a, "three runs are pinned already; 'unpin' takes all off");
    return false;
}

/* ---- hop, lens, apart ------------------------------------------------------------------------------- */

Vec2 update_step(const App *a)
{
    const Row *row = &timeline_rows(a->run)[play_row(a)];
    const OptStep *u = &a->update.step;
    /* theta - (shrink*theta - step): weight decay belongs to the step */
    return vec2(row->at.x - (u->shrink * row->at.x - u->step.x),
                row->at.y - (u->shrink * row->at.y - u->step.y));
}

static void refresh_hop(App *a)
{
    const Row *row = &timeline_rows(a->run)[play_row(a)];
    int dots = 2 * (a->layout.loss.cols - 4);
    hop_make(&a->hop, timeline_loss_at(a->run, play_row(a)), row->at, update_step(a), row->eta, row->limit,
             dots);
}

/* The rows from the cursor on, as a run of their own. */
static void refresh_lens(App *a)
{
    long row = play_row(a);
    long last = timeline_ready(a->run) - 1;
    unsigned long revision = timeline_revision(a->run);
    a->lens_waits = path_update(&a->lens_path, a->window,
                                a->glyphs == GLYPHS_ASCII ? GLYPHS_ASCII : GLYPHS_BRAILLE, PATH_SPARSE,
                                timeline_rows(a->run) + row, last - row,
                                revision * (unsigned long)STEPS_MAX + (unsigned long)row);
    if (a->end_revision != revision && timeline_done(a->run)) {
        verdict_at(a->run, last, timeline_window(a->run), &a->critical, &a->end_verdict);
        a->end_revision = revision;
    }
}

void refresh_instrument(App *a)
{
    if (a->pane == PANE_HOP)
        refresh_hop(a);
    if (a->lens)
        refresh_lens(a);
}
