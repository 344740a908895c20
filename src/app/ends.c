/* SPDX-License-Identifier: MIT
 * ends: see ends.h */
#include "app/ends.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/look.h"
#include "app/say.h"
#include "view/panel.h"
#include "view/path.h"

bool ends_open(Ends *e, Error *err)
{
    if (!e->maps)
        e->maps = maps_new();
    if (!e->maps)
        return error_set(err, 0, 0, "out of memory");
    e->stale = true;
    e->waits = true;
    return true;
}

void ends_release(Ends *e)
{
    maps_free(e->maps);
    free(e->pixel);
}

/* ---- what is mapped ------------------------------------------------------------------------ */

MapsSpec ends_spec(const App *a)
{
    Rect map = rect_inside(a->look->layout.map);
    MapsSpec s = maps_spec_default();
    s.cols = map.cols > 0 ? map.cols : 1;
    s.rows = map.rows > 0 ? 2 * map.rows : 2;
    s.coarse = true;
    return s;
}

Window ends_middles(Window w, const MapsSpec *s)
{
    Vec2 size = window_size(w);
    Vec2 half = vec2(size.x / (2 * s->cols), size.y / (2 * s->rows));
    return (Window){vec_add(w.lo, half), vec_sub(w.hi, half)};
}

static bool same_spec(const MapsSpec *p, const MapsSpec *q)
{
    return p->kind == q->kind && p->cols == q->cols && p->rows == q->rows &&
           memcmp(&p->view, &q->view, sizeof p->view) == 0 &&
           strcmp(p->axis[0], q->axis[0]) == 0 && strcmp(p->axis[1], q->axis[1]) == 0;
}

/* The settings at the play head, as a scene from step 0. */
static void present_scene(const Session *s, Scene *out)
{
    scene_of_runner(&s->scene, 0, out);
    scene_fold(out, session_row(s));
}

/* What the map varies does not count. */
static void neutralise(const MapsSpec *spec, Scene *s)
{
    MapsAxis axis;
    Error ignored;
    if (spec->kind == MAPS_BASIN) {
        s->start = vec2(0, 0);
        s->given |= 1u << SCENE_START;
        return;
    }
    for (int i = 0; i < 2; i++)
        if (maps_axis_read(&axis, spec->axis[i], s, &ignored))
            maps_axis_apply(&axis, axis.lo, s);
}

bool ends_behind(const App *a, const Ends *e)
{
    return e->stale || e->revision != timeline_revision(session_run(a->session));
}

static bool start(App *a, Ends *e)
{
    const Timeline *run = session_run(a->session);
    size_t pixels = (size_t)e->spec.cols * (size_t)e->spec.rows;
    if (timeline_steps(run) > ENDS_STEPS)
        return error_set(&e->error, 0, 0, "runs of more than %d steps are too long for a map",
                         ENDS_STEPS);
    ClassPixel *pixel = realloc(e->pixel, pixels * sizeof *pixel);
    if (!pixel)
        return error_set(&e->error, 0, 0, "out of memory");
    e->pixel = pixel;
    for (size_t i = 0; i < pixels; i++)
        pixel[i] = (ClassPixel){CLASS_NONE, 0};
    present_scene(a->session, &e->scratch);
    if (!maps_start(e->maps, &e->scratch, &e->spec, run, &e->error))
        return false;
    e->col = e->col < e->spec.cols ? e->col : e->spec.cols - 1;
    e->row = e->row < e->spec.rows ? e->row : e->spec.rows - 2;
    maps_focus(e->maps, e->col, e->row);
    return true;
}

/* Is another map wanted than the one there is? */
static bool outdated(App *a, Ends *e, const MapsSpec *spec)
{
    bool other = e->stale || !same_spec(&e->spec, spec);
    if (!other && !ends_behind(a, e))
        return false;
    present_scene(a->session, &e->scratch);
    neutralise(spec, &e->scratch);
    if (!other && scene_equal(&e->scratch, &e->made))
        return false;
    scene_copy(&e->made, &e->scratch);
    return true;
}

/* An update of a loss over rows costs as many. */
static long slice_for(const Timeline *run)
{
    const Loss *loss = timeline_loss(run);
    return ENDS_SLICE / (loss->data ? loss_rows(loss) : 1) + 1;
}

bool ends_advance(App *a, Ends *e, const MapsSpec *spec)
{
    if (outdated(a, e, spec)) {
        e->spec = *spec;
        e->error = (Error){0};
        e->started = start(a, e);
        e->stale = false;
        e->waits = true;
    }
    e->revision = timeline_revision(session_run(a->session));
    a->dirty = a->dirty || e->waits;
    e->waits = e->started && maps_advance(e->maps, slice_for(session_run(a->session)));
    return e->waits;
}

