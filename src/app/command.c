/* SPDX-License-Identifier: MIT
 * command: the verbs. Keys, the ':' prompt, --exec and tests all run these lines. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/state.h"
#include "base/rng.h"
#include "base/words.h"

static const char *skip_blanks(const char *s)
{
    return s + strspn(s, " \t");
}

static bool bad_argument(Error *err, const char *args, const char *expected)
{
    if (!*args)
        return error_set(err, 1, 1, "an argument is missing: %s", expected);
    return error_set(err, 1, 1, "'%.60s' is not %s", args, expected);
}

static bool whole_argument(const char *args, long *out, Error *err)
{
    double v;
    if (!number_parse(args, strlen(args), &v) || v != floor(v) || fabs(v) > 1e9)
        return bad_argument(err, args, "a whole number");
    *out = (long)v;
    return true;
}

/* ---- playing ------------------------------------------------------------------------------ */

static bool run_play(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    if (!a->playing && play_row(a) >= play_last(a)) {
        play_seek(a, 0);
        a->ended_said = false;
        say(a, "again from step 0");
        a->playing = true;
        return true;
    }
    a->playing = !a->playing;
    say(a, a->playing ? "playing" : "paused at step %ld: ← → walk, space plays on", play_row(a));
    return true;
}

static bool run_step(App *a, const char *args, Error *err)
{
    long by;
    if (!whole_argument(args, &by, err))
        return false;
    a->playing = false;
    play_seek(a, (double)(play_row(a) + by));
    say(a, "step %ld of %ld", play_row(a), play_last(a));
    return true;
}

static bool run_seek(App *a, const char *args, Error *err)
{
    long to = 0;
    if (strcmp(args, "end") == 0)
        to = play_last(a);
    else if (strcmp(args, "start") != 0 && !whole_argument(args, &to, err))
        return false;
    a->playing = false;
    play_seek(a, (double)to);
    say(a, "step %ld of %ld", play_row(a), play_last(a));
    a->ended_said = play_row(a) < play_last(a); /* at the end, what it came to */
    return true;
}

static bool run_speed(App *a, const char *args, Error *err)
{
    bool up = strcmp(args, "up") == 0;
    if (!up && strcmp(args, "down") != 0)
        return bad_argument(err, args, "'up' or 'down'");
    double speed = up ? a->speed * 2 : a->speed / 2;
    if (speed >= 1.0 / 64 && speed <= 64)
        a->speed = speed;
    char text[NUMBER_TEXT];
    number_show(text, play_rate(a), 3);
    say(a, "speed ×%g: %s steps a second", a->speed, text);
    return true;
}

static bool run_restart(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    play_seek(a, 0);
    a->playing = true;
    a->ended_said = false;
    say(a, "from the start again; nothing was changed");
    return true;
}

/* ---- rates and parameters ------------------------------------------------------------------ */

/* The schedule's other rates keep their ratio to eta0, so the curve keeps its shape. */
static void scaled_schedule(const Rate *r, double factor, Text *out)
{
    int written = 0;
    if (!r->schedule)
        return;
    for (int i = 0; r->schedule->params[i].name; i++) {
        const ParamInfo *p = &r->schedule->params[i];
        if (strcmp(p->unit, "rate") != 0 || r->value[i] == 0)
            continue;
        char number[NUMBER_TEXT];
        snprintf(number, sizeof number, "%.4g", r->value[i] * factor);
        text_add(out, "%s%s%s=%s", written ? "" : r->schedule->name, written ? "," : ":", p->name,
                 number);
        written++;
    }
}

static bool set_eta0(App *a, double to, Error *err)
{
    const Rate *r = timeline_rate(a->run, play_row(a));
    double from = r->eta0;
    char value[NUMBER_TEXT];
    char scaled[512];
    Text schedule = text_over(scaled, sizeof scaled);
    number_print(value, to);
    scaled_schedule(r, to / from, &schedule);
    Assignment list[2] = {{SCENE_ETA0, value, strlen(value)},
                          {SCENE_SCHEDULE, scaled, schedule.used}};
    if (!change_assign_all(a, list, schedule.used ? 2 : 1, err))
        return false;
    char was[NUMBER_TEXT];
    char now[NUMBER_TEXT];
    number_brief(was, from, 3);
    number_brief(now, to, 3);
    say(a, "%s learning rate: η₀ %s → %s %s", to > from ? "higher" : "lower", was, now, a->from);
    say_short(a, "η₀ %s → %s %s", was, now, a->from);
    return true;
}

