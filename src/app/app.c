/* SPDX-License-Identifier: MIT
 * app: see app.h. Events change the state, app_advance moves the play head and does waiting work in
 * slices, draw.c shows it. */
#include "app/app.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/state.h"
#include "base/words.h"
#include "teach/claims.h"

enum {
    SLICE_ROWS = 20000,     /* rows of a long run a call: some 3 ms */
    SLICE_FIELD = 60000,    /* evaluations for the map a call */
    SLICE_NEWTON = 24,      /* starts of the search for critical points a call */
};

static bool first_scene(App *a, const AppOptions *options, Error *err)
{
    if (options->scene) {
        scene_copy(&a->scratch, options->scene);
    } else {
        const Pair *p = pair_row(0);
        const NamedScene *named = named_find(p->id[0], strlen(p->id[0]));
        if (!named)
            return error_set(err, 0, 0, "the first scene is missing");
        if (!named_load(named, &a->scratch, err))
            return false;
        a->named = named;
        a->pair = 0;
    }
    if (!timeline_set(a->run, &a->scratch, err))
        return false;
    scene_copy(&a->scene, &a->scratch);
    timeline_advance(a->run, SLICE_ROWS);
    surface_ready(a);
    focus_build(a);
    a->ruler_stale = true;
    a->has_goal = options->goal != NULL;
    if (a->has_goal && !goal_parse(&a->goal, options->goal, err)) {
        error_in(err, "--goal");
        return false;
    }
    if (a->has_goal)
        goal_start(&a->goal_state, &a->goal, &a->critical);
    return true;
}

/* The list, one lesson, or a file of one's own. */
static bool begin_lessons(App *a, const AppOptions *options, Error *err)
{
    const char *which = options->lesson;
    bool file = which && (strchr(which, '/') || strchr(which, '.'));
    char line[128];
    if (!school_open(a, file ? which : NULL, err))
        return false;
    if (file)
        return school_start(a, -1, err); /* the file's own */
    if (!which)
        return app_command(a, "lessons", err);
    snprintf(line, sizeof line, "lesson %.100s", which);
    for (int i = 0; i < school_count(a); i++)
        if (school_is(a, i, which))
            return app_command(a, line, err);
    Near near;
    char hint[80];
    double number;
    if (number_parse(which, strlen(which), &number)) {
        error_set(err, 0, 0, "unknown lesson '%.20s': they go from 1 to %d", which, school_count(a));
        error_in(err, "learn");
        return false;
    }
    near_start(&near, which, strlen(which));
    for (int i = 0; i < school_count(a); i++)
        near_try(&near, school_id(a, i));
    error_set(err, 1, 1, "unknown lesson '%.60s'%s", which, near_hint(&near, hint, sizeof hint));
    error_in(err, "learn");
    return false;
}

App *app_new(const AppOptions *options, Error *err)
{
    App *a = calloc(1, sizeof *a);
    if (!a) {
        error_set(err, 0, 0, "out of memory");
        return NULL;
    }
    a->run = timeline_new();
    a->ghost.run = timeline_new();
    bool pins = ruler_init(&a->ruler);
    for (int i = 0; i < PINS; i++)
        pins = (a->pin[i].run = timeline_new()) != NULL && pins;
    a->pair = -1;
    a->focused = -1;
    a->mode = MODE_STAGE;
    a->speed = 1;
    a->playing = !options->paused;
    a->theme = options->theme;
    a->map = options->map;
    a->no_save = options->no_save;
    a->verdict_row = -1;
    a->dirty = true;
    a->prompt.complete_from = -1;
    claim_count(); /* read the table now: the frame loop allocates nothing */
    if (!a->run || !a->ghost.run || !pins) {
        error_set(err, 0, 0, "out of memory");
    } else if (first_scene(a, options, err)) {
        app_output(a, MODE_TRUECOLOR, GLYPHS_QUADRANT);
        if (options->lessons && !begin_lessons(a, options, err)) {
            app_free(a);
            return NULL;
        }
        if (options->lessons)
            return a;
        if (a->pair == 0) {
            say(a, "%s. Press 1: a cycle frees it", pair_row(0)->before[0]);
            say_short(a, "Press 1: a cycle frees it");
        } else
            say(a, "space pauses, ↑↓ change the learning rate, ? shows all keys");
        say_chosen(a);
        return a;
    }
    app_free(a);
    return NULL;
}

