/* SPDX-License-Identifier: MIT
 * session: see session.h. A run becomes another run: edits at the cursor, new scenes, undo (SPEC 1,
 * Edits). The old run stays visible as a ghost; undo keeps scenes as text, which by contract reads
 * back. */
#include "app/session.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/say.h"
#include "app/view.h"
#include "base/rng.h"

enum { WHOLE_RUN_SECONDS = 10 };

bool session_init(Session *s)
{
    bool ok = true;
    for (int i = 0; i < TRACKS; i++)
        ok = (s->track[i].run = timeline_new()) != NULL && ok;
    s->track[TRACK_RUN].shown = true;
    s->pair = -1;
    s->speed = 1;
    return ok;
}

void session_release(Session *s)
{
    for (int i = 0; i < TRACKS; i++)
        timeline_free(s->track[i].run);
    free(s->pairs.text);
}

bool session_own_pairs(Session *s, char *text, Error *err)
{
    Pairs own = {.own = true, .text = text};
    for (int i = 0; i < PAIRS; i++)
        own.row[i] = *pair_row(i);
    if (!pairs_read(text, own.row, err)) {
        free(text);
        return false;
    }
    free(s->pairs.text);
    s->pairs = own;
    return true;
}

/* ---- the play head: playing is only a cursor that moves over the timeline ---- */

long session_last(const Session *s)
{
    return timeline_last(session_run(s));
}

long session_row(const Session *s)
{
    long row = (long)s->cursor;
    long ready = timeline_ready(session_run(s));
    return row < ready ? row : ready - 1;
}

const Row *session_now(const Session *s)
{
    return &timeline_rows(session_run(s))[session_row(s)];
}

long session_steps_known(const Session *s)
{
    long row = session_row(s);
    long steps = s->scene.steps;
    for (const Edit *e = s->scene.edit; e < s->scene.edit + s->scene.edit_count; e++)
        if (e->key == SCENE_STEPS && e->step <= row && e->step < steps)
            steps = (long)e->number;
    return steps;
}

double session_pace(const Session *s)
{
    double rows = (double)timeline_steps(session_run(s));
    return fmax(rows, 1) / WHOLE_RUN_SECONDS * s->speed;
}

void session_seek(Session *s, double row)
{
    double last = (double)session_last(s);
    s->cursor = row < 0 ? 0 : row > last ? last : row;
}

/* ---- other runs ---- */

/* A track that shows a plain scene, on files that the run has read. */
static bool track_set(Session *s, int track, const Scene *plain, Error *err)
{
    Track *t = &s->track[track];
    t->shown = timeline_set_beside(t->run, plain, session_run(s), err);
    if (t->shown)
        timeline_advance(t->run, ROWS_AT_ONCE);
    return t->shown;
}

bool session_contrast(Session *s, const Scene *scene, Error *err)
{
    return track_set(s, TRACK_GHOST, scene, err);
}

/* The old run becomes the ghost. */
static void leave_ghost(Session *s)
{
    Error ignored;
    scene_of_runner(&s->scene, 0, &s->plain);
    session_contrast(s, &s->plain, &ignored);
}

/* The tracks of the further runners are those of the scene. */
static void follow_runners(Session *s)
{
    Error ignored;
    for (int i = 1; i < SCENE_RUNNERS; i++) {
        Track *t = &s->track[i];
        t->shown = scene_of_runner(&s->scene, i, &s->plain) && track_set(s, i, &s->plain, &ignored);
        if (!t->shown)
            continue;
        Text label = text_over(t->label, sizeof t->label);
        text_add(&label, "%c ", 'A' + i);
        scene_runner_words(&s->scene, i, &label);
        if (label.used == 2)
            text_add(&label, "as A");
    }
}