static bool run_eta0(App *a, const char *args, Error *err)
{
    double v;
    bool times = *args == '*';
    double now = timeline_rate(a->run, play_row(a))->eta0;
    if (!number_parse(args + times, strlen(args + times), &v) || !(v > 0) || !isfinite(v))
        return bad_argument(err, args, "a rate > 0 or *FACTOR");
    if (times)
        v *= now;
    if (!isfinite(v) || v <= 0)
        return bad_argument(err, args, "a rate > 0 or *FACTOR");
    return set_eta0(a, v, err);
}

/* In a lesson the arrows change what is free: the first parameter that is. */
static int first_unlocked(App *a)
{
    focus_build(a);
    for (int i = 0; i < a->focus_count; i++)
        if (school_unlocks(a, &a->focus[i]))
            return i;
    return -1;
}

static bool run_adjust(App *a, const char *args, Error *err)
{
    bool fine = strncmp(args, "fine-", 5) == 0;
    const char *way = fine ? args + 5 : args;
    int steps = strcmp(way, "up") == 0 ? 1 : strcmp(way, "down") == 0 ? -1 : 0;
    if (!steps)
        return bad_argument(err, args, "up, down, fine-up or fine-down");
    if (a->focused > 0)
        return focus_adjust(a, steps, fine, err);
    if (school_active(a) && !school_unlocks(a, &(Focus){SCENE_ETA0, -1, "eta0"}) && a->focused < 0)
        a->focused = first_unlocked(a);
    if (a->focused > 0)
        return focus_adjust(a, steps, fine, err);
    double to = preferred(timeline_rate(a->run, play_row(a))->eta0, steps, fine);
    if (to < 1e-12 || to > 1e12) {
        say_warn(a, "η₀ goes no further");
        return true;
    }
    return set_eta0(a, to, err);
}

static void say_focus(App *a)
{
    const Focus *f = &a->focus[a->focused];
    char meaning[200];
    char value[NUMBER_TEXT];
    focus_describe(a, f, meaning, sizeof meaning);
    focus_show(a, f, value);
    say(a, "%s = %s: %s. ↑↓ change it, Esc leaves", f->name, value, meaning);
    say_short(a, "%s = %s: %s", f->name, value, meaning);
}

static bool run_focus(App *a, const char *args, Error *err)
{
    int by = strcmp(args, "next") == 0 ? 1 : strcmp(args, "previous") == 0 ? -1 : 0;
    focus_build(a);
    if (strcmp(args, "off") == 0) {
        a->focused = -1;
        a->dirty = true;
        return true;
    }
    if (!by) {
        for (int i = 0; i < a->focus_count; i++)
            if (strcmp(args, a->focus[i].name) == 0) {
                a->focused = i;
                say_focus(a);
                return true;
            }
        return bad_argument(err, args, "next, previous, off or a parameter's name");
    }
    int n = a->focus_count;
    for (int tried = 0; tried < n; tried++) { /* what a lesson locks is passed over */
        a->focused = a->focused < 0 ? (by > 0 ? 0 : n - 1) : (a->focused + by + n) % n;
        if (school_unlocks(a, &a->focus[a->focused]))
            break;
    }
    say_focus(a);
    return true;
}

/* ---- choices ------------------------------------------------------------------------------- */

static int find_name(const App *a, Kind k, const char *name)
{
    for (int i = 0; i < kind_count(a, k); i++)
        if (strcmp(kind_name(a, k, i), name) == 0)
            return i;
    return -1;
}

static int next_core(const App *a, Kind k, int from, int by)
{
    int n = kind_count(a, k);
    int i = from < 0 ? (by > 0 ? n - 1 : 0) : from;
    do
        i = (i + by + n) % n;
    while (!kind_core(k, i) && i != from);
    return i;
}

static void say_choice(App *a, Kind k, int index)
{
    static const char *const sigil[] = {"learning-rate schedule", "optimizer", "loss surface"};
    if (k == KIND_SCENE || k == KIND_LESSON)
        return;
    say(a, "%s: %s (%s) %s", sigil[k], kind_title(a, k, index), kind_name(a, k, index), a->from);
    say_short(a, "%s: %s %s", kind_word(k), kind_title(a, k, index), a->from);
}