static void curves_release(Curves *c)
{
    curve_release(&c->rate_x);
    curve_release(&c->rate_y);
    curve_release(&c->batch);
    curve_release(&c->eta);
    curve_release(&c->limit);
    curve_release(&c->loss);
    curve_release(&c->held_out);
}

static void ghost_release(Ghost *g)
{
    timeline_free(g->run);
    path_release(&g->path);
    curves_release(&g->curves);
}

void app_free(App *a)
{
    if (!a)
        return;
    fit_release(a);
    finder_release(a);
    school_release(a);
    timeline_free(a->run);
    ruler_release(&a->ruler);
    field_release(&a->field);
    path_release(&a->path);
    path_release(&a->lens_path);
    curve_release(&a->card_curve);
    curves_release(&a->curves);
    ghost_release(&a->ghost);
    for (int i = 0; i < PINS; i++)
        ghost_release(&a->pin[i]);
    free(a);
}

void app_output(App *a, ColorMode mode, GlyphSet glyphs)
{
    a->mode_colors = mode;
    a->glyphs = glyphs;
    a->paint = paint_make(mode == MODE_MONO ? THEME_MONO : a->theme, a->map, mode, glyphs);
    a->dirty = true;
}

void app_ascii(App *a)
{
    a->ascii_only = true;
    app_output(a, a->mode_colors, GLYPHS_ASCII);
}

/* ---- sizes ---------------------------------------------------------------------------------- */

static bool curves_resize(Curves *c, int eta_dots, int loss_dots)
{
    return curve_resize(&c->eta, eta_dots) && curve_resize(&c->limit, eta_dots) &&
           curve_resize(&c->rate_x, eta_dots) && curve_resize(&c->rate_y, eta_dots) &&
           curve_resize(&c->loss, loss_dots) && curve_resize(&c->held_out, loss_dots) &&
           curve_resize(&c->batch, loss_dots);
}

static bool ghost_resize(Ghost *g, int cols, int rows, int eta_dots, int loss_dots)
{
    return path_resize(&g->path, cols, rows) && curves_resize(&g->curves, eta_dots, loss_dots);
}

/* Big type: the map, two numbers, a caption. */
static Layout big_layout(int cols, int rows)
{
    int side = cols >= 150 ? 58 : cols >= 100 ? 40 : 30;
    Layout small = layout_make(cols, rows);
    if (cols < 64 || rows < 16)
        return small; /* no room for anything bigger */
    return (Layout){
        .map = {0, 0, cols - side, rows - 3},
        .now = {cols - side + 2, 1, side - 3, rows - 4},
        .status = {0, rows - 3, cols, 2},
        .footer = {0, rows - 1, cols, 1},
    };
}

/* The lesson's words beside the map, the two numbers below it. */
static Layout big_lesson_layout(int cols, int rows)
{
    Layout l = layout_lesson(cols, rows);
    int digits = rows >= 30 ? 9 : 6;
    int left = l.map.cols;
    int body = rows - 2 - l.status.rows;
    if (cols < 60 || body < digits + 8)
        return l;
    l.lesson = (Rect){left, 1, cols - left, body};
    l.map.rows = body - digits;
    l.now = (Rect){1, 1 + body - digits, left - 2, digits};
    l.eta = l.loss = (Rect){0};
    return l;
}

static int positive(int v)
{
    return v > 0 ? v : 0;
}

/* Everything whose size follows the screen's. false: out of memory. */
static bool resize_parts(App *a)
{
    Rect map = rect_inside(a->layout.map);
    int cols = positive(map.cols);
    int rows = positive(map.rows);
    int eta = positive(2 * plot_area(a->layout.eta).cols);
    int loss = positive(2 * plot_area(a->layout.loss).cols);
    bool ok = curve_resize(&a->card_curve, 2 * CARD_CURVE_COLS) &&
              field_resize(&a->field, cols, rows) && path_resize(&a->path, cols, rows) &&
              path_resize(&a->lens_path, cols, rows) && curves_resize(&a->curves, eta, loss) &&
              ghost_resize(&a->ghost, cols, rows, eta, loss);
    for (int i = 0; i < PINS; i++)
        ok = ok && ghost_resize(&a->pin[i], cols, rows, eta, loss);
    return ok;
}

void app_resize(App *a, int cols, int rows)
{
    a->cols = positive(cols);
    a->rows = positive(rows);
    a->layout = a->big && school_active(a) ? big_lesson_layout(a->cols, a->rows)
                : a->big           ? big_layout(a->cols, a->rows)
                : school_active(a) ? layout_lesson(a->cols, a->rows)
                                   : layout_make(a->cols, a->rows);
    if (!resize_parts(a)) /* nothing can be drawn, but the program goes on */
        a->layout = (Layout){.too_small = true};
    a->field_stale = true;
    a->dirty = true;
}

