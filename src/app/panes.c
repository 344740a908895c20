/* SPDX-License-Identifier: MIT
 * panes: see panes.h */
#include "app/panes.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "app/picture.h"
#include "app/view.h"
#include "app/say.h"

/* ---- header ---- */

/* "exponential decay η₀ 0.3"; a cycle says both of its ends: "triangular η 0.02…1.2". */
static void schedule_text(const App *a, Text *t)
{
    const Rate *r = timeline_rate(session_run(a->session), session_row(a->session));
    const Schedule *row = r->schedule;
    char eta0[NUMBER_TEXT];
    char high[NUMBER_TEXT];
    double top = 0;
    bool roomy = a->look->cols >= 100;
    for (int i = 0; row && row->eta0_is == ETA0_LOWEST && row->params[i].name; i++)
        if (strcmp(row->params[i].unit, "rate") == 0)
            top = fmax(top, r->value[i]);
    number_brief(eta0, r->eta0, 3);
    number_brief(high, top, 3);
    text_add(t, "%s %s %s", !row ? "typed schedule" : roomy ? row->title : row->name,
             top > 0 ? "η" : "η₀", eta0);
    if (top > 0)
        text_add(t, "…%s", high);
}

static const char *surface_title(const App *a)
{
    const Surface *s = scene_surface(&a->session->scene);
    return s ? a->look->cols < 100 ? s->name : s->title : a->session->scene.surface.formula;
}

void draw_header(const App *a, Canvas *c)
{
    Rect r = a->look->layout.header;
    if (r.rows < 1)
        return;
    const Paint *p = &a->look->paint;
    char text[256];
    char right[96];
    long row = session_row(a->session);
    Text t = text_over(text, sizeof text);
    Text q = text_over(right, sizeof right);
    text_add(&t, "%s · ", timeline_optimizer(session_run(a->session), row, NULL)->name);
    if (!gate_asks(a->gate)) { /* it may be the answer */
        schedule_text(a, &t);
        text_add(&t, " · ");
    }
    text_add(&t, "%s", surface_title(a));
    double epoch = timeline_epoch(session_run(a->session), row);
    if (!isnan(epoch) && timeline_epoch_steps(session_run(a->session), row) > 1)
        text_add(&q, "epoch %.4g   ", floor(epoch * 10) / 10);
    text_add(&q, "%s ×%g   step %*ld/%ld", a->session->playing ? "▶" : "‖", a->session->speed,
             snprintf(NULL, 0, "%ld", a->picture->known.steps), row, a->picture->known.steps);
    int right_cols = text_cols(right);
    int col = r.col + 1;
    col += panel_text(c, col, r.row, 3, "η ", ROLE_ACCENT, p);
    if (r.cols > right_cols + text_cols(text) + 18)
        col += panel_text(c, col, r.row, 12, "etascope   ", ROLE_TITLE, p);
    panel_text(c, r.col + r.cols - right_cols - 1, r.row, right_cols, right, ROLE_TEXT, p);
    panel_text(c, col, r.row, r.cols - right_cols - 3 - (col - r.col), text, ROLE_DIM, p);
}

/* ---- map ---- */

/* What was, and a contrast, may tell what is to come; runners move with the play head. A lesson's
 * question hides them, too: they may be the answer. */
bool track_drawn(const App *a, int track)
{
    bool hidden = gate_holds(a->gate) || (track == TRACK_GHOST && gate_hides(a->gate));
    return !hidden && a->session->track[track].shown;
}

static void map_note(const App *a, char *out, size_t size)
{
    Text t = text_over(out, size);
    if (a->look->lens && timeline_done(session_run(a->session))) {
        text_add(&t, "ends: %s", outcomes[a->picture->lens.end.outcome].word);
        return;
    }
    if (track_drawn(a, TRACK_GHOST))
        text_add(&t, "dotted: %s", a->session->pair >= 0 ? "the contrast" : "before");
    if (a->look->held_out || (t.used && a->look->layout.map.cols < 60))
        return;
    text_add(&t, "%s%d minim%s", t.used ? "  " : "", a->session->critical.minima,
             a->session->critical.minima == 1 ? "um" : "a");
    if (!a->session->critical.done)
        text_add(&t, " so far");
}

/* The gradient, the moving average and the step as arrows from the ball. Directions are scaled to
 * an eighth of the window; the step is shown as it is. */