static bool choose(App *a, Kind k, const char *args, Error *err)
{
    int by = strcmp(args, "next") == 0 ? 1 : strcmp(args, "previous") == 0 ? -1 : 0;
    if (!*args)
        return bad_argument(err, args, "next, previous or a name");
    if (by) {
        int index = next_core(a, k, kind_current(a, k), by);
        if (!kind_choose(a, k, index, err))
            return false;
        a->card = true;
        a->card_kind = k;
        say_choice(a, k, index);
        return true;
    }
    static const SceneKey keys[] = {SCENE_SCHEDULE, SCENE_OPTIMIZER, SCENE_SURFACE};
    if (!change_assign(a, keys[k], args, strlen(args), err))
        return false;
    a->card_kind = k;
    int index = kind_current(a, k);
    if (index >= 0)
        say_choice(a, k, index);
    else
        say(a, "%s: %s %s", kind_word(k), args, a->from);
    if (k == KIND_SURFACE)
        say_chosen(a);
    return true;
}

static bool run_schedule(App *a, const char *args, Error *err)
{
    return choose(a, KIND_SCHEDULE, args, err);
}

static bool run_optimizer(App *a, const char *args, Error *err)
{
    return choose(a, KIND_OPTIMIZER, args, err);
}

static bool run_surface(App *a, const char *args, Error *err)
{
    return choose(a, KIND_SURFACE, args, err);
}

static bool run_data(App *a, const char *args, Error *err)
{
    if (!*args)
        return bad_argument(err, args, "a CSV file");
    if (!change_assign(a, SCENE_DATA, args, strlen(args), err))
        return false;
    say(a, "the loss is the mean over the rows of %s %s", args, a->from);
    return true;
}

static bool run_scene(App *a, const char *args, Error *err)
{
    if (!*args) {
        Text t = text_over(a->status, sizeof a->status);
        scene_print(&a->scene, true, &t);
        a->status_short[0] = '\0';
        a->status_warns = false;
        a->dirty = true;
        return true;
    }
    const NamedScene *named = named_find(args, strlen(args));
    if (!named)
        return named_unknown(args, strlen(args), err);
    return kind_choose(a, KIND_SCENE, find_name(a, KIND_SCENE, named->id), err);
}

static bool load_side(App *a, const Pair *p, int side, Error *err)
{
    const NamedScene *named = named_find(p->id[side], strlen(p->id[side]));
    if (!named)
        return named_unknown(p->id[side], strlen(p->id[side]), err);
    if (!named_load(named, &a->scratch, err) || !change_scene(a, &a->scratch, err))
        return false;
    a->named = named;
    return true;
}

static bool run_pair(App *a, const char *args, Error *err)
{
    long n;
    if (!whole_argument(args, &n, err))
        return false;
    if (n < 1 || n > PAIRS)
        return bad_argument(err, args, "a pair from 1 to 9");
    const Pair *p = pair_row((int)n - 1);
    int side = a->pair == (int)n - 1 ? 1 - a->side : 0;
    bool flip = a->pair == (int)n - 1;
    if (!p->id[0] || !load_side(a, p, side, err))
        return p->id[0] ? false : error_set(err, 1, 1, "pair %ld is empty", n);
    a->ghost.shown = a->ghost.shown && flip;
    a->pair = (int)n - 1;
    a->side = side;
    a->card = false;
    say(a, "%s", p->before[side]);
    return true;
}

static bool run_menu(App *a, const char *args, Error *err)
{
    int k = a->menu.kind;
    if (strcmp(args, "next") == 0) {
        k = (k + 1) % KINDS;
    } else if (*args) {
        for (k = 0; k < KINDS && strcmp(args, kind_word((Kind)k)) != 0; k++)
            ;
        if (k == KINDS)
            return bad_argument(err, args, "schedule, optimizer, surface, scene or lesson");
    } else {
        k = (int)a->card_kind;
    }
    if (k == KIND_LESSON && !school_open(a, NULL, err))
        return false;
    if (a->mode != MODE_MENU)
        a->menu_mode = a->mode;
    a->menu.kind = (Kind)k;
    a->menu.selected = kind_current(a, (Kind)k);
    if (a->menu.selected < 0)
        a->menu.selected = 0;
    a->mode = MODE_MENU;
    a->dirty = true;
    return true;
}