/* ---- the cross ----------------------------------------------------------------------------- */

static int clamp(int v, int most)
{
    return v < 0 ? 0 : v > most ? most : v;
}

static void put_cross(Ends *e, const MapsSpec *s, int col, int row)
{
    e->col = clamp(col, s->cols - 1);
    e->row = clamp(row, s->rows - 2) / 2 * 2;
}

void ends_put_cross(Ends *e, const MapsSpec *s, Vec2 place)
{
    Vec2 size = window_size(e->view);
    if (window_contains(e->view, place))
        put_cross(e, s, (int)((place.x - e->view.lo.x) / size.x * s->cols),
                  (int)((e->view.hi.y - place.y) / size.y * s->rows));
}

/* Where the cross lies, in the units of the view. */
static Vec2 cross_place(const Ends *e)
{
    Window m = ends_middles(e->view, &e->spec);
    Vec2 size = window_size(m);
    return vec2(m.lo.x + size.x * e->col / (e->spec.cols > 1 ? e->spec.cols - 1 : 1),
                m.hi.y - size.y * e->row / (e->spec.rows > 1 ? e->spec.rows - 1 : 1));
}

/* "at global minimum 2, still from step 34" */
static void end_text(const Pixel *p, Text *t)
{
    if (!p) {
        text_add(t, "not looked at yet");
        return;
    }
    text_add(t, "%s", outcomes[p->outcome].word);
    if (p->minimum)
        text_add(t, " %d", p->minimum);
    if (outcomes[p->outcome].settled)
        text_add(t, ", still from step %d", (int)p->still);
}

static void place_text(const Ends *e, Text *t)
{
    Vec2 at = maps_place(e->maps, e->col, e->row);
    char n[2][NUMBER_TEXT];
    number_show(n[0], at.x, 4);
    number_show(n[1], at.y, 4);
    if (e->spec.kind == MAPS_BASIN)
        text_add(t, "start %s, %s", n[0], n[1]);
    else
        text_add(t, "η₀ %s, %s %s", n[0], maps_axis(e->maps, 1)->name, n[1]);
}

static void say_cross(App *a, const Ends *e)
{
    char place[96], end[96];
    Text p = text_over(place, sizeof place), q = text_over(end, sizeof end);
    if (!e->started) {
        say_warn(a, "%s", e->error.message[0] ? e->error.message : "the map begins");
        return;
    }
    place_text(e, &p);
    end_text(maps_pixel(e->maps, e->col, e->row), &q);
    say(a, "%s: %s; Enter plays it", place, end);
    say_short(a, "%s: %s", place, end);
}

static void cross_moved(App *a, Ends *e)
{
    if (e->started && e->waits)
        maps_focus(e->maps, e->col, e->row);
    a->dirty = true;
    say_cross(a, e);
}

void ends_move(App *a, Ends *e, int dx, int dy)
{
    if (e->started)
        put_cross(e, &e->spec, e->col + dx, e->row - 2 * dy);
    cross_moved(a, e);
}

bool ends_point(App *a, Ends *e, int col, int row)
{
    if (!e->started)
        return false;
    put_cross(e, &e->spec, col, 2 * row);
    cross_moved(a, e);
    return true;
}

/* ---- zoom ---------------------------------------------------------------------------------- */

/* Neighbouring pixels must be different numbers. */
static bool fine_enough(Window w, const MapsSpec *s)
{
    Vec2 size = window_size(w);
    double x = fmax(fabs(w.lo.x), fabs(w.hi.x));
    double y = fmax(fabs(w.lo.y), fabs(w.hi.y));
    return size.x / s->cols > 1e-15 * x && size.y / s->rows > 1e-15 * y;
}

static Window cut_to(Window w, Window limits)
{
    return (Window){vec2(fmax(w.lo.x, limits.lo.x), fmax(w.lo.y, limits.lo.y)),
                    vec2(fmin(w.hi.x, limits.hi.x), fmin(w.hi.y, limits.hi.y))};
}