static void draw_arrows(const App *a, Canvas *c, Rect map)
{
    const Paint *p = &a->look->paint;
    Vec2 at = session_now(a->session)->at;
    const Vec2 way[] = {session_now(a->session)->g, a->picture->now.update.after.m};
    static const Role roles[] = {ROLE_GHOST_B, ROLE_GHOST_C};
    for (int k = 0; k < 2; k++) {
        double length = vec_norm(way[k]);
        bool moment = k == 0 || a->picture->now.update.optimizer->has_moment;
        if (length > 1e-9 && isfinite(length) && moment)
            vector_draw(c, map, a->session->window, at,
                        vec_sub(at, vec_scale(0.125 * window_diagonal(a->session->window) / length,
                                              way[k])),
                        roles[k], p);
    }
    vector_draw(c, map, a->session->window, at, vec_sub(at, picture_step(a->picture, a->session)),
                ROLE_HEAD, p);
}

/* A view has a map of its own in the place of the surface. */
static bool other_map(const App *a)
{
    const View *at_work = view_at_work(a->views);
    return at_work && at_work->zoom;
}

/* A map that is still being sampled is drawn in cells. */
bool map_pictured(const App *a)
{
    return a->look->pictures && !other_map(a) && a->picture->map.field.done && !a->picture->map.stale;
}

static void draw_heights(const App *a, Canvas *c)
{
    Window w = a->session->window;
    panel_heights(c, a->look->layout.map, &(Scale){w.lo.y, w.hi.y, 0, false}, &a->look->paint);
}

static bool track_noisy(const App *a)
{
    const Timeline *run = session_run(a->session);
    return timeline_noise(run, session_row(a->session)) > 0 ||
           !isnan(timeline_rows(run)[0].batch_loss);
}

/* Heat, paths and marks in cells; the ball comes last. */
static void draw_runs(const App *a, Canvas *c, Rect map)
{
    const Session *s = a->session;
    const Picture *q = a->picture;
    const Paint *p = &a->look->paint;
    field_draw(&q->map.field, c, map, true, p);
    draw_heights(a, c);
    if (track_drawn(a, TRACK_GHOST))
        ghost_draw(&q->drawn[TRACK_GHOST].path, c, map, ROLE_PATH_OLD, '\0', p);
    if (a->look->lens)
        ghost_draw(&q->lens.path, c, map, ROLE_PATH_OLD, '\0', p);
    for (int i = 1; i < SCENE_RUNNERS; i++)
        if (track_drawn(a, i))
            ghost_draw(&q->drawn[i].path, c, map, track_styles[i].role, '\0', p);
    path_draw(&q->drawn[TRACK_RUN].path, c, map, track_noisy(a), p);
    critical_draw(&s->critical, s->window, c, map, p);
    for (int i = 1; i < SCENE_RUNNERS; i++)
        if (track_drawn(a, i))
            ghost_letter(&q->drawn[i].path, c, map, track_styles[i].role, (char)('A' + i), i, p);
}

void draw_map(const App *a, Canvas *c)
{
    const Session *s = a->session;
    const Picture *q = a->picture;
    Rect r = a->look->layout.map;
    Rect map = rect_inside(r);
    const Paint *p = &a->look->paint;
    char note[96];
    if (map.cols <= 0 || map.rows <= 0)
        return;
    map_note(a, note, sizeof note);
    panel_frame(c, r, a->look->held_out ? "held-out surface" : "loss surface", note, p);
    panel_axes(c, r, s->window, p);
    if (map_pictured(a)) {
        canvas_fill(c, map, ' ', COLOR_DEFAULT, COLOR_DEFAULT);
        draw_heights(a, c);
    } else {
        draw_runs(a, c, map);
    }
    if (a->look->apart)
        draw_arrows(a, c, map);
    if (!map_pictured(a))
        head_draw(&q->drawn[TRACK_RUN].path, c, map, p);
    /* the legend shares the upper border with title and note */
    int free = r.cols - 20 - text_cols(note) - 4;
    if (free >= 16)
        scale_draw(&q->map.field, c, (Rect){r.col + 18, r.row, free, 1}, p);
}

/* ---- plots ---- */

static const char *const track_letters[SCENE_RUNNERS] = {"A", "B", "C", "D", "E", "F"};

/* The same curve of the other runs. */
static void add_others(const App *a, Plot *plot, size_t curve)
{
    for (int i = TRACK_GHOST; i > TRACK_RUN; i--) {
        const TrackStyle *style = &track_styles[i];
        const char *curves = (const char *)&a->picture->drawn[i].curves;
        if (track_drawn(a, i))
            plot->line[plot->lines++] = (PlotLine){(const Curve *)(const void *)(curves + curve), style->role,
                                                   style->role, i != TRACK_GHOST, style->plot,
                                                   i == TRACK_GHOST ? NULL : track_letters[i]};
    }
}

