/* SPDX-License-Identifier: MIT
 * draw: the stage: header, map, plots, the now panel, status and footer. */
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "app/state.h"

/* ---- header ----------------------------------------------------------------------------------- */

static void schedule_text(const App *a, Text *t)
{
    const Rate *r = timeline_rate(a->run, play_row(a));
    char eta0[NUMBER_TEXT];
    number_brief(eta0, r->eta0, 3);
    text_add(t, "%s η₀ %s", r->schedule ? r->schedule->name : "typed schedule", eta0);
}

static const char *surface_title(const App *a)
{
    const Surface *s = scene_surface(&a->scene);
    return s ? a->cols < 100 ? s->name : s->title : a->scene.surface.formula;
}

void draw_header(const App *a, Canvas *c)
{
    Rect r = a->layout.header;
    if (r.rows < 1)
        return;
    const Paint *p = &a->paint;
    char text[256];
    char right[96];
    long row = play_row(a);
    Text t = text_over(text, sizeof text);
    Text q = text_over(right, sizeof right);
    text_add(&t, "%s · ", timeline_optimizer(a->run, row, NULL)->name);
    if (!school_asks(a)) { /* it may be the answer */
        schedule_text(a, &t);
        text_add(&t, " · ");
    }
    text_add(&t, "%s", surface_title(a));
    double epoch = timeline_epoch(a->run, row);
    if (!isnan(epoch) && timeline_epoch_steps(a->run, row) > 1)
        text_add(&q, "epoch %.4g   ", floor(epoch * 10) / 10);
    text_add(&q, "%s ×%g   step %*ld/%ld", a->playing ? "▶" : "‖", a->speed,
             snprintf(NULL, 0, "%ld", timeline_steps(a->run)), row, timeline_steps(a->run));
    int right_cols = text_cols(right);
    int col = r.col + 1;
    col += panel_text(c, col, r.row, 3, "η ", ROLE_ACCENT, p);
    if (r.cols > right_cols + text_cols(text) + 18)
        col += panel_text(c, col, r.row, 12, "etascope   ", ROLE_TITLE, p);
    panel_text(c, r.col + r.cols - right_cols - 1, r.row, right_cols, right, ROLE_TEXT, p);
    panel_text(c, col, r.row, r.cols - right_cols - 3 - (col - r.col), text, ROLE_DIM, p);
}

/* ---- map -------------------------------------------------------------------------------------- */

static void draw_cross(const App *a, Canvas *c, Rect map)
{
    int col;
    int row;
    const Paint *p = &a->paint;
    if (!map_cell(a->window, map.cols, map.rows, a->place, &col, &row))
        return;
    for (int d = -2; d <= 2; d++) {
        if (d && col + d >= 0 && col + d < map.cols)
            panel_over(c, map.col + col + d, map.row + row, 1, "─", ROLE_HEAD, p);
        if (d && abs(d) < 2 && row + d >= 0 && row + d < map.rows)
            panel_over(c, map.col + col, map.row + row + d, 1, "│", ROLE_HEAD, p);
    }
    panel_over(c, map.col + col, map.row + row, 1, "┼", ROLE_HEAD, p);
}

static void map_note(const App *a, char *out, size_t size)
{
    int saddles = 0;
    Text t = text_over(out, size);
    if (a->lens && timeline_done(a->run)) {
        text_add(&t, "ends: %s", outcome_words[a->end_verdict.outcome]);
        return;
    }
    if (a->ghost.shown)
        text_add(&t, "dotted: %s", a->pair >= 0 ? "the contrast" : "before");
    if (a->show_held_out || (a->ghost.shown && a->layout.map.cols < 60))
        return;
    for (int i = a->critical.minima; i < a->critical.count; i++)
        saddles += a->critical.point[i].kind == CRITICAL_SADDLE;
    text_add(&t, "%s%d minim%s", t.used ? "  " : "", a->critical.minima, a->critical.minima == 1 ? "um" : "a");
    if (!a->critical.done)
        text_add(&t, " so far");
}

static Role pin_role(int i)
{
    static const Role roles[PINS] = {ROLE_GHOST_A, ROLE_GHOST_B, ROLE_GHOST_C};
    return roles[i];
}

/* Runs on another surface say nothing here; they come back with their surface. */
static bool pin_fits(const App *a, const Ghost *pin)
{
    const Scene *s = timeline_scene(pin->run);
    return pin->shown && !school_hides(a) && s->surface.row == a->scene.surface.row &&
           strcmp(s->surface.formula, a->scene.surface.formula) == 0;
}