static bool run_take(App *a, const char *args, Error *err)
{
    (void)args;
    char id[16];
    if (a->mode == MODE_HELP && a->glossary && glossary_scene(a, id, sizeof id)) {
        char line[32];
        snprintf(line, sizeof line, "scene %s", id);
        a->mode = a->help_mode;
        return app_command(a, line, err);
    }
    if (a->mode == MODE_HELP)
        return app_command(a, "close", err);
    if (a->mode == MODE_FIND)
        return finder_take(a, err);
    if (a->mode != MODE_MENU)
        return error_set(err, 1, 1, "no menu is open");
    a->mode = a->menu_mode;
    if (!kind_choose(a, a->menu.kind, a->menu.selected, err))
        return false;
    a->card_kind = a->menu.kind >= KIND_SCENE ? a->card_kind : a->menu.kind;
    say_choice(a, a->menu.kind, a->menu.selected);
    return true;
}

static bool run_card(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    a->card = !a->card;
    a->dirty = true;
    return true;
}

/* ---- start, window --------------------------------------------------------------------------- */

static bool set_start(App *a, Vec2 p, Error *err)
{
    char value[2 * NUMBER_TEXT + 2];
    Text t = text_over(value, sizeof value);
    char x[NUMBER_TEXT];
    char y[NUMBER_TEXT];
    Vec2 size = window_size(a->window);
    /* as many digits as the screen can tell apart, and two more */
    int dx = (int)fmin(12, fmax(0, 4 - floor(log10(size.x))));
    int dy = (int)fmin(12, fmax(0, 4 - floor(log10(size.y))));
    snprintf(x, sizeof x, "%.*f", dx, p.x);
    snprintf(y, sizeof y, "%.*f", dy, p.y);
    text_number(&t, strtod(x, NULL));
    text_add(&t, ",");
    text_number(&t, strtod(y, NULL));
    if (!change_assign(a, SCENE_START, value, t.used, err))
        return false;
    say(a, "a new start at %s; the run begins again", value);
    return true;
}

/* k-th random start: a pure function of the scene's seed and k, so that demonstrations repeat. */
static Vec2 random_start(App *a)
{
    Vec2 size = window_size(a->window);
    uint64_t k = 2 * a->random++;
    uint64_t seed = a->scene.seed ^ UINT64_C(0xD1B54A32D192ED03);
    return vec2(a->window.lo.x + size.x * rng_uniform(seed, k),
                a->window.lo.y + size.y * rng_uniform(seed, k + 1));
}

static bool run_start(App *a, const char *args, Error *err)
{
    if (strcmp(args, "random") == 0)
        return set_start(a, random_start(a), err);
    if (strcmp(args, "place") == 0) {
        a->mode = MODE_PLACE;
        a->playing = false;
        a->place = timeline_rows(a->run)[0].at;
        if (!window_contains(a->window, a->place))
            a->place = window_centre(a->window);
        say(a, "place the start: arrows move the cross (shift: faster), Enter starts, Esc cancels");
        say_short(a, "arrows move the cross, Enter starts");
        return true;
    }
    if (strcmp(args, "here") == 0) {
        if (a->mode != MODE_PLACE)
            return error_set(err, 1, 1, "'start here' needs 'start place' first");
        a->mode = MODE_STAGE;
        return set_start(a, a->place, err);
    }
    if (!*args)
        return bad_argument(err, args, "X,Y, random or place");
    if (!change_assign(a, SCENE_START, args, strlen(args), err))
        return false;
    say(a, "a new start at %s; the run begins again", args);
    return true;
}

static Window zoomed(Window w, Vec2 about, double factor)
{
    return (Window){vec_add(about, vec_scale(factor, vec_sub(w.lo, about))),
                    vec_add(about, vec_scale(factor, vec_sub(w.hi, about)))};
}