/* Effective rates have a scale of their own, which a figure has not. */
bool eta_pictured(const App *a)
{
    return a->look->pictures && !a->picture->scales.has_rates;
}

bool loss_pictured(const App *a)
{
    return a->look->pictures && !other_map(a) && a->look->pane == PANE_LOSS && !a->look->apart;
}

void draw_eta(const App *a, Canvas *c)
{
    long row = session_row(a->session);
    const Row *now = &timeline_rows(session_run(a->session))[row];
    const Rate *r = timeline_rate(session_run(a->session), row);
    Plot plot = {
        .title = a->look->layout.eta.cols >= 44 ? "learning rate η(t)" : "rate η(t)",
        .note = gate_asks(a->gate) ? ""
                : r->schedule      ? r->schedule->name
                                   : "typed",
        .scale = a->picture->scales.eta,
        .steps = a->picture->known.steps,
        .cursor = row,
        .value = now->eta,
        .limit = NAN, /* its label stands in the border, where it hides nothing */
        .ticks = a->picture->ticks.shown,
        .tick_count = a->picture->ticks.count,
        .pictured = eta_pictured(a),
    };
    char rates[96];
    char limit[96];
    bool wide = a->look->layout.eta.cols >= 44;
    if (a->picture->scales.has_rates) {
        char most[NUMBER_TEXT];
        number_brief(most, a->picture->scales.rate.hi, 2);
        snprintf(rates, sizeof rates, wide ? "dotted ηx ηy ≤ %s%s%s" : "ηx ηy ≤ %s", most,
                 plot.note[0] ? " · " : "", plot.note);
        plot.note = rates;
        plot.line[plot.lines++] = (PlotLine){&a->picture->drawn[TRACK_RUN].curves.rate_x,
                                             ROLE_GHOST_A, ROLE_GHOST_A, true, PLOT_DOTTED, "ηx"};
        plot.line[plot.lines++] = (PlotLine){&a->picture->drawn[TRACK_RUN].curves.rate_y,
                                             ROLE_GHOST_B, ROLE_GHOST_B, true, PLOT_DOTTED, "ηy"};
    }
    if (isfinite(now->limit) && (wide || !a->picture->scales.has_rates)) {
        char number[NUMBER_TEXT];
        number_brief(number, now->limit, 2);
        bool above = now->limit > a->picture->scales.eta.hi;
        if (wide && !a->picture->scales.has_rates)
            snprintf(limit, sizeof limit, "limit %s%s%s%s", number, above ? " ↑" : "",
                     plot.note[0] ? " · " : "", plot.note);
        else
            snprintf(limit, sizeof limit, "limit %s%s", number, above ? " ↑" : "");
        if (!a->picture->scales.has_rates)
            plot.note = limit;
    }
    add_others(a, &plot, offsetof(Curves, eta));
    plot.line[plot.lines++] = (PlotLine){&a->picture->drawn[TRACK_RUN].curves.limit, ROLE_LIMIT,
                                         ROLE_LIMIT, true, PLOT_FENCE, NULL};
    plot.line[plot.lines++] = (PlotLine){&a->picture->drawn[TRACK_RUN].curves.eta, ROLE_ETA,
                                         ROLE_ETA_PLAN, false, PLOT_SOLID, NULL};
    plot_draw(&plot, c, a->look->layout.eta, &a->look->paint);
}