/* The gradient, the moving average and the step as arrows from the ball. Directions are scaled to an
 * eighth of the window; the step is shown as it is. */
static void draw_arrows(const App *a, Canvas *c, Rect map)
{
    const Paint *p = &a->paint;
    Vec2 at = timeline_rows(a->run)[play_row(a)].at;
    const Vec2 way[] = {timeline_rows(a->run)[play_row(a)].g, a->update.after.m};
    static const Role roles[] = {ROLE_GHOST_B, ROLE_GHOST_C};
    for (int k = 0; k < 2; k++) {
        double length = vec_norm(way[k]);
        bool moment = k == 0 || strcmp(a->update.optimizer->name, "sgd") != 0;
        if (length > 1e-9 && isfinite(length) && moment)
            vector_draw(c, map, a->window, at,
                        vec_sub(at, vec_scale(0.125 * window_diagonal(a->window) / length, way[k])),
                        roles[k], p);
    }
    vector_draw(c, map, a->window, at, vec_sub(at, update_step(a)), ROLE_HEAD, p);
}

void draw_map(const App *a, Canvas *c)
{
    Rect r = a->layout.map;
    Rect map = rect_inside(r);
    const Paint *p = &a->paint;
    char note[96];
    if (map.cols <= 0 || map.rows <= 0)
        return;
    map_note(a, note, sizeof note);
    panel_frame(c, r, a->show_held_out ? "held-out surface" : "loss surface", note, p);
    panel_axes(c, r, a->window, p);
    field_draw(&a->field, c, map, true, p);
    if (a->ghost.shown && !school_hides(a))
        ghost_draw(&a->ghost.path, c, map, ROLE_PATH_OLD, '\0', p);
    if (a->lens)
        ghost_draw(&a->lens_path, c, map, ROLE_PATH_OLD, '\0', p);
    for (int i = 0; i < PINS; i++)
        if (pin_fits(a, &a->pin[i]))
            ghost_draw(&a->pin[i].path, c, map, pin_role(i), '\0', p);
    path_draw(&a->path, c, map, p);
    critical_draw(&a->critical, a->window, c, map, p);
    for (int i = 0; i < PINS; i++)
        if (pin_fits(a, &a->pin[i]))
            ghost_letter(&a->pin[i].path, c, map, pin_role(i), (char)('A' + i), i + 1, p);
    if (a->apart)
        draw_arrows(a, c, map);
    head_draw(&a->path, c, map, p);
    if (a->mode == MODE_PLACE)
        draw_cross(a, c, map);
    /* the legend shares the upper border with title and note */
    int free = r.cols - 20 - text_cols(note) - 4;
    if (free >= 16)
        scale_draw(&a->field, c, (Rect){r.col + 18, r.row, free, 1}, p);
}

/* ---- plots ------------------------------------------------------------------------------------ */

/* The same curve of the ghost and of the pins. */
static void add_others(const App *a, Plot *plot, size_t curve)
{
    const Ghost *ghosts[PINS + 1] = {&a->ghost, &a->pin[0], &a->pin[1], &a->pin[2]};
    for (int i = 0; i <= PINS; i++) {
        Role role = i == 0 ? ROLE_DIM : pin_role(i - 1);
        const Curve *line = (const Curve *)(const void *)((const char *)&ghosts[i]->curves + curve);
        if (i == 0 ? a->ghost.shown && !school_hides(a) : pin_fits(a, ghosts[i]))
            plot->line[plot->lines++] = (PlotLine){line, role, role, false, i == 0 ? PLOT_DOTTED : PLOT_SOLID};
    }
}