static bool run_zoom(App *a, const char *args, Error *err)
{
    static const double step = 1.4142135623730951;
    Vec2 head = timeline_rows(a->run)[play_row(a)].at;
    Vec2 about = window_contains(a->window, head) ? head : window_centre(a->window);
    if (strcmp(args, "in") == 0)
        change_window(a, zoomed(a->window, about, 1 / step));
    else if (strcmp(args, "out") == 0)
        change_window(a, zoomed(a->window, window_centre(a->window), step));
    else if (strcmp(args, "whole") == 0)
        change_window(a, timeline_window(a->run));
    else
        return bad_argument(err, args, "in, out or whole");
    char x[4][NUMBER_TEXT];
    number_show(x[0], a->window.lo.x, 3);
    number_show(x[1], a->window.hi.x, 3);
    number_show(x[2], a->window.lo.y, 3);
    number_show(x[3], a->window.hi.y, 3);
    say(a, "the map shows x %s to %s, y %s to %s", x[0], x[1], x[2], x[3]);
    return true;
}

static bool run_view(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    a->mode = MODE_VIEW;
    say(a, "arrows pan, + and - zoom, 0 shows the whole window, Esc is done");
    return true;
}

static int clamp_int(long v, int lo, int hi)
{
    return v < lo ? lo : v > hi ? hi : (int)v;
}

static double clamp(double v, double lo, double hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}

/* Arrows in modes that have something to move: the cross, the window, a list. */
static bool run_move(App *a, const char *args, Error *err)
{
    double by[2];
    const char *blank = strchr(args, ' ');
    if (!blank || !number_parse(args, (size_t)(blank - args), &by[0]) ||
        !number_parse(skip_blanks(blank), strlen(skip_blanks(blank)), &by[1]) ||
        fabs(by[0]) > 1e6 || fabs(by[1]) > 1e6)
        return bad_argument(err, args, "two numbers: DX DY");
    Vec2 size = window_size(a->window);
    Rect map = rect_inside(a->layout.map);
    Vec2 cell = vec2(size.x / (map.cols > 0 ? map.cols : 1), size.y / (map.rows > 0 ? map.rows : 1));
    a->dirty = true;
    if (a->mode == MODE_PLACE) {
        a->place.x = clamp(a->place.x + by[0] * cell.x, a->window.lo.x, a->window.hi.x);
        a->place.y = clamp(a->place.y + by[1] * cell.y, a->window.lo.y, a->window.hi.y);
    } else if (a->mode == MODE_VIEW) {
        Vec2 d = vec2(by[0] * size.x / 16, by[1] * size.y / 16);
        change_window(a, (Window){vec_add(a->window.lo, d), vec_add(a->window.hi, d)});
    } else if (a->mode == MODE_FIND) {
        finder_move(a, (int)by[0], (int)by[1]);
    } else if (a->mode == MODE_MENU) {
        a->menu.selected = clamp_int(a->menu.selected - (long)by[1], 0, kind_count(a, a->menu.kind) - 1);
    } else if (a->mode == MODE_HELP) {
        a->help_top = clamp_int(a->help_top - (long)by[1], 0, help_rows(a) - 1);
    }
    return true;
}

/* ---- the rest ----------------------------------------------------------------------------------- */

static bool run_undo(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    if (change_undo(a))
        say(a, "undone: the run is as it was before");
    else
        say_warn(a, "nothing to undo");
    return true;
}

static bool run_pin(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    pin_toggle(a);
    return true;
}

static bool run_unpin(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    for (int i = 0; i < PINS; i++)
        a->pin[i].shown = false;
    say(a, "no run is pinned any more");
    return true;
}

static bool run_border(App *a, const char *args, Error *err)
{
    int way = strcmp(args, "next") == 0 ? 1 : strcmp(args, "previous") == 0 ? -1 : 0;
    if (!way)
        return bad_argument(err, args, "next or previous");
    ruler_jump(a, way);
    return true;
}

static bool run_find(App *a, const char *args, Error *err)
{
    if (strcmp(args, "range") == 0)
        return a->mode == MODE_FIND ? finder_flip(a, err) : finder_start(a, "", err) && finder_flip(a, err);
    return finder_start(a, args, err);
}

static bool run_lessons(App *a, const char *args, Error *err)
{
    (void)args;
    return run_menu(a, "lesson", err);
}

static bool run_lesson(App *a, const char *args, Error *err)
{
    if (school_open(a, NULL, err))
        for (int i = 0; i < school_count(a); i++)
            if (school_is(a, i, args))
                return school_start(a, i, err);
    return a->school && school_event(a, args, err);
}