/* Row by row: what was pinned is spelt in other words than the run. */
static bool same_rows(const Timeline *a, const Timeline *b)
{
    const Row *x = timeline_rows(a);
    const Row *y = timeline_rows(b);
    long n = timeline_ready(a);
    if (n != timeline_ready(b) || timeline_steps(a) != timeline_steps(b))
        return false;
    for (long t = 0; t < n; t++)
        if (memcmp(&x[t].at, &y[t].at, sizeof x[t].at) != 0 || x[t].eta != y[t].eta)
            return false;
    return true;
}

bool session_add_runner(Session *s, const Scene *like, Error *err)
{
    bool ok = scene_add_runner(&s->scene, like, err);
    follow_runners(s);
    return ok;
}

static void remember(Session *s, bool restarted);

int session_pin(Session *s, Error *err)
{
    int kept = 0;
    for (int i = 1; i < scene_runners(&s->scene) && !kept; i++)
        if (s->track[i].shown && same_rows(s->track[i].run, session_run(s)))
            kept = i;
    remember(s, false);
    if (kept) {
        scene_remove_runner(&s->scene, kept);
        follow_runners(s);
        return -kept;
    }
    Scene *like = &s->scratch;
    scene_of_runner(&s->scene, 0, like);
    return session_add_runner(s, like, err) ? scene_runners(&s->scene) - 1 : 0;
}

void session_unpin(Session *s)
{
    while (scene_runners(&s->scene) > 1)
        scene_remove_runner(&s->scene, 1);
    follow_runners(s);
}

/* ---- changes ---- */

static void remember(Session *s, bool restarted)
{
    Before *b = &s->history.ring[s->history.count % UNDO];
    Text text = text_over(b->text, sizeof b->text);
    scene_print(&s->scene, true, &text);
    if (text.full)
        return; /* a scene too long to keep: undo goes back past it */
    b->cursor = s->cursor;
    b->restarted = restarted;
    s->history.count++;
    if (s->history.left < UNDO)
        s->history.left++;
}

/* Back to as many as there were: the change was refused. */
static void forget_to(History *h, int count)
{
    if (h->count <= count)
        return;
    h->count--;
    h->left--;
}

static bool same_surface(const Scene *a, const Scene *b)
{
    if (a->surface.row != b->surface.row || strcmp(a->surface.formula, b->surface.formula) != 0)
        return false;
    return memcmp(&a->surface.named, &b->surface.named, sizeof a->surface.named) == 0 &&
           strcmp(a->data, b->data) == 0 && strcmp(a->held_out, b->held_out) == 0 &&
           memcmp(&(Window[]){scene_window(a)}, &(Window[]){scene_window(b)}, sizeof(Window)) == 0;
}

static void surface_ready(Session *s)
{
    critical_start(&s->critical);
    s->window = timeline_window(session_run(s));
    critical_follow(&s->critical, session_run(s), 0);
}

/* Make s->scratch the run. The caller has remembered the old one. `same_to`: the rows up to it are
 * those of the old run; -1: none is. */
static unsigned install(Session *s, bool restart, long same_to, Error *err)
{
    unsigned long before = timeline_revision(session_run(s));
    if (!timeline_set(session_run(s), &s->scratch, err))
        return 0;
    bool same = same_surface(&s->scene, &s->scratch);
    scene_copy(&s->scene, &s->scratch);
    timeline_advance(session_run(s), ROWS_AT_ONCE);
    if (!same)
        surface_ready(s);
    follow_runners(s);
    if (restart) {
        s->cursor = 0;
        s->playing = true;
    }
    s->same_rows = same_to;
    s->same_revision = before;
    s->named = NULL;
    return CHANGED_RUN | (same ? 0 : CHANGED_SURFACE) | (restart ? RESTARTED : 0);
}

bool session_begin(Session *s, const Scene *scene, Error *err)
{
    if (!timeline_set(session_run(s), scene, err))
        return false;
    scene_copy(&s->scene, scene);
    timeline_advance(session_run(s), ROWS_AT_ONCE);
    s->same_rows = -1;
    surface_ready(s);
    follow_runners(s);
    return true;
}