static void draw_eta(const App *a, Canvas *c, const PlotTick *ticks, int count)
{
    long row = play_row(a);
    const Row *now = &timeline_rows(a->run)[row];
    const Rate *r = timeline_rate(a->run, row);
    Plot plot = {
        .title = a->layout.eta.cols >= 44 ? "learning rate η(t)" : "rate η(t)",
        .note = school_asks(a) ? "" : r->schedule ? r->schedule->name : "typed",
        .scale = a->eta_scale,
        .steps = timeline_steps(a->run),
        .cursor = row,
        .value = now->eta,
        .limit = NAN, /* its label stands in the border, where it hides nothing */
        .ticks = ticks,
        .tick_count = count,
    };
    char rates[96];
    char limit[96];
    bool wide = a->layout.eta.cols >= 44;
    if (a->has_rates) {
        char most[NUMBER_TEXT];
        number_brief(most, a->rate_scale.hi, 2);
        snprintf(rates, sizeof rates, wide ? "dotted ηx ηy ≤ %s%s%s" : "ηx ηy ≤ %s", most,
                 plot.note[0] ? " · " : "", plot.note);
        plot.note = rates;
        plot.line[plot.lines++] = (PlotLine){&a->curves.rate_x, ROLE_GHOST_A, ROLE_GHOST_A, true, PLOT_DOTTED};
        plot.line[plot.lines++] = (PlotLine){&a->curves.rate_y, ROLE_GHOST_B, ROLE_GHOST_B, true, PLOT_DOTTED};
    }
    if (isfinite(now->limit) && (wide || !a->has_rates)) {
        char number[NUMBER_TEXT];
        number_brief(number, now->limit, 2);
        bool above = now->limit > a->eta_scale.hi;
        if (wide && !a->has_rates)
            snprintf(limit, sizeof limit, "limit %s%s%s%s", number, above ? " ↑" : "",
                     plot.note[0] ? " · " : "", plot.note);
        else
            snprintf(limit, sizeof limit, "limit %s%s", number, above ? " ↑" : "");
        if (!a->has_rates)
            plot.note = limit;
    }
    add_others(a, &plot, offsetof(Curves, eta));
    plot.line[plot.lines++] = (PlotLine){&a->curves.limit, ROLE_LIMIT, ROLE_LIMIT, true, PLOT_FENCE};
    plot.line[plot.lines++] = (PlotLine){&a->curves.eta, ROLE_ETA, ROLE_ETA_PLAN, false, PLOT_SOLID};
    plot_draw(&plot, c, a->layout.eta, &a->paint);
}

static void draw_loss(const App *a, Canvas *c, const PlotTick *ticks, int count)
{
    long row = play_row(a);
    char note[64];
    char base[NUMBER_TEXT];
    Text t = text_over(note, sizeof note);
    number_show(base, a->loss_scale.base, 3);
    text_add(&t, "log");
    if (fabs(a->loss_scale.base) > 1e-6)
        text_add(&t, ", above %s", base);
    Plot plot = {
        .title = "loss",
        .note = note,
        .scale = a->loss_scale,
        .steps = timeline_steps(a->run),
        .cursor = row,
        .value = timeline_rows(a->run)[row].loss,
        .limit = NAN,
        .ticks = ticks,
        .tick_count = count,
    };
    add_others(a, &plot, offsetof(Curves, loss));
    if (a->has_batch)
        plot.line[plot.lines++] = (PlotLine){&a->curves.batch, ROLE_LOSS_PLAN, ROLE_LOSS_PLAN, true, PLOT_DOTTED};
    if (a->has_held_out)
        plot.line[plot.lines++] = (PlotLine){&a->curves.held_out, ROLE_HELD_OUT, ROLE_HELD_OUT, true, PLOT_SOLID};
    plot.line[plot.lines++] = (PlotLine){&a->curves.loss, ROLE_LOSS, ROLE_LOSS_PLAN, true, PLOT_SOLID};
    plot_draw(&plot, c, a->layout.loss, &a->paint);
}

/* ---- the now panel ------------------------------------------------------------------------------ */

const char *outcome_mark(Outcome o)
{
    switch (o) {
    case OUTCOME_GLOBAL_MINIMUM:
        return "★";
    case OUTCOME_LOCAL_MINIMUM:
        return "✕";
    case OUTCOME_DIVERGED:
    case OUTCOME_DIVERGING:
    case OUTCOME_UNDEFINED:
        return "!";
    default:
        return "·";
    }
}

Role outcome_role(Outcome o)
{
    switch (o) {
    case OUTCOME_GLOBAL_MINIMUM:
    case OUTCOME_VALLEY:
        return ROLE_GOOD;
    case OUTCOME_DIVERGED:
    case OUTCOME_DIVERGING:
    case OUTCOME_UNDEFINED:
        return ROLE_BAD;
    case OUTCOME_MOVING:
        return ROLE_TEXT;
    default:
        return ROLE_WARN;
    }
}