static bool run_hop(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    a->pane = a->pane == PANE_HOP ? PANE_LOSS : PANE_HOP;
    say(a, a->pane == PANE_HOP
               ? "cut along the coming step: ● the ball, ◆ where it lands; ↑↓ move it"
               : "the loss curve is back");
    return true;
}

static bool run_held_out(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    if (!timeline_held_out(a->run, play_row(a))) {
        say_warn(a, "there is no held-out loss here");
        return true;
    }
    a->show_held_out = !a->show_held_out;
    a->field_stale = true;
    say(a, a->show_held_out ? "the map shows the held-out loss: what the run never sees"
                            : "the map shows the training loss again");
    return true;
}

static bool run_claim(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    char text[sizeof a->claim];
    memcpy(text, a->claim, sizeof text);
    if (text[0])
        say(a, "%s", text);
    else
        say_warn(a, "nothing yet: at the end of a named scene, what textbooks say of it");
    char *says = strstr(text, " This run says: ");
    if (text[0] && says)
        say_short(a, "%s", says + 1);
    return true;
}

static bool run_lens(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    if (school_hides(a)) {
        say_warn(a, "first your prediction: the future stays hidden");
        return true;
    }
    a->lens = !a->lens;
    say(a, a->lens ? "the rest of the run shows faintly: ↑↓ and watch where it ends"
                   : "the future is hidden again");
    return true;
}

static bool run_apart(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    a->apart = !a->apart;
    bool moment = strcmp(timeline_optimizer(a->run, play_row(a), NULL)->name, "sgd") != 0;
    say(a, !a->apart ? "the curves are back"
           : moment  ? "the update taken apart; arrows: the slope downhill, its average, the step"
                     : "the update taken apart; arrows: the slope downhill, and the step");
    return true;
}

static bool run_big(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    a->big = !a->big;
    app_resize(a, a->cols, a->rows);
    say(a, a->big ? "big type: %s brings the stage back" : "the whole stage again",
        a->mode == MODE_LESSON ? "B" : "b");
    return true;
}

static bool run_glossary(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    if (a->mode != MODE_HELP)
        a->help_mode = a->mode;
    a->glossary = true;
    a->mode = MODE_HELP;
    a->help_top = 0;
    a->dirty = true;
    return true;
}

static bool run_ghost(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    a->ghost.shown = !a->ghost.shown && timeline_ready(a->ghost.run) > 0;
    say(a, a->ghost.shown ? "the old run is shown faintly" : "the old run is hidden");
    return true;
}

/* "next" or one of the names. */
static bool pick(const char *args, const char *const *names, int count, int *now, Error *err)
{
    if (strcmp(args, "next") == 0) {
        *now = (*now + 1) % count;
        return true;
    }
    for (int i = 0; i < count; i++)
        if (strcmp(args, names[i]) == 0) {
            *now = i;
            return true;
        }
    return bad_argument(err, args, "next or a known name");
}

static void repaint(App *a)
{
    app_output(a, a->mode_colors, a->glyphs);
}

static bool run_theme(App *a, const char *args, Error *err)
{
    int now = (int)a->theme;
    if (!pick(args, theme_names, THEMES, &now, err))
        return false;
    a->theme = (ThemeId)now;
    repaint(a);
    say(a, "theme: %s", theme_names[now]);
    return true;
}

static bool run_map(App *a, const char *args, Error *err)
{
    int now = (int)a->map;
    if (!pick(args, map_names, MAPS, &now, err))
        return false;
    a->map = (MapId)now;
    repaint(a);
    say(a, "colour map: %s", map_names[now]);
    return true;
}

static bool run_glyphs(App *a, const char *args, Error *err)
{
    int now = (int)a->glyphs;
    if (!pick(args, glyph_names, GLYPH_SETS, &now, err))
        return false;
    if (a->ascii_only && now != GLYPHS_ASCII) {
        say_warn(a, "this terminal can show ASCII only");
        return true;
    }
    a->glyphs = (GlyphSet)now;
    repaint(a);
    say(a, "path drawn with: %s", glyph_names[now]);
    return true;
}