/* ---- keeping derived things up to date --------------------------------------------------------- */

static void loss_values_of(const void *ctx, const double *x, const double *y, double *f, size_t n)
{
    loss_values(ctx, x, y, f, n);
}

static bool refresh_field(App *a)
{
    Rect map = rect_inside(a->layout.map);
    if (map.cols <= 0 || map.rows <= 0) {
        a->field_stale = false;
        a->field_stopped = true;
        return false;
    }
    if (a->field_stale) {
        a->field_loss = *map_loss(a, a->show_held_out);
        field_start(&a->field, a->window, loss_values_of, &a->field_loss);
        a->field_stale = false;
        a->field_stopped = false;
    }
    if (a->field_stopped)
        return false;
    long rows = a->field_loss.data ? loss_rows(&a->field_loss) : 1;
    a->field_stopped = !field_advance(&a->field, rows > 8 ? 8 * SLICE_FIELD / rows : SLICE_FIELD);
    a->dirty = true;
    return !a->field_stopped;
}

static Series series_of(const Timeline *t, SeriesGet *get)
{
    return (Series){timeline_rows(t), timeline_ready(t), timeline_revision(t), get};
}

static double series_rate_x(const Row *row)
{
    return row->rate.x;
}

static double series_rate_y(const Row *row)
{
    return row->rate.y;
}

static double series_batch(const Row *row)
{
    return row->batch_loss;
}

/* Effective rates live on a scale of their own: they may be a thousand times eta. */
static void refresh_rate_scale(App *a)
{
    Series x = series_of(a->run, series_rate_x);
    Series y = series_of(a->run, series_rate_y);
    range_update(&a->rate_range[0], &x, 0);
    range_update(&a->rate_range[1], &y, 0);
    a->rate_scale = scale_linear(0, fmax(a->rate_range[0].hi, a->rate_range[1].hi));
}

static void refresh_curves(App *a, Curves *c, const Timeline *t)
{
    Series eta = series_of(t, series_eta);
    Series limit = series_of(t, series_limit);
    Series loss = series_of(t, series_loss);
    Series held_out = series_of(t, series_held_out);
    long steps = timeline_steps(a->run);
    curve_update(&c->eta, &eta, steps, &a->eta_scale);
    curve_update(&c->limit, &limit, steps, &a->eta_scale);
    if (a->has_rates) {
        Series x = series_of(t, series_rate_x);
        Series y = series_of(t, series_rate_y);
        curve_update(&c->rate_x, &x, steps, &a->rate_scale);
        curve_update(&c->rate_y, &y, steps, &a->rate_scale);
    }
    curve_update(&c->loss, &loss, steps, &a->loss_scale);
    if (a->has_held_out)
        curve_update(&c->held_out, &held_out, steps, &a->loss_scale);
    if (a->has_batch) {
        Series batch = series_of(t, series_batch);
        curve_update(&c->batch, &batch, steps, &a->loss_scale);
    }
}

static bool same_loss_shown(const App *a, const Ghost *g)
{
    return scene_same_loss(timeline_scene(g->run), &a->scene);
}

/* A logarithm needs a floor below all losses: the lowest known loss, unless all are above zero. */
static double loss_base(const App *a)
{
    double lowest = a->critical.minima ? a->critical.point[0].f : INFINITY;
    double seen = timeline_rows(a->run)[timeline_ready(a->run) - 1].best;
    lowest = fmin(lowest, seen);
    return lowest < 0 || (lowest < 1e-6 && a->critical.minima) ? fmin(lowest, 0) : 0;
}

/* Ghosts and pins belong into the picture, too: one scale for all that is shown. */
static void refresh_other_ranges(App *a, Range *both, double base)
{
    Ghost *ghosts[PINS + 1] = {&a->ghost, &a->pin[0], &a->pin[1], &a->pin[2]};
    for (int i = 0; i <= PINS; i++) {
        Ghost *g = ghosts[i];
        if (!g->shown || !same_loss_shown(a, g))
            continue;
        Series loss = series_of(g->run, series_loss);
        range_update(&g->range, &loss, base);
        both->lo = fmin(both->lo, g->range.lo);
        both->hi = fmax(both->hi, g->range.hi);
        both->least_above = fmin(both->least_above, g->range.least_above);
    }
}