/* What is pinned stays through another scene on the same loss. */
static void carry_runners(Session *s)
{
    Error ignored;
    Scene *like = &s->plain;
    for (int i = 1; scene_of_runner(&s->scene, i, like); i++)
        if (!scene_add_runner(&s->scratch, like, &ignored))
            return;
}

unsigned session_scene(Session *s, const Gate *gate, const Scene *scene, Error *err)
{
    if (gate && !gate_allows_scene(gate, err))
        return 0;
    if (scene != &s->scratch)
        scene_copy(&s->scratch, scene);
    int before = s->history.count;
    bool same = same_surface(&s->scene, &s->scratch);
    remember(s, true);
    if (same && gate && scene_runners(&s->scratch) == 1)
        carry_runners(s);
    if (same)
        leave_ghost(s);
    unsigned bits = install(s, true, -1, err);
    if (!bits) {
        forget_to(&s->history, before);
        return 0;
    }
    if (!same)
        s->track[TRACK_GHOST].shown = false;
    s->pair = -1;
    return bits;
}

unsigned session_named(Session *s, const Gate *gate, const NamedScene *named, Error *err)
{
    if (!named_load(named, &s->scratch, err))
        return 0;
    unsigned bits = session_scene(s, gate, &s->scratch, err);
    if (bits)
        s->named = named;
    return bits;
}

/* Rates belong to the surface they were chosen for. */
static void drop_rates(Scene *s)
{
    s->given &= ~(1u << SCENE_START | 1u << SCENE_WINDOW | 1u << SCENE_ETA0 | 1u << SCENE_DATA |
                  1u << SCENE_HELD_OUT | 1u << SCENE_BATCH);
    s->data[0] = s->held_out[0] = '\0';
    s->batch = 0;
    s->start = vec2(0, 0);
    s->window = (Window){0};
    s->eta0 = 0;
    if (s->schedule.row < 0)
        return;
    const ParamInfo *rows = schedules[s->schedule.row].params;
    for (int i = 0; rows[i].name; i++)
        if (strcmp(rows[i].unit, "rate") == 0)
            s->schedule.params.given &= ~(1u << i);
}

/* An assignment to the start of the run: schedule and optimizer of the current name, and
 * parameters of the current surface, change only what they name. */
static bool assign_start(Scene *s, const Assignment *as, Error *err)
{
    Edit e;
    bool choice = as->key == SCENE_SCHEDULE || as->key == SCENE_OPTIMIZER;
    if (choice) {
        if (!edit_parse_value(s, &e, 0, as->key, as->value, as->length, err))
            return false;
        choice_merge(as->key == SCENE_SCHEDULE ? &s->schedule : &s->optimizer, &e.choice, NULL);
        s->given |= 1u << as->key;
        return true;
    }
    if (as->key == SCENE_SURFACE) {
        Error other;
        if (edit_parse_value(s, &e, 0, as->key, as->value, as->length, &other)) {
            named_merge(&s->surface.named, &e.choice.named);
            return true;
        }
        if (!scene_assign(s, as->key, as->value, as->length, err))
            return false;
        drop_rates(s);
        return true;
    }
    return scene_assign(s, as->key, as->value, as->length, err);
}

/* May these change while the run goes on? */
static bool all_live(const Session *s, const Assignment *list, int count)
{
    for (int i = 0; i < count; i++) {
        Edit e;
        Error ignored;
        if (!scene_keys[list[i].key].editable)
            return false;
        if (list[i].key == SCENE_SURFACE &&
            !edit_parse_value(&s->scene, &e, 1, SCENE_SURFACE, list[i].value, list[i].length,
                              &ignored))
            return false;
    }
    return true;
}

static int surface_first(const void *x, const void *y)
{
    const Assignment *a = x;
    const Assignment *b = y;
    return (int)a->key - (int)b->key;
}