void outcome_text(const Verdict *v, char *out, size_t size)
{
    static const char *const lead[] = {
        [OUTCOME_GLOBAL_MINIMUM] = "settled: ", [OUTCOME_LOCAL_MINIMUM] = "settled: ",
        [OUTCOME_SADDLE] = "settled: ",         [OUTCOME_VALLEY] = "settled: ",
        [OUTCOME_PLATEAU] = "settled: ",        [OUTCOME_UNDEFINED] = "",
    };
    const char *words = (size_t)v->outcome < sizeof lead / sizeof lead[0] ? lead[v->outcome] : NULL;
    if (v->outcome == OUTCOME_MOVING && v->tag[0]) {
        snprintf(out, size, "%s %s", outcome_mark(v->outcome), v->tag);
        return;
    }
    snprintf(out, size, "%s %s%s", outcome_mark(v->outcome), words ? words : "",
             outcome_words[v->outcome]);
}

/* "η(150) = 0.05·(1+cos(π·150/300))/2 = 0.025" */
static void rate_line(const App *a, bool brief, Text *t)
{
    long row = play_row(a);
    const Row *now = &timeline_rows(a->run)[row];
    char eta[NUMBER_TEXT];
    number_show(eta, now->eta, 3);
    text_add(t, "η(%ld) = ", row);
    const Rate *r = timeline_rate(a->run, row);
    if (!brief && (!r->schedule || strcmp(r->schedule->name, "constant") != 0 || row < r->warmup)) {
        size_t before = t->used;
        rate_fill(r, row, &a->update.plateau, t);
        if (t->used > before)
            text_add(t, " = ");
    }
    text_add(t, "%s", eta);
}

/* What is only rounding is shown as nothing. */
static void show_slope(char out[NUMBER_TEXT], double v)
{
    number_show(out, fabs(v) < 1e-12 ? 0 : v, 3);
}

/* "x ← 1.00 − 0.025·20.0 = 0.50" */
static void update_line(const App *a, int axis, bool brief, Text *t)
{
    const Surface *s = scene_surface(&a->scene);
    const Row *now = &timeline_rows(a->run)[play_row(a)];
    const OptStep *u = &a->update.step;
    double at = axis ? now->at.y : now->at.x;
    double rate = axis ? u->rate.y : u->rate.x;
    double direction = axis ? u->direction.y : u->direction.x;
    double step = axis ? u->step.y : u->step.x;
    char n[4][NUMBER_TEXT];
    number_show(n[0], u->shrink * at, 3);
    number_show(n[1], rate, 3);
    show_slope(n[2], direction);
    direction = fabs(direction) < 1e-12 ? 0 : direction;
    number_show(n[3], u->shrink * at - step, 3);
    text_add(t, "%s ← ", s ? s->axis[axis] : axis ? "y" : "x");
    if (!brief)
        text_add(t, "%s − %s·%s%s%s = ", n[0], n[1], direction < 0 ? "(" : "", n[2],
                 direction < 0 ? ")" : "");
    text_add(t, "%s", n[3]);
}

static void line_or_brief(const App *a, Canvas *c, Rect in, int row,
                          void (*make)(const App *, bool, Text *), Role role)
{
    char text[200];
    Text t = text_over(text, sizeof text);
    make(a, false, &t);
    if (text_cols(text) > in.cols) {
        t = text_over(text, sizeof text);
        make(a, true, &t);
    }
    panel_text(c, in.col, in.row + row, in.cols, text, role, &a->paint);
}

static void x_line(const App *a, bool brief, Text *t)
{
    update_line(a, 0, brief, t);
}

static void y_line(const App *a, bool brief, Text *t)
{
    update_line(a, 1, brief, t);
}

static void loss_line(const App *a, bool brief, Text *t)
{
    const Row *now = &timeline_rows(a->run)[play_row(a)];
    char n[3][NUMBER_TEXT];
    number_show(n[0], now->loss, 3);
    show_slope(n[1], vec_norm(now->g));
    number_show(n[2], now->held_out, 3);
    text_add(t, "loss %s", n[0]);
    if (!isnan(now->held_out))
        text_add(t, "   held-out %s", n[2]);
    if (!brief)
        text_add(t, "   slope %s", n[1]);
}