static void draw_loss_curve(const App *a, Canvas *c)
{
    long row = session_row(a->session);
    char note[64];
    char base[NUMBER_TEXT];
    Text t = text_over(note, sizeof note);
    number_show(base, a->picture->scales.loss.base, 3);
    text_add(&t, "log");
    if (fabs(a->picture->scales.loss.base) > 1e-6)
        text_add(&t, ", above %s", base);
    char title[NUMBER_TEXT + 8];
    char value[NUMBER_TEXT];
    number_show(value, timeline_rows(session_run(a->session))[row].loss, 3);
    snprintf(title, sizeof title, "loss %s", value);
    Plot plot = {
        .title = title,
        .note = note,
        .scale = a->picture->scales.loss,
        .steps = a->picture->known.steps,
        .cursor = row,
        .value = timeline_rows(session_run(a->session))[row].loss,
        .limit = NAN,
        .ticks = a->picture->ticks.shown,
        .tick_count = a->picture->ticks.count,
        .pictured = loss_pictured(a),
    };
    add_others(a, &plot, offsetof(Curves, loss));
    if (a->picture->scales.has_batch)
        plot.line[plot.lines++] = (PlotLine){&a->picture->drawn[TRACK_RUN].curves.batch,
                                             ROLE_LOSS_PLAN, ROLE_LOSS_PLAN, true, PLOT_DOTTED, NULL};
    if (a->picture->scales.has_held_out)
        plot.line[plot.lines++] = (PlotLine){&a->picture->drawn[TRACK_RUN].curves.held_out,
                                             ROLE_HELD_OUT, ROLE_HELD_OUT, true, PLOT_SOLID, "held-out"};
    plot.line[plot.lines++] = (PlotLine){&a->picture->drawn[TRACK_RUN].curves.loss, ROLE_LOSS,
                                         ROLE_LOSS_PLAN, true, PLOT_SOLID,
                                         a->picture->scales.has_held_out ? "training" : NULL};
    plot_draw(&plot, c, a->look->layout.loss, &a->look->paint);
}

void draw_loss(const App *a, Canvas *c)
{
    if (a->look->pane == PANE_HOP)
        hop_draw(&a->picture->hop, c, a->look->layout.loss, &a->look->paint);
    else
        draw_loss_curve(a, c);
}

/* ---- the now panel ---- */

Role outcome_role(Outcome o)
{
    static const Role roles[] = {
        [TONE_PLAIN] = ROLE_TEXT, [TONE_GOOD] = ROLE_GOOD, [TONE_WARN] = ROLE_WARN, [TONE_BAD] = ROLE_BAD};
    return roles[outcomes[o].tone];
}

void outcome_text(const Verdict *v, char *out, size_t size)
{
    const OutcomeRow *o = &outcomes[v->outcome];
    snprintf(out, size, "%s %s%s", o->mark, o->lead, o->word);
}

/* "η(150) = 0.05·(1+cos(π·150/300))/2 = 0.025" */
static void rate_line(const App *a, int brief, Text *t)
{
    long row = session_row(a->session);
    const Row *now = &timeline_rows(session_run(a->session))[row];
    char eta[NUMBER_TEXT];
    number_show(eta, now->eta, 3);
    text_add(t, "η(%ld) = ", row);
    const Rate *r = timeline_rate(session_run(a->session), row);
    if (!brief && (!r->schedule || strcmp(r->schedule->name, "constant") != 0 || row < r->warmup)) {
        size_t before = t->used;
        rate_fill(r, row, &a->picture->now.update.plateau, t);
        if (t->used > before)
            text_add(t, " = ");
    }
    text_add(t, "%s", eta);
}

/* The step to come, from where the ball is: "x ← 1.00 − 0.025·20.0 = 0.50"; `brief` 1 leaves the
 * new point out, 2 digits, too. */
static void update_line(const App *a, int axis, int brief, Text *t)
{
    const Surface *s = scene_surface(&a->session->scene);
    const Row *now = session_now(a->session);
    const OptStep *u = &a->picture->now.update.step;
    double at = axis ? now->at.y : now->at.x;
    double rate = axis ? u->rate.y : u->rate.x;
    double direction = axis ? u->direction.y : u->direction.x;
    double step = axis ? u->step.y : u->step.x;
    int digits = brief > 1 ? 2 : 3;
    char n[4][NUMBER_TEXT];
    direction = fabs(direction) < 1e-12 ? 0 : direction; /* what is only rounding */
    number_show(n[0], u->shrink * at, 3);
    number_show(n[1], rate, digits);
    number_show(n[2], direction, digits);
    number_show(n[3], u->shrink * at - step, 3);
    text_add(t, "%s ← %s − %s·%s%s%s", s ? s->axis[axis] : axis ? "y" : "x", n[0], n[1],
             direction < 0 ? "(" : "", n[2], direction < 0 ? ")" : "");
    if (!brief)
        text_add(t, " = %s", n[3]);
}

/* As much as fits. */
static void line_or_brief(const App *a, Canvas *c, Rect in, int row,
                          void (*make)(const App *, int, Text *), Role role)
{
    char text[200];
    for (int brief = 0; brief < 3; brief++) {
        Text t = text_over(text, sizeof text);
        make(a, brief, &t);
        if (text_cols(text) <= in.cols)
            break;
    }
    panel_text(c, in.col, in.row + row, in.cols, text, role, &a->look->paint);
}