static void refresh_scales(App *a)
{
    Series eta = series_of(a->run, series_eta);
    Series loss = series_of(a->run, series_loss);
    double base = loss_base(a);
    range_update(&a->eta_range, &eta, 0);
    range_update(&a->loss_range, &loss, base);
    a->eta_scale = scale_eta(&a->eta_range);
    a->has_held_out = !isnan(timeline_rows(a->run)[0].held_out);
    a->has_batch = !isnan(timeline_rows(a->run)[0].batch_loss);
    Range both = a->loss_range;
    refresh_other_ranges(a, &both, base);
    if (a->has_held_out) { /* one scale for both curves */
        Series held_out = series_of(a->run, series_held_out);
        range_update(&a->held_out_range, &held_out, base);
        both.lo = fmin(both.lo, a->held_out_range.lo);
        both.hi = fmax(both.hi, a->held_out_range.hi);
        both.least_above = fmin(both.least_above, a->held_out_range.least_above);
    }
    a->loss_scale = scale_loss(&both, base);
    a->has_rates = a->update.optimizer && a->update.optimizer->normalised;
    if (a->has_rates)
        refresh_rate_scale(a);
}

/* Edits of surface parameters change the map under the run. */
static void refresh_map(App *a, long row)
{
    const Loss *now = timeline_loss_at(a->run, row);
    for (int i = 0; i < now->param_count; i++)
        if (now->param[i] != a->field_loss.param[i])
            a->field_stale = true;
}

static void refresh_verdict(App *a, long row, unsigned long revision)
{
    if (row == a->verdict_row && revision == a->verdict_revision &&
        a->critical.count == a->verdict_known)
        return;
    verdict_at(a->run, row, timeline_window(a->run), &a->critical, &a->verdict);
    timeline_update(a->run, row, &a->update);
    a->verdict_row = row;
    a->verdict_revision = revision;
    a->verdict_known = a->critical.count;
}

static void add_tick(App *a, long step, Role role)
{
    if (a->tick_count < TICKS_MOST)
        a->ticks[a->tick_count++] = (PlotTick){step, role, 0};
}

/* Edits first, then the cuts of rows not yet looked at, last the row of least held-out loss. */
static void refresh_ticks(App *a)
{
    const Row *rows = timeline_rows(a->run);
    long ready = timeline_ready(a->run);
    if (a->ticks_revision != timeline_revision(a->run) || a->ticks_seen > ready) {
        a->ticks_revision = timeline_revision(a->run);
        a->ticks_seen = 0;
        a->tick_count = 0;
        for (int i = 0; i < a->scene.edit_count; i++)
            if (i == 0 || a->scene.edit[i].step != a->scene.edit[i - 1].step)
                add_tick(a, a->scene.edit[i].step, ROLE_TICK);
        a->cut_count = a->tick_count;
    }
    a->tick_count = a->cut_count;
    for (; a->ticks_seen < ready; a->ticks_seen++)
        if (rows[a->ticks_seen].events & ROW_CUT)
            add_tick(a, a->ticks_seen, ROLE_WARN);
    a->cut_count = a->tick_count;
    if (a->has_held_out && a->best_held_out > 0)
        add_tick(a, a->best_held_out, ROLE_HELD_OUT);
}

/* true: its path is not drawn to the end yet. */
static bool refresh_ghost(App *a, Ghost *g, PathLine line)
{
    GlyphSet fine = a->glyphs == GLYPHS_ASCII ? GLYPHS_ASCII : GLYPHS_BRAILLE;
    GlyphSet glyphs = g == &a->ghost ? fine : a->glyphs; /* what was is fainter than what is */
    bool waits = path_update(&g->path, a->window, glyphs, line, timeline_rows(g->run),
                             timeline_ready(g->run) - 1, timeline_revision(g->run));
    refresh_curves(a, &g->curves, g->run);
    return waits;
}

static void refresh_run(App *a)
{
    static const PathLine pin_lines[PINS] = {PATH_DOTTED, PATH_DASHED, PATH_SPARSE};
    long row = play_row(a);
    unsigned long revision = timeline_revision(a->run);
    focus_follow(a);
    refresh_map(a, row);
    refresh_verdict(a, row, revision);
    refresh_scales(a);
    a->path_waits = path_update(&a->path, a->window, a->glyphs, PATH_SOLID, timeline_rows(a->run), row, revision);
    refresh_curves(a, &a->curves, a->run);
    if (a->card) {
        Series eta = series_of(a->run, series_eta);
        curve_update(&a->card_curve, &eta, timeline_steps(a->run), &a->eta_scale);
    }
    if (a->ghost.shown)
        a->path_waits = refresh_ghost(a, &a->ghost, PATH_DASHED) || a->path_waits;
    for (int i = 0; i < PINS; i++)
        if (a->pin[i].shown)
            a->path_waits = refresh_ghost(a, &a->pin[i], pin_lines[i]) || a->path_waits;
    refresh_instrument(a);
    refresh_fit(a);
    refresh_ticks(a);
    school_follow(a);
    refresh_finder(a);
    if (a->has_goal)
        refresh_goal(a);
}