static bool prepare(Session *s, bool live, long row, Assignment *list, int count, Error *err)
{
    scene_copy(&s->scratch, &s->scene);
    scene_spell_out_runners(&s->scratch); /* a change to A is no change to them */
    if (live)
        scene_drop_edits(&s->scratch, row + 1);
    else
        scene_fold(&s->scratch, row);
    qsort(list, (size_t)count, sizeof list[0], surface_first);
    for (int i = 0; i < count; i++) {
        bool ok =
            live ? scene_edit(&s->scratch, row, list[i].key, list[i].value, list[i].length, err)
                 : assign_start(&s->scratch, &list[i], err);
        if (!ok)
            return false;
    }
    scene_shorten_runners(&s->scratch);
    return true;
}

unsigned session_assign(Session *s, const Gate *gate, const Assignment *list, int count, Error *err)
{
    Assignment sorted[SCENE_KEYS];
    if (count > SCENE_KEYS)
        return error_set(err, 1, 1, "too many assignments");
    if (!gate_allows(gate, list, count, err))
        return 0;
    memcpy(sorted, list, sizeof list[0] * (size_t)count);
    long row = session_row(s);
    bool live = row > 0 && row < session_last(s) && !gate_tries(gate) && all_live(s, list, count);
    if (!prepare(s, live, row, sorted, count, err))
        return 0;
    int before = s->history.count;
    bool same = same_surface(&s->scene, &s->scratch);
    while (!same && scene_runners(&s->scratch) > 1)
        scene_remove_runner(&s->scratch, 1); /* they were on the other loss */
    remember(s, !live);
    s->track[TRACK_GHOST].shown = false;
    if (same)
        leave_ghost(s);
    unsigned bits = install(s, !live, live ? row : -1, err);
    if (!bits) {
        forget_to(&s->history, before);
        s->track[TRACK_GHOST].shown = false;
        return 0;
    }
    s->pair = -1;
    if (live)
        snprintf(s->from, sizeof s->from, "from step %ld", row);
    else
        snprintf(s->from, sizeof s->from, row > 0 ? "· the run restarts" : "from step 0");
    return bits;
}

unsigned session_set(Session *s, const Gate *gate, SceneKey key, const char *value, size_t length,
                     Error *err)
{
    return session_assign(s, gate, &(Assignment){key, value, length}, 1, err);
}

unsigned session_add_lines(Session *s, const Gate *gate, const char *lines, Error *err)
{
    WordScan scan = word_scan(lines);
    Word w;
    int got;
    int before = s->history.count;
    if (!gate_allows_scene(gate, err))
        return 0;
    scene_copy(&s->scratch, &s->scene);
    while ((got = word_next(&scan, &w, err)) > 0)
        if (!scene_scan_line(&s->scratch, &scan, &w, err))
            return 0;
    if (got < 0)
        return 0;
    remember(s, false);
    unsigned bits = install(s, false, -1, err);
    if (!bits)
        forget_to(&s->history, before);
    s->pair = -1;
    return bits;
}

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
        text_add(out, "%s%s%s=", written ? "" : r->schedule->name, written ? "," : ":", p->name);
        text_number(out, r->value[i] * factor);
        written++;
    }
}

unsigned session_set_eta0(Session *s, const Gate *gate, double eta0, Error *err)
{
    const Rate *r = timeline_rate(session_run(s), session_row(s));
    char value[NUMBER_TEXT];
    char scaled[512];
    Text schedule = text_over(scaled, sizeof scaled);
    number_print(value, eta0);
    scaled_schedule(r, eta0 / r->eta0, &schedule);
    Assignment list[2] = {{SCENE_ETA0, value, strlen(value)},
                          {SCENE_SCHEDULE, scaled, schedule.used}};
    return session_assign(s, gate, list, schedule.used ? 2 : 1, err);
}

unsigned session_undo(Session *s)
{
    if (s->history.left == 0)
        return 0;
    Before *b = &s->history.ring[(s->history.count - 1) % UNDO];
    Error ignored;
    scene_default(&s->scratch);
    if (!scene_parse(&s->scratch, b->text, NULL, &ignored))
        return 0;
    double cursor = b->restarted ? b->cursor : s->cursor;
    long same_to = b->restarted ? -1 : (long)fmin(b->cursor, s->cursor);
    unsigned bits = install(s, false, same_to, &ignored);
    if (!bits)
        return 0;
    s->playing = s->playing && !b->restarted;
    forget_to(&s->history, s->history.count - 1);
    s->track[TRACK_GHOST].shown = false;
    session_seek(s, cursor);
    return bits;
}