static void x_line(const App *a, int brief, Text *t)
{
    update_line(a, 0, brief, t);
}

static void y_line(const App *a, int brief, Text *t)
{
    update_line(a, 1, brief, t);
}

/* The slope is the full gradient's; what noise or a mini-batch made of it is called so. */
static void loss_line(const App *a, int brief, Text *t)
{
    const Row *now = session_now(a->session);
    double slope = a->picture->now.slope;
    double used = vec_norm(now->g);
    bool noisy = fabs(used - slope) > 1e-9 * fmax(slope, used);
    char n[4][NUMBER_TEXT];
    number_show(n[0], now->loss, 3);
    number_show(n[1], slope < 1e-12 ? 0 : slope, 3);
    number_show(n[2], now->held_out, 3);
    number_show(n[3], used, 3);
    text_add(t, "loss %s", n[0]);
    if (!isnan(now->held_out))
        text_add(t, "   held-out %s", n[2]);
    if (brief < 2)
        text_add(t, "   slope %s", n[1]);
    if (noisy && !brief)
        text_add(t, "   noisy %s", n[3]);
}

/* Where the step stands against the limit: a bar that is full where it cannot settle. */
static void draw_gauge(const App *a, Canvas *c, Rect in, int row)
{
    const Row *now = session_now(a->session);
    const Paint *p = &a->look->paint;
    char text[80];
    char limit[NUMBER_TEXT];
    number_show(limit, now->limit, 3);
    if (isfinite(now->limit) &&
        a->picture->scales.has_rates) /* the scaling changes: no promise for later */
        snprintf(text, sizeof text, "limit %s this moment", limit);
    else if (isfinite(now->limit) && outcomes[a->picture->now.verdict.outcome].settled)
        snprintf(text, sizeof text, "settles below %s here", limit);
    else if (isfinite(now->limit))
        snprintf(text, sizeof text, "local limit %s", limit);
    else
        snprintf(text, sizeof text, "no curvature holds it here");
    static const char label[] = "η/limit ";
    int words = text_cols(text);
    int bar = in.cols - words - text_cols(label) - 2;
    if (bar >= 6) {
        bar = bar > 24 ? 24 : bar;
        int col = in.col + panel_text(c, in.col, in.row + row, in.cols, label, ROLE_DIM, p);
        gauge_draw(c, col, in.row + row, bar, isfinite(now->limit) ? now->eta / now->limit : 0, 1,
                   p);
        panel_text(c, col + bar + 2, in.row + row, words, text, ROLE_DIM, p);
    } else {
        panel_text(c, in.col, in.row + row, in.cols, text, ROLE_DIM, p);
    }
}

void draw_now(const App *a, Canvas *c)
{
    Rect r = a->look->layout.now;
    Rect in = rect_inside(r);
    const Paint *p = &a->look->paint;
    char note[48];
    char verdict[64];
    if (in.cols <= 2 || in.rows <= 0)
        return;
    snprintf(note, sizeof note, "step %ld", session_row(a->session));
    panel_frame(c, r, "now", note, p);
    in = (Rect){in.col + 1, in.row, in.cols - 2, in.rows};
    outcome_text(&a->picture->now.verdict, verdict, sizeof verdict);
    if (text_cols(verdict) > in.cols)
        snprintf(verdict, sizeof verdict, "%s %s", outcomes[a->picture->now.verdict.outcome].mark,
                 outcomes[a->picture->now.verdict.outcome].word);
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
    if (in.rows >= 9 && !a->picture->fit.text[0])
        line++;
    if (!a->picture->known.hides)
        panel_text(c, in.col, in.row + line, in.cols, verdict,
                   outcome_role(a->picture->now.verdict.outcome), p);
    line++;
    if (a->picture->fit.text[0] && wrap_rows(a->picture->fit.text, in.cols) <= in.rows - line)
        line += panel_wrap(c, (Rect){in.col, in.row + line, in.cols, in.rows - line},
                           a->picture->fit.text, ROLE_HELD_OUT, p);
    if (a->picture->known.hides)
        return;
    if (in.rows - line >= wrap_rows(a->picture->now.verdict.reason, in.cols) || in.rows - line >= 3)
        panel_wrap(c, (Rect){in.col, in.row + line, in.cols, in.rows - line},
                   a->picture->now.verdict.reason, ROLE_DIM, p);
    else if (in.rows - line >= 1)
        panel_text(c, in.col, in.row + line, in.cols, a->picture->now.verdict.brief, ROLE_DIM, p);
}