/* What the end of the run tells, once. */
static void say_end(App *a)
{
    if (a->ended_said || school_active(a))
        return;
    a->ended_said = true;
    a->dirty = true;
    Text claim = text_over(a->claim, sizeof a->claim);
    if (a->named)
        claim_for(a->named->id, a->run, &claim);
    const char *reason = a->verdict.reason;
    bool tagged = a->verdict.outcome == OUTCOME_MOVING && a->verdict.tag[0];
    const char *word = tagged ? a->verdict.tag : outcome_words[a->verdict.outcome];
    if (a->pair >= 0) {
        const Pair *p = pair_row(a->pair);
        say(a, "%s. Press %d %s", p->after[a->side], a->pair + 1,
            a->side ? "to go back" : "to see the contrast");
        return;
    }
    if (strncmp(a->fit, "over", 4) == 0 || strncmp(a->fit, "under", 5) == 0)
        reason = a->fit;
    say(a, "%s: %s", word, reason);
    say_short(a, "%s (%s)", word, a->verdict.brief);
}

static bool advance_head(App *a, double seconds)
{
    long before = play_row(a);
    long last = play_last(a);
    double most = timeline_done(a->run) ? (double)last : (double)(timeline_ready(a->run) - 1);
    if (!a->playing || seconds <= 0)
        return false;
    a->cursor = fmin(a->cursor + seconds * play_rate(a), most);
    if (timeline_done(a->run) && a->cursor >= (double)last) {
        a->cursor = (double)last;
        a->playing = false;
        a->dirty = true;
        refresh_run(a);
        say_end(a);
    }
    return play_row(a) != before;
}

/* Rows and the map, a slice of each: what the next frame shows. */
static bool advance_visible(App *a)
{
    bool more = timeline_advance(a->run, SLICE_ROWS);
    if (a->ghost.shown)
        more = timeline_advance(a->ghost.run, SLICE_ROWS) || more;
    for (int i = 0; i < PINS; i++)
        if (a->pin[i].shown)
            more = timeline_advance(a->pin[i].run, SLICE_ROWS) || more;
    return refresh_field(a) || more;
}

static bool advance_search(App *a)
{
    const Loss *loss = map_loss(a, false);
    long rows = loss->data ? loss_rows(loss) : 1;
    int known = a->critical.count;
    if (a->critical.done)
        return false;
    critical_search(&a->critical, loss, timeline_window(a->run), rows > 200 ? 1 : SLICE_NEWTON);
    a->dirty = a->dirty || known != a->critical.count;
    return true;
}

/* A slice of everything; true while work is left. */
static bool advance_work(App *a)
{
    bool more = advance_border(a);
    more = advance_visible(a) || more;
    more = advance_search(a) || more;
    more = finder_advance(a) || more;
    return advance_ruler(a) || more;
}

bool app_advance(App *a, double seconds)
{
    bool moved = advance_head(a, seconds);
    bool waiting = !timeline_done(a->run);
    if (seconds > 0 && !advance_work(a) && school_reads_ahead(a))
        school_read_ahead(a);
    if (seconds <= 0)
        advance_visible(a); /* an event is being answered: ruler and searches can wait a frame */
    bool changed = moved || a->dirty || waiting || a->path_waits || (a->lens && a->lens_waits);
    if (changed)
        refresh_run(a);
    if (!a->playing && play_row(a) >= play_last(a) && timeline_done(a->run))
        say_end(a);
    a->dirty = false;
    return changed;
}

/* Is there anything that app_advance would work on? */
static bool work_waits(const App *a)
{
    bool pins = false;
    for (int i = 0; i < PINS; i++)
        pins = pins || (a->pin[i].shown && !timeline_done(a->pin[i].run));
    return pins || a->border_way || finder_waits(a) || a->path_waits || (a->lens && a->lens_waits) || !timeline_done(a->run) || !a->critical.done || a->field_stale ||
           (a->ruler_stale && ruler_shown(a)) ||
           (!a->field_stopped && a->field.cols > 0 && a->field.rows > 0) ||
           (ruler_shown(a) && a->ruler.usable && a->ruler.done < RULER_CELLS) ||
           (a->ghost.shown && !timeline_done(a->ghost.run));
}