/* Where the step stands against the limit: a bar that is full where it cannot settle. */
static void draw_gauge(const App *a, Canvas *c, Rect in, int row)
{
    const Row *now = &timeline_rows(a->run)[play_row(a)];
    const Paint *p = &a->paint;
    char text[80];
    char limit[NUMBER_TEXT];
    number_show(limit, now->limit, 3);
    if (isfinite(now->limit) && a->has_rates) /* the scaling changes: no promise for later */
        snprintf(text, sizeof text, "limit %s this moment", limit);
    else if (isfinite(now->limit))
        snprintf(text, sizeof text, "settles below %s here", limit);
    else
        snprintf(text, sizeof text, "no curvature holds it here");
    static const char label[] = "η/limit ";
    int words = text_cols(text);
    int bar = in.cols - words - text_cols(label) - 2;
    if (bar >= 6) {
        bar = bar > 24 ? 24 : bar;
        int col = in.col + panel_text(c, in.col, in.row + row, in.cols, label, ROLE_DIM, p);
        gauge_draw(c, col, in.row + row, bar, isfinite(now->limit) ? now->eta / now->limit : 0, 1, p);
        panel_text(c, col + bar + 2, in.row + row, words, text, ROLE_DIM, p);
    } else {
        panel_text(c, in.col, in.row + row, in.cols, text, ROLE_DIM, p);
    }
}

static void draw_now(const App *a, Canvas *c)
{
    Rect r = a->layout.now;
    Rect in = rect_inside(r);
    const Paint *p = &a->paint;
    char note[48];
    char verdict[64];
    if (in.cols <= 2 || in.rows <= 0)
        return;
    snprintf(note, sizeof note, "step %ld", play_row(a));
    panel_frame(c, r, "now", note, p);
    in = (Rect){in.col + 1, in.row, in.cols - 2, in.rows};
    outcome_text(&a->verdict, verdict, sizeof verdict);
    if (text_cols(verdict) > in.cols)
        snprintf(verdict, sizeof verdict, "%s %s", outcome_mark(a->verdict.outcome),
                 outcome_words[a->verdict.outcome]);
    int line = 0;
    /* few rows: verdict and rate first, then the update, then loss and gauge */
    if (in.rows >= 2)
        line_or_brief(a, c, in, line++, rate_line, ROLE_ETA);
    if (in.rows >= 4) {
        line_or_brief(a, c, in, line++, x_line, ROLE_TEXT);
        line_or_brief(a, c, in, line++, y_line, ROLE_TEXT);
    }
    if (in.rows >= 5)
        line_or_brief(a, c, in, line++, loss_line, ROLE_LOSS);
    if (in.rows >= 6)
        draw_gauge(a, c, in, line++);
    if (in.rows >= 9 && !a->fit[0])
        line++;
    panel_text(c, in.col, in.row + line, in.cols, verdict, outcome_role(a->verdict.outcome), p);
    line++;
    if (a->fit[0] && wrap_rows(a->fit, in.cols) <= in.rows - line)
        line += panel_wrap(c, (Rect){in.col, in.row + line, in.cols, in.rows - line}, a->fit,
                           ROLE_HELD_OUT, p);
    if (in.rows - line >= wrap_rows(a->verdict.reason, in.cols) || in.rows - line >= 3)
        panel_wrap(c, (Rect){in.col, in.row + line, in.cols, in.rows - line}, a->verdict.reason,
                   ROLE_DIM, p);
    else if (in.rows - line >= 1)
        panel_text(c, in.col, in.row + line, in.cols, a->verdict.brief, ROLE_DIM, p);
}

/* ---- status and footer ----------------------------------------------------------------------------- */

/* What textbooks say, as much of it as one row holds in whole sentences; i shows all of it. */
static void draw_claim(const App *a, Canvas *c, Rect r)
{
    char text[sizeof a->claim];
    memcpy(text, a->claim, sizeof text);
    char *says = strstr(text, " This run says: ");
    char *end = says ? strchr(says + 16, '.') : NULL;
    if (text_cols(text) > r.cols && end)
        end[1] = '\0';
    if (text_cols(text) > r.cols)
        snprintf(text, sizeof text, "i: what textbooks say of this, and what this run says");
    if (text_cols(text) <= r.cols)
        panel_text(c, r.col, r.row, r.cols, text, ROLE_DIM, &a->paint);
}

/* Which pin is which run, in its colour; false: nothing is pinned here. */
static bool draw_pins(const App *a, Canvas *c, Rect in)
{
    int col = in.col;
    int row = in.row + in.rows - 1;
    for (int i = 0; i < PINS; i++) {
        const Ghost *g = &a->pin[i];
        if (!pin_fits(a, g))
            continue;
        char text[96];
        char loss[NUMBER_TEXT];
        number_show(loss, timeline_rows(g->run)[timeline_ready(g->run) - 1].loss, 3);
        snprintf(text, sizeof text, "%s: loss %s   ", g->label, loss);
        col += panel_text(c, col, row, in.col + in.cols - col, text, pin_role(i), &a->paint);
    }
    return col > in.col;
}

