/* SPDX-License-Identifier: MIT
 * stage: the run, its rate and its loss: what everything else lies over. */
#include <string.h>

#include "app/draw.h"
#include "app/focus.h"
#include "app/bindings.h"
#include "app/look.h"
#include "app/picture.h"
#include "app/say.h"

static const Binding *const keys[] = {run_keys, stage_keys, out_keys, NULL};

/* Esc: the focus first, then the old run. */
static bool stage_close(App *a)
{
    if (a->focus->at >= 0) {
        a->focus->at = -1;
        say(a, "the arrows change η₀ again");
    } else {
        a->session->track[TRACK_GHOST].shown = false;
    }
    return true;
}

/* ---- its verbs ---- */

static bool run_hop(App *a, const char *args, Error *err)
{
    Look *l = a->look;
    (void)args;
    (void)err;
    l->pane = l->pane == PANE_HOP ? PANE_LOSS : PANE_HOP;
    say(a, l->pane == PANE_HOP
               ? "cut along the coming step: ● the ball, ◆ where it lands; ↑↓ move it"
               : "the loss curve is back");
    return true;
}

static bool run_held_out(App *a, const char *args, Error *err)
{
    Look *l = a->look;
    (void)args;
    (void)err;
    if (!timeline_held_out(session_run(a->session), session_row(a->session))) {
        say_warn(a, "there is no held-out loss here");
        return true;
    }
    l->held_out = !l->held_out;
    a->changed |= CHANGED_MAP;
    say(a, l->held_out ? "the map shows the held-out loss: what the run never sees"
                       : "the map shows the training loss again");
    return true;
}

static bool run_claim(App *a, const char *args, Error *err)
{
    char text[CLAIM_SIZE];
    (void)args;
    (void)err;
    memcpy(text, a->say->claim, sizeof text);
    if (!text[0]) {
        say_warn(a, "nothing yet: at the end of a named scene, what textbooks say of it");
        return true;
    }
    char *says = strstr(text, " This run says: ");
    say(a, "%s", text);
    if (says)
        say_short(a, "%s", says + 1);
    return true;
}

static bool run_lens(App *a, const char *args, Error *err)
{
    Look *l = a->look;
    (void)args;
    (void)err;
    l->lens = !l->lens;
    say(a, l->lens ? "the rest of the run shows faintly: ↑↓ and watch where it ends"
                   : "the future is hidden again");
    return true;
}

static bool run_apart(App *a, const char *args, Error *err)
{
    Look *l = a->look;
    const Optimizer *o = timeline_optimizer(session_run(a->session), session_row(a->session), NULL);
    (void)args;
    (void)err;
    l->apart = !l->apart;
    say(a, !l->apart ? "the curves are back"
           : o->has_moment
               ? "the update taken apart; arrows: the slope downhill, its average, the step"
               : "the update taken apart; arrows: the slope downhill, and the step");
    return true;
}

/* The class guesses: from here on, or from the start where all is known already. */
static bool run_predict(App *a, const char *args, Error *err)
{
    Session *s = a->session;
    Gate *g = a->gate;
    (void)args;
    (void)err;
    g->predicting = !g->predicting;
    if (!g->predicting) {
        a->say->end_told = false;
        say(a, "this is what is to come");
        return true;
    }
    if (session_row(s) >= session_last(s))
        session_seek(s, 0);
    s->playing = false;
    a->look->lens = a->look->apart = false;
    a->look->pane = PANE_LOSS;
    a->say->end_told = true;
    say_nothing(a);
    return true;
}

static const Command commands[] = {
    {"hop", "", "instrument", "the loss cut along the coming step, instead of its curve", run_hop,
     COMMAND_FUTURE, NULL},
    {"lens", "", "instrument", "show the rest of the run and where it ends", run_lens,
     COMMAND_FUTURE, NULL},
    {"claim", "", "instrument", "what textbooks say of this scene, beside what this run says",
     run_claim, 0, NULL},
    {"held_out", "", "instrument", "flip the map between training and held-out loss", run_held_out,
     0, NULL},
    {"apart", "", "instrument", "the update taken apart, with arrows on the map", run_apart,
     COMMAND_FUTURE, NULL},
    {"predict", "", "instrument", "hide what is to come, for a guess; again: show it", run_predict, 0,
     NULL},
    {.name = NULL},
};

const View view_stage = {
    .name = "stage",
    .title = "the stage",
    .help = "a run, its learning rate and its loss",
    .back = "on the stage",
    .order = 0,
    .flags = VIEW_STAGE,
    .keys = keys,
    .commands = commands,
    .close = stage_close,
    .draw = draw_stage,
};