unsigned session_zoom(Session *s, Window w)
{
    Vec2 size = window_size(w);
    if (!(size.x > 1e-9 * fmax(1, fabs(w.lo.x))) || !(size.y > 1e-9 * fmax(1, fabs(w.lo.y))) ||
        !(fabs(w.lo.x) + fabs(w.hi.x) + fabs(w.lo.y) + fabs(w.hi.y) < 1e9))
        return 0;
    if (memcmp(&w, &s->window, sizeof w) == 0)
        return 0;
    s->window = w;
    return CHANGED_MAP;
}

bool changed(App *a, unsigned bits)
{
    a->changed |= bits;
    a->dirty = true;
    if (bits & CHANGED_RUN)
        a->say->end_told = false;
    return bits != 0;
}

/* ---- verbs: playing ---- */

static bool run_play(App *a, const char *args, Error *err)
{
    Session *s = a->session;
    (void)args;
    (void)err;
    if (!s->playing && session_row(s) >= session_last(s)) {
        session_seek(s, 0);
        a->say->end_told = false;
        say(a, "again from step 0");
        s->playing = true;
        return true;
    }
    s->playing = !s->playing;
    say(a, s->playing ? "playing" : "paused at step %ld: ← → walk, space plays on", session_row(s));
    return true;
}

static void walk_to(App *a, double row)
{
    Session *s = a->session;
    s->playing = false;
    session_seek(s, row);
    say(a, "step %ld of %ld", session_row(s), session_last(s));
}

static bool run_step(App *a, const char *args, Error *err)
{
    long by;
    if (!whole_argument(args, &by, err))
        return false;
    walk_to(a, (double)(session_row(a->session) + by));
    return true;
}

static bool run_seek(App *a, const char *args, Error *err)
{
    Session *s = a->session;
    long to = 0;
    if (strcmp(args, "end") == 0)
        to = session_last(s);
    else if (strcmp(args, "start") != 0 && !whole_argument(args, &to, err))
        return false;
    walk_to(a, (double)to);
    a->say->end_told = session_row(s) < session_last(s); /* at the end, what it came to */
    return true;
}

static bool run_speed(App *a, const char *args, Error *err)
{
    Session *s = a->session;
    bool up = strcmp(args, "up") == 0;
    if (!up && strcmp(args, "down") != 0)
        return bad_argument(err, args, "'up' or 'down'");
    double speed = up ? s->speed * 2 : s->speed / 2;
    if (speed >= 1.0 / 64 && speed <= 64)
        s->speed = speed;
    char text[NUMBER_TEXT];
    number_show(text, session_pace(s), 3);
    say(a, "speed ×%g: %s steps a second", s->speed, text);
    return true;
}

static bool run_restart(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    session_seek(a->session, 0);
    a->session->playing = true;
    a->say->end_told = false;
    say(a, "from the start again; nothing was changed");
    return true;
}

/* ---- verbs: changes ---- */

bool set_eta0(App *a, double eta0, Error *err)
{
    Session *s = a->session;
    double from = timeline_rate(session_run(s), session_row(s))->eta0;
    if (!changed(a, session_set_eta0(s, a->gate, eta0, err)))
        return false;
    char was[NUMBER_TEXT];
    char now[NUMBER_TEXT];
    number_brief(was, from, 3);
    number_brief(now, eta0, 3);
    say(a, "%s learning rate: η₀ %s → %s %s", eta0 > from ? "higher" : "lower", was, now, s->from);
    say_short(a, "η₀ %s → %s %s", was, now, s->from);
    return true;
}