bool ends_zoom(App *a, Ends *e, const char *way, Error *err)
{
    bool in = strcmp(way, "in") == 0;
    Window to = e->home;
    Vec2 about = cross_place(e);
    if (!e->started)
        return true;
    if (in || strcmp(way, "out") == 0) {
        double factor = in ? 0.5 : 2;
        to = (Window){vec_add(about, vec_scale(factor, vec_sub(e->view.lo, about))),
                      vec_add(about, vec_scale(factor, vec_sub(e->view.hi, about)))};
        to = cut_to(to, e->limits);
    } else if (strcmp(way, "whole") != 0) {
        return bad_argument(err, way, "in, out or whole");
    }
    if (in && !fine_enough(to, &e->spec)) {
        say_warn(a, "no closer: neighbouring runs would begin with the same numbers");
        return true;
    }
    e->view = to;
    ends_put_cross(e, &e->spec, about);
    e->waits = true;
    double times = window_size(e->home).x / window_size(to).x;
    say(a, "×%.3g about the cross; + - zoom, 0 shows all", times);
    return true;
}

/* ---- enter --------------------------------------------------------------------------------- */

bool ends_take(App *a, Ends *e, Error *err)
{
    Session *s = a->session;
    char place[96];
    Text t = text_over(place, sizeof place);
    if (!e->started || !maps_pixel_scene(e->maps, e->col, e->row, &s->scratch)) {
        say_warn(a, "there is no run to play");
        return true;
    }
    place_text(e, &t);
    if (!changed(a, session_scene(s, a->gate, &s->scratch, err)))
        return false;
    s->playing = true;
    say(a, "%s: the run under the cross, from step 0", place);
    return true;
}

/* ---- pictures ------------------------------------------------------------------------------ */

/* What a pixel adds to the counts. */
static void count_pixel(Ends *e, const Pixel *p)
{
    if (p->minimum)
        e->minimum[p->minimum - 1]++;
    else
        e->count[class_of(0, (Outcome)p->outcome)]++;
    e->least = p->still < e->least ? p->still : e->least;
}

/* 0 for the first to settle, 255 for those that move to the end: equal ratios, equal steps. */
static uint8_t lateness(const Ends *e, long still)
{
    double all = log((1.0 + (double)maps_steps(e->maps)) / (1.0 + (double)e->least));
    double part = log((1.0 + (double)still) / (1.0 + (double)e->least));
    return (uint8_t)(all > 0 ? 255 * fmin(1, part / all) : 0);
}

void ends_refresh(Ends *e)
{
    const Pixel *p;
    memset(e->count, 0, sizeof e->count);
    memset(e->minimum, 0, sizeof e->minimum);
    e->least = e->started ? maps_steps(e->maps) : 0;
    for (int i = 0; e->started && i < e->spec.rows * e->spec.cols; i++)
        if ((p = maps_pixel(e->maps, i % e->spec.cols, i / e->spec.cols)))
            count_pixel(e, p);
    for (int i = 0; e->started && i < e->spec.rows * e->spec.cols; i++)
        if ((p = maps_pixel(e->maps, i % e->spec.cols, i / e->spec.cols)))
            e->pixel[i] = (ClassPixel){(uint8_t)class_of(p->minimum, (Outcome)p->outcome),
                                       lateness(e, p->still)};
}

/* A row of the legend. */
typedef struct Share {
    int class;
    long count;
    int minimum; /* from 1, 0: an outcome */
} Share;

enum { SHARES = CRITICAL_MAX + CLASSES };

static int by_count(const void *a, const void *b)
{
    const Share *p = a, *q = b;
    if (p->count != q->count)
        return p->count > q->count ? -1 : 1;
    return p->minimum != q->minimum ? p->minimum - q->minimum : p->class - q->class;
}

static int list_shares(const Ends *e, Share *out, long *all)
{
    int n = 0;
    *all = 0;
    for (int i = 0; i < CRITICAL_MAX; i++)
        if (e->minimum[i])
            out[n++] = (Share){i % CLASS_MINIMA, e->minimum[i], i + 1};
    for (int i = CLASS_MINIMA; i < CLASSES; i++)
        if (e->count[i])
            out[n++] = (Share){i, e->count[i], 0};
    for (int i = 0; i < n; i++)
        *all += out[i].count;
    qsort(out, (size_t)n, sizeof *out, by_count);
    return n;
}

static void share_text(const Ends *e, const Share *s, long all, Text *t)
{
    char n[2][NUMBER_TEXT];
    double percent = 100 * (double)s->count / (double)all;
    if (percent < 0.05)
        text_add(t, " <0.1 %%  ");
    else
        text_add(t, "%5.*f %%  ", percent < 9.95 ? 1 : 0, percent);
    if (!s->minimum) {
        text_add(t, "%s", outcomes[s->class - CLASS_MINIMA].word);
        return;
    }
    const Critical *c = &maps_known(e->maps)->point[s->minimum - 1];
    number_show(n[0], c->at.x, 3);
    number_show(n[1], c->at.y, 3);
    if (e->spec.kind == MAPS_BASIN)
        text_add(t, "%s %s, %s", c->global ? "★" : "▾", n[0], n[1]);
    else
        text_add(t, "minimum %d", s->minimum);
}