void draw_status(const App *a, Canvas *c)
{
    Rect r = a->layout.status;
    if (r.rows < 1)
        return;
    Rect in = {r.col + 1, r.row, r.cols - 2, r.rows};
    if (!a->has_goal && in.rows > 1 && wrap_rows(a->status, in.cols) == 1 && draw_pins(a, c, in))
        in.rows--;
    else if (a->claim[0] && !a->has_goal && in.rows > 1 && wrap_rows(a->status, in.cols) == 1)
        draw_claim(a, c, (Rect){in.col, in.row + in.rows - 1, in.cols, 1});
    if (a->has_goal && in.rows > 1)
        draw_goal(a, c, (Rect){in.col, in.row + --in.rows, in.cols, 1});
    const char *text = a->status;
    if (a->status_short[0] && wrap_rows(text, in.cols) > in.rows)
        text = a->status_short;
    panel_wrap(c, in, text, a->status_warns ? ROLE_WARN : ROLE_TEXT, &a->paint);
}

enum { FOOTER_MOST = 32 };

/* Labels in order of priority; what is pressed next to what it does. */
void draw_footer(const App *a, Canvas *c)
{
    Rect r = a->layout.footer;
    KeyRow rows[FOOTER_MOST];
    char names[FOOTER_MOST][16];
    int priorities[FOOTER_MOST];
    int count = 0;
    int keep = 0;
    if (r.rows < 1)
        return;
    for (int priority = 1; priority <= 30; priority++)
        for (const Binding *b = bindings; b->line; b++) {
            if (!(b->modes & (unsigned)a->mode) || b->priority != priority || count == FOOTER_MOST)
                continue;
            key_name(b->key, names[count]);
            priorities[count] = priority;
            if (b->key == KEYCODE_UP)
                snprintf(names[count], sizeof names[0], "↑↓");
            if (b->key == KEYCODE_LEFT)
                snprintf(names[count], sizeof names[0], "←→");
            if (strcmp(b->label, "1-9 scenes") == 0)
                rows[count] = (KeyRow){"1-9", "scenes"};
            else if (strcmp(b->line, "adjust up") == 0 && a->focused > 0)
                rows[count] = (KeyRow){names[count], a->focus[a->focused].name};
            else if (strcmp(b->line, "play") == 0)
                rows[count] = (KeyRow){names[count], a->playing ? "pause" : "play"};
            else
                rows[count] = (KeyRow){names[count], b->label};
            count++;
        }
    /* help and lessons stand last on the line and always stay */
    KeyRow kept[4];
    while (keep < count && keep < 4 && priorities[keep] == 1) {
        kept[keep] = rows[keep];
        keep++;
    }
    memmove(rows, rows + keep, sizeof rows[0] * (size_t)(count - keep));
    memcpy(rows + count - keep, kept, sizeof kept[0] * (size_t)keep);
    footer_draw(c, (Rect){r.col + 1, r.row, r.cols - 2, 1}, rows, count, keep, &a->paint);
}

void draw_stage(const App *a, Canvas *c)
{
    const PlotTick *ticks = a->ticks;
    int count = a->tick_count;
    draw_header(a, c);
    draw_map(a, c);
    draw_eta(a, c, ticks, count);
    if (a->pane == PANE_HOP)
        hop_draw(&a->hop, c, a->layout.loss, &a->paint);
    else
        draw_loss(a, c, ticks, count);
    if (school_active(a))
        draw_lesson(a, c);
    else
        draw_now(a, c);
    if (a->apart)
        draw_apart(a, c);
    if (!school_hides(a))
        draw_ruler(a, c);
    draw_status(a, c);
    draw_footer(a, c);
}

void app_draw(const App *a, Canvas *c)
{
    const Paint *p = &a->paint;
    canvas_clear(c, p->role[ROLE_TEXT], p->role[ROLE_BACK]);
    if (a->layout.too_small) {
        panel_text(c, 0, 0, c->cols, "too small: enlarge the window", ROLE_TEXT, p);
    } else {
        if (a->big)
            draw_big(a, c);
        else
            draw_stage(a, c);
        draw_overlay(a, c);
    }
    if (a->glyphs == GLYPHS_ASCII)
        canvas_to_ascii(c);
}