static bool run_eta0(App *a, const char *args, Error *err)
{
    double v;
    bool times = *args == '*';
    double now = timeline_rate(session_run(a->session), session_row(a->session))->eta0;
    if (!number_parse(args + times, strlen(args + times), &v) || !(v > 0) || !isfinite(v))
        return bad_argument(err, args, "a rate > 0 or *FACTOR");
    if (times)
        v *= now;
    if (!isfinite(v) || v <= 0)
        return bad_argument(err, args, "a rate > 0 or *FACTOR");
    return set_eta0(a, v, err);
}

static bool run_data(App *a, const char *args, Error *err)
{
    if (!*args)
        return bad_argument(err, args, "a CSV file");
    if (!changed(a, session_set(a->session, a->gate, SCENE_DATA, args, strlen(args), err)))
        return false;
    say(a, "the loss is the mean over the rows of %s %s", args, a->session->from);
    return true;
}

bool set_start(App *a, Vec2 p, Error *err)
{
    Session *s = a->session;
    char value[2 * NUMBER_TEXT + 2];
    Text t = text_over(value, sizeof value);
    char x[NUMBER_TEXT];
    char y[NUMBER_TEXT];
    Vec2 size = window_size(s->window);
    /* as many digits as the screen can tell apart, and two more */
    int dx = (int)fmin(12, fmax(0, 4 - floor(log10(size.x))));
    int dy = (int)fmin(12, fmax(0, 4 - floor(log10(size.y))));
    snprintf(x, sizeof x, "%.*f", dx, p.x);
    snprintf(y, sizeof y, "%.*f", dy, p.y);
    text_number(&t, strtod(x, NULL));
    text_add(&t, ",");
    text_number(&t, strtod(y, NULL));
    if (!changed(a, session_set(s, a->gate, SCENE_START, value, t.used, err)))
        return false;
    say(a, "a new start at %s; the run begins again", value);
    return true;
}

/* k-th random start: a pure function of the scene's seed and k, so that demonstrations repeat. */
static Vec2 random_start(Session *s)
{
    Vec2 size = window_size(s->window);
    uint64_t k = 2 * s->randoms++;
    uint64_t seed = s->scene.seed ^ UINT64_C(0xD1B54A32D192ED03);
    return vec2(s->window.lo.x + size.x * rng_uniform(seed, k),
                s->window.lo.y + size.y * rng_uniform(seed, k + 1));
}

static bool run_start(App *a, const char *args, Error *err)
{
    if (strcmp(args, "random") == 0)
        return set_start(a, random_start(a->session), err);
    if (strcmp(args, "place") == 0)
        return view_open(a, "place", "", err);
    if (!*args)
        return bad_argument(err, args, "X,Y, random or place");
    if (!changed(a, session_set(a->session, a->gate, SCENE_START, args, strlen(args), err)))
        return false;
    say(a, "a new start at %s; the run begins again", args);
    return true;
}

void say_chosen(App *a)
{
    const Session *s = a->session;
    char text[160];
    char n[2][NUMBER_TEXT];
    Text t = text_over(text, sizeof text);
    Vec2 start = timeline_rows(session_run(s))[0].at;
    if (s->scene.surface.row >= 0)
        return;
    if (!scene_given(&s->scene, SCENE_ETA0)) {
        number_brief(n[0], timeline_rate(session_run(s), 0)->eta0, 3);
        text_add(&t, " eta0=%s", n[0]);
    }
    if (!scene_given(&s->scene, SCENE_START)) {
        number_brief(n[0], start.x, 3);
        number_brief(n[1], start.y, 3);
        text_add(&t, " start=%s,%s", n[0], n[1]);
    }
    if (!scene_given(&s->scene, SCENE_WINDOW)) {
        Window w = timeline_window(session_run(s));
        text_add(&t, " window=%g,%g,%g,%g", w.lo.x, w.hi.x, w.lo.y, w.hi.y);
    }
    if (t.used)
        say(a, "chosen for you:%s. Give them to have others", text);
}