static bool run_help(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    if (a->mode != MODE_HELP)
        a->help_mode = a->mode;
    a->glossary = false;
    a->mode = MODE_HELP;
    a->help_top = 0;
    a->dirty = true;
    return true;
}

static bool run_prompt(App *a, const char *args, Error *err)
{
    (void)err;
    prompt_open(a, args);
    return true;
}

static bool run_close(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    a->dirty = true;
    if (a->mode == MODE_HELP) {
        a->mode = a->help_mode;
    } else if (a->mode == MODE_MENU) {
        a->mode = a->menu_mode;
        say(a, a->mode == MODE_LESSON ? "back in the lesson" : "back on the stage");
    } else if (a->mode == MODE_LESSON) {
        if (a->card || a->focused >= 0) {
            a->card = false;
            a->focused = -1;
        } else {
            say(a, "L leaves the lesson, f is free play");
        }
    } else if (a->mode != MODE_STAGE) {
        a->mode = school_active(a) && !school_free(a) ? MODE_LESSON : MODE_STAGE;
        say(a, a->mode == MODE_STAGE ? "back on the stage" : "back in the lesson");
    } else if (a->card) {
        a->card = false;
    } else if (a->focused >= 0) {
        a->focused = -1;
        say(a, "the arrows change η₀ again");
    } else {
        a->ghost.shown = false;
    }
    return true;
}

static bool run_quit(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    a->quit = true;
    return true;
}

const Command commands[] = {
    {"play", "", "playing", "play or pause; at the end play again", run_play},
    {"step", "N", "playing", "walk N steps along the run (negative: back)", run_step},
    {"seek", "start|end|N", "playing", "jump to a step", run_seek},
    {"restart", "", "playing", "play the same run from step 0", run_restart},
    {"speed", "up|down", "playing", "play faster or slower", run_speed},
    {"pair", "N", "scenes", "a prepared scene; again: its contrast", run_pair},
    {"scene", "[NAME]", "scenes", "load a named scene; without a name: print this one", run_scene},
    {"adjust", "[fine-]up|down", "rate", "change η₀, or the parameter in focus", run_adjust},
    {"eta0", "RATE|*FACTOR", "rate", "set η₀; other rates of the schedule keep their ratio", run_eta0},
    {"schedule", "next|previous|NAME", "choices", "change the learning-rate schedule", run_schedule},
    {"optimizer", "next|previous|NAME", "choices", "change the update rule", run_optimizer},
    {"surface", "next|previous|NAME|FORMULA", "choices", "another loss surface", run_surface},
    {"data", "FILE.csv", "choices", "rows for a formula over data", run_data},
    {"menu", "[KIND|next]", "choices", "all schedules, optimizers, surfaces, scenes", run_menu},
    {"take", "", "choices", "take what is selected in the menu", run_take},
    {"card", "", "choices", "open or close the card of the last choice", run_card},
    {"focus", "next|previous|off|NAME", "rate", "walk through all parameters", run_focus},
    {"start", "X,Y|random|place|here", "map", "where the run starts", run_start},
    {"view", "", "map", "zoom and pan with keys", run_view},
    {"zoom", "in|out|whole", "map", "zoom the map", run_zoom},
    {"move", "DX DY", "map", "move the cross, the map or the list", run_move},
    {"ghost", "", "looks", "show or hide the old run", run_ghost},
    {"map", "next|NAME", "looks", "colour map: inferno, viridis, cividis, grey", run_map},
    {"theme", "next|NAME", "looks", "theme: dark, light, contrast, mono", run_theme},
    {"glyphs", "next|NAME", "looks", "draw with quadrants, braille or ASCII", run_glyphs},
    {"pin", "", "instrument", "keep this run as a ghost (up to three); again: let it go", run_pin},
    {"unpin", "", "instrument", "let all pinned runs go", run_unpin},
    {"border", "next|previous", "instrument", "jump to the next border of the ruler", run_border},
    {"lessons", "", "lessons", "the list of lessons", run_lessons},
    {"lesson", "next|back|skip|hint|free|contrast|test|again|leave|choose N|number X|reset ID|ID", "lessons",
     "go on in the lesson, or open one", run_lesson},
    {"find", "[NAME|range]", "instrument", "which η₀? final loss over a grid of rates; range test", run_find},
    {"hop", "", "instrument", "the loss cut along the coming step, instead of its curve", run_hop},
    {"lens", "", "instrument", "show the rest of the run and where it ends", run_lens},
    {"claim", "", "instrument", "what textbooks say of this scene, beside what this run says", run_claim},
    {"held_out", "", "instrument", "flip the map between training and held-out loss", run_held_out},
    {"apart", "", "instrument", "the update taken apart, with arrows on the map", run_apart},
    {"big", "", "looks", "big type for the back row", run_big},
    {"glossary", "", "other", "the field's words, each with a scene", run_glossary},
    {"undo", "", "other", "take the last change back", run_undo},
    {"prompt", "[TEXT]", "other", "type a command or key=value; Tab completes", run_prompt},
    {"help", "", "other", "the keys of this place", run_help},
    {"close", "", "other", "close what is open", run_close},
    {"quit", "", "other", "leave etascope", run_quit},
    {NULL, NULL, NULL, NULL, NULL},
};