static void draw_legend(const App *a, const Ends *e, Canvas *c)
{
    const Paint *p = &a->look->paint;
    const Layout *l = &a->look->layout;
    Rect r = l->now.rows >= 4 ? l->now : l->loss;
    Rect in = rect_inside(r);
    Share share[SHARES];
    long all;
    if (a->look->big || in.rows < 2)
        return;
    canvas_fill(c, r, ' ', p->role[ROLE_TEXT], p->role[ROLE_BACK]);
    panel_frame(c, r, e->spec.kind == MAPS_BASIN ? "ends of all starts" : "ends of all pairs", "", p);
    if (!e->started) {
        panel_wrap(c, in, e->error.message[0] ? e->error.message : "the map begins", ROLE_DIM, p);
        return;
    }
    int n = list_shares(e, share, &all);
    for (int i = 0; i < n && i < in.rows; i++) {
        char text[96];
        Text t = text_over(text, sizeof text);
        share_text(e, &share[i], all, &t);
        classes_swatch(c, in.col + 1, in.row + i, share[i].class, p);
        panel_text(c, in.col + 2, in.row + i, in.cols - 3, text, ROLE_TEXT, p);
    }
}

static void draw_axes(const App *a, const Ends *e, Canvas *c, Rect r)
{
    const Paint *p = &a->look->paint;
    if (e->spec.kind == MAPS_BASIN) {
        panel_axes(c, r, e->view, p);
        return;
    }
    const MapsAxis *y = maps_axis(e->maps, 1);
    Scale across = {pow(10, e->view.lo.x), pow(10, e->view.hi.x), 0, true};
    Scale up = {y->log ? pow(10, e->view.lo.y) : e->view.lo.y,
                y->log ? pow(10, e->view.hi.y) : e->view.hi.y, 0, y->log};
    panel_scales(c, r, &across, &up, p);
}

/* The minima lie where they lie among the starts. */
static void draw_minima(const App *a, const Ends *e, Canvas *c, Rect map)
{
    const Paint *p = &a->look->paint;
    const CriticalSet *known = maps_known(e->maps);
    int col, row;
    for (int i = 0; i < known->minima && e->spec.kind == MAPS_BASIN; i++)
        if (map_cell(e->view, map.cols, map.rows, known->point[i].at, &col, &row))
            classes_mark(c, map.col + col, map.row + row,
                         p->mark[known->point[i].global ? MARK_GLOBAL : MARK_LOCAL], p);
}

/* How far it is, and what lies on the axis up. */
static void note_text(const Ends *e, Text *t)
{
    char n[2][NUMBER_TEXT];
    double part = maps_progress(e->maps);
    if (part < 1)
        text_add(t, "%.0f %%%s", 100 * part, e->spec.kind == MAPS_SWEEP ? " · " : "");
    if (e->spec.kind != MAPS_SWEEP)
        return;
    bool log = maps_axis(e->maps, 1)->log;
    number_brief(n[0], log ? pow(10, e->view.lo.y) : e->view.lo.y, 3);
    number_brief(n[1], log ? pow(10, e->view.hi.y) : e->view.hi.y, 3);
    text_add(t, "↑ %s to %s", n[0], n[1]);
}

void ends_draw(const App *a, const Ends *e, Canvas *c)
{
    const Paint *p = &a->look->paint;
    Rect r = a->look->layout.map;
    Rect map = rect_inside(r);
    char note[96] = "";
    if (gate_hides(a->gate) || map.cols < 1 || map.rows < 1)
        return;
    Text t = text_over(note, sizeof note);
    if (e->started)
        note_text(e, &t);
    panel_frame(c, r, e->title, note, p);
    canvas_fill(c, map, ' ', p->role[ROLE_DIM], p->role[ROLE_BACK]);
    draw_legend(a, e, c);
    if (!e->started)
        return;
    draw_axes(a, e, c, r);
    classes_draw(&(ClassMap){e->spec.cols, e->spec.rows, e->pixel}, c, map, p);
    draw_minima(a, e, c, map);
    classes_cross(c, map, map.col + e->col, map.row + e->row / 2, p);
}