static bool run_undo(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    if (!changed(a, session_undo(a->session))) {
        say_warn(a, "nothing to undo");
        return true;
    }
    a->say->end_told = true; /* that it was undone is what is to be read */
    say(a, "undone: the run is as it was before");
    return true;
}

/* ---- verbs: the map ---- */

static Window zoomed(Window w, Vec2 about, double factor)
{
    return (Window){vec_add(about, vec_scale(factor, vec_sub(w.lo, about))),
                    vec_add(about, vec_scale(factor, vec_sub(w.hi, about)))};
}

static bool run_zoom(App *a, const char *args, Error *err)
{
    static const double step = 1.4142135623730951;
    Session *s = a->session;
    Vec2 head = session_now(s)->at;
    Vec2 about = window_contains(s->window, head) ? head : window_centre(s->window);
    Window to = timeline_window(session_run(s));
    const View *own = view_at_work(a->views);
    if (own && own->zoom)
        return own->zoom(a, args, err);
    if (strcmp(args, "in") == 0)
        to = zoomed(s->window, about, 1 / step);
    else if (strcmp(args, "out") == 0)
        to = zoomed(s->window, window_centre(s->window), step);
    else if (strcmp(args, "whole") != 0)
        return bad_argument(err, args, "in, out or whole");
    changed(a, session_zoom(s, to));
    char x[4][NUMBER_TEXT];
    number_show(x[0], s->window.lo.x, 3);
    number_show(x[1], s->window.hi.x, 3);
    number_show(x[2], s->window.lo.y, 3);
    number_show(x[3], s->window.hi.y, 3);
    say(a, "the map shows x %s to %s, y %s to %s", x[0], x[1], x[2], x[3]);
    return true;
}

static bool run_ghost(App *a, const char *args, Error *err)
{
    Track *ghost = &a->session->track[TRACK_GHOST];
    (void)args;
    (void)err;
    ghost->shown = !ghost->shown && timeline_ready(ghost->run) > 0;
    say(a, ghost->shown ? "the old run is shown faintly" : "the old run is hidden");
    return true;
}

static bool run_pin(App *a, const char *args, Error *err)
{
    int i = session_pin(a->session, err);
    (void)args;
    if (i < 0)
        say(a, "runner %c taken off", 'A' - i);
    if (i > 0)
        say(a, "kept as runner %c: it stays while you change things; p again takes it off", 'A' + i);
    return i != 0;
}

static bool run_unpin(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    session_unpin(a->session);
    say(a, "no other runner any more");
    return true;
}

const Command session_commands[] = {
    {"play", "", "playing", "play or pause; at the end play again", run_play, COMMAND_PLAYS, NULL},
    {"step", "N", "playing", "one step back or forward; with shift ten", run_step, COMMAND_PLAYS,
     NULL},
    {"seek", "start|end|N", "playing", "to the start or the end", run_seek, COMMAND_PLAYS, NULL},
    {"restart", "", "playing", "play the same run from step 0", run_restart, COMMAND_PLAYS, NULL},
    {"speed", "up|down", "playing", "play faster or slower", run_speed, COMMAND_PLAYS, NULL},
    {"eta0", "RATE|*FACTOR", "rate", "set η₀; other rates of the schedule keep their ratio",
     run_eta0, 0, NULL},
    {"data", "FILE.csv", "choices", "rows for a formula over data", run_data, COMMAND_CHOICE, NULL},
    {"start", "X,Y|random|place", "map", "where the run starts", run_start, 0, NULL},
    {"zoom", "in|out|whole", "map", "zoom in, out, to the whole window", run_zoom, 0, NULL},
    {"ghost", "", "looks", "show or hide the old run", run_ghost, 0, NULL},
    {"pin", "", "instrument", "keep this run as a runner, up to five; again: let it go", run_pin,
     0, NULL},
    {"unpin", "", "instrument", "let all kept runs go", run_unpin, 0, NULL},
    {"undo", "", "other", "take the last change back", run_undo, 0, NULL},
    {.name = NULL},
};