const Command *command_find(const char *name, size_t length)
{
    for (const Command *c = commands; c->name; c++)
        if (word_is(name, length, c->name))
            return c;
    return NULL;
}

static bool unknown_command(const char *line, size_t length, Error *err)
{
    Near near;
    char hint[64];
    near_start(&near, line, length);
    for (const Command *c = commands; c->name; c++)
        near_try(&near, c->name);
    for (int i = 0; i < SCENE_KEYS; i++)
        near_try(&near, scene_keys[i].name);
    return error_set(err, 1, 1, "unknown command '%.*s'%s", (int)(length > 60 ? 60 : length), line,
                     near_hint(&near, hint, sizeof hint));
}

/* A line whose words all have '=': assignments at the cursor, as one change. */
static bool run_assignments(App *a, const char *line, Error *err)
{
    Assignment list[SCENE_KEYS];
    char values[EXPR_TEXT + SCENE_PATH + PROMPT_SIZE];
    Text store = text_over(values, sizeof values);
    WordScan scan = word_scan(line);
    Word *w = &a->word;
    int count = 0;
    int got;
    while ((got = word_next(&scan, w, err)) > 0) {
        int key = w->key ? scene_key_find(w->text, w->key) : -1;
        if (key < 0) {
            size_t length = w->key ? w->key : w->length;
            unknown_command(w->text, length, err);
            err->column = w->column;
            return false;
        }
        if (count == SCENE_KEYS || store.used + w->length + 1 >= store.size)
            return error_set(err, 1, w->column, "too many assignments");
        list[count].key = (SceneKey)key;
        list[count].value = store.at + store.used;
        list[count++].length = w->length;
        text_put(&store, w->value, w->length);
        text_put(&store, "", 1);
    }
    if (got < 0 || !change_assign_all(a, list, count, err))
        return false;
    say(a, "%s %s", line, a->from);
    say_chosen(a);
    return true;
}

/* While a prediction is open nothing may play, walk or look ahead. */
static bool shows_the_future(const Command *c)
{
    static const char *const names[] = {"find", "hop", "lens", "border", "apart"};
    if (strcmp(c->group, "playing") == 0)
        return true;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(c->name, names[i]) == 0)
            return true;
    return false;
}

bool app_command(App *a, const char *line, Error *err)
{
    line = skip_blanks(line);
    size_t length = strcspn(line, " \t");
    size_t end = strlen(line);
    char copy[PROMPT_SIZE];
    while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == '\t'))
        end--;
    if (end == 0)
        return true;
    focus_follow(a);
    if (end >= sizeof copy)
        return error_set(err, 1, 1, "the line is too long");
    memcpy(copy, line, end);
    copy[end] = '\0';
    a->dirty = true;
    const Command *c = command_find(copy, length < end ? length : end);
    if (c && strcmp(c->group, "choices") != 0 && strcmp(c->name, "close") != 0)
        a->card = false; /* a card stays as long as one chooses */
    if (c && school_hides(a) && shows_the_future(c)) {
        say_warn(a, "first your prediction: 1 to 5 choose, Enter locks it in");
        return true;
    }
    if (c)
        return c->run(a, skip_blanks(copy + strlen(c->name)), err);
    if (memchr(copy, '=', strcspn(copy, " \t'\"")))
        return run_assignments(a, copy, err);
    return unknown_command(copy, length < end ? length : end, err);
}