double app_next(const App *a)
{
    if (a->dirty || work_waits(a) || school_reads_ahead(a))
        return 0;
    if (!a->playing)
        return -1;
    double left = floor(a->cursor) + 1 - a->cursor;
    return left / play_rate(a);
}

void app_settle(App *a)
{
    do
        refresh_run(a);
    while (work_waits(a) && (advance_work(a) || a->path_waits || (a->lens && a->lens_waits)));
    refresh_run(a);
}

/* ---- events -------------------------------------------------------------------------------------- */

static void run_line(App *a, const char *line)
{
    Error err = {0};
    if (!app_command(a, line, &err))
        say_warn(a, "%s", err.message);
}

static void mouse_in_map(App *a, Event e, Rect map)
{
    if (e.button == MOUSE_WHEEL_UP || e.button == MOUSE_WHEEL_DOWN) {
        run_line(a, e.button == MOUSE_WHEEL_UP ? "zoom in" : "zoom out");
        return;
    }
    if (e.button != MOUSE_LEFT)
        return;
    a->place = map_point(a->window, map.cols, map.rows, e.col - map.col, e.row - map.row);
    a->mode = MODE_PLACE;
    run_line(a, "start here");
    a->mode = MODE_STAGE;
}

/* A click in a plot moves the play head there. */
static void mouse_in_plot(App *a, Event e, Rect area)
{
    if (e.button != MOUSE_LEFT || area.cols <= 1)
        return;
    char line[48];
    double share = (double)(e.col - area.col) / (area.cols - 1);
    snprintf(line, sizeof line, "seek %ld", (long)lround(share * (double)timeline_steps(a->run)));
    run_line(a, line);
}

static void mouse(App *a, Event e)
{
    Rect map = rect_inside(a->layout.map);
    Rect eta = plot_area(a->layout.eta);
    Rect loss = plot_area(a->layout.loss);
    if (!(a->mode & (MODE_STAGE | MODE_PLACE | MODE_VIEW)))
        return;
    if (rect_contains(map, e.col, e.row))
        mouse_in_map(a, e, map);
    else if (rect_contains(eta, e.col, e.row))
        mouse_in_plot(a, e, eta);
    else if (rect_contains(loss, e.col, e.row))
        mouse_in_plot(a, e, loss);
}

static void key(App *a, uint32_t k)
{
    if (a->mode == MODE_PROMPT) {
        prompt_key(a, k);
        return;
    }
    if (a->mode == MODE_STAGE && school_active(a) && (k == KEYCODE_ENTER || k == 'l')) {
        run_line(a, "lesson free"); /* free play ends */
        return;
    }
    const Binding *b = binding_find(a->mode, k);
    if (b) {
        run_line(a, b->line);
        return;
    }
    char name[16];
    key_name(k, name);
    if (k >= 0x20)
        say_warn(a, "'%s' does nothing here; ? shows the keys", name);
}

void app_event(App *a, Event e)
{
    switch (e.kind) {
    case EVENT_KEY:
        key(a, e.key);
        break;
    case EVENT_PASTE: /* text only where text is expected: a pasted 'q' must not quit */
        if (a->mode == MODE_PROMPT)
            prompt_key(a, e.key < 0x20 || e.key == 0x7f || e.key >= 0x110000 ? ' ' : e.key);
        break;
    case EVENT_MOUSE:
        mouse(a, e);
        break;
    case EVENT_RESIZE:
        app_resize(a, e.col, e.row);
        break;
    case EVENT_END:
        a->quit = true;
        break;
    }
}

/* ---- reading --------------------------------------------------------------------------------------- */

bool app_quit(const App *a)
{
    return a->quit;
}

void app_seek(App *a, long row)
{
    timeline_advance(a->run, STEPS_MAX + 1);
    a->playing = false;
    play_seek(a, (double)row);
    refresh_run(a);
    if (row >= play_last(a))
        say_end(a);
}

long app_row(const App *a)
{
    return play_row(a);
}

const Scene *app_scene(const App *a)
{
    return &a->scene;
}

const char *app_status(const App *a)
{
    return a->status;
}

const char *app_outcome(const App *a)
{
    return outcome_words[a->verdict.outcome];
}
