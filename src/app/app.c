/* SPDX-License-Identifier: MIT
 * app: see app.h. Puts the parts together: events go to the view on top, app_advance moves the play
 * head and does waiting work in slices, app_draw shows the views from the bottom up. */
#include "app/app.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/book.h"
#include "app/borders.h"
#include "app/choose.h"
#include "app/focus.h"
#include "app/line.h"
#include "app/look.h"
#include "app/panes.h"
#include "app/picture.h"
#include "app/say.h"
#include "app/school.h"
#include "app/session.h"
#include "app/settings.h"
#include "app/share.h"
#include "app/task.h"
#include "app/views.h"
#include "teach/claims.h"
#include "view/octant.h"

enum {
    SLICE_NEWTON = 24, /* starts of the search for critical points a call */
};

/* All parts in one block, so that there is one thing to make and one to free. */
typedef struct Whole {
    App app;
    Session session;
    Gate gate;
    Look look;
    Say say;
    Focus focus;
    Borders borders;
    Picture picture;
    Task task;
    School school;
    Book book;
    Share share;
    Views views;
} Whole;

static App *join(Whole *w)
{
    w->app = (App){.session = &w->session,
                   .gate = &w->gate,
                   .look = &w->look,
                   .say = &w->say,
                   .focus = &w->focus,
                   .borders = &w->borders,
                   .picture = &w->picture,
                   .task = &w->task,
                   .school = &w->school,
                   .book = &w->book,
                   .share = &w->share,
                   .views = &w->views,
                   .chosen = kinds,
                   .dirty = true};
    return &w->app;
}

/* ---- beginning ---- */

static bool first_scene(App *a, const AppOptions *options, Error *err)
{
    Session *s = a->session;
    if (options->scene)
        return session_begin(s, options->scene, err);
    const Pair *p = pair_row(0);
    const NamedScene *named = named_find(p->id[0], strlen(p->id[0]));
    if (!named)
        return error_set(err, 0, 0, "the first scene is missing");
    if (!named_load(named, &s->scratch, err) || !session_begin(s, &s->scratch, err))
        return false;
    s->named = named;
    s->pair = 0;
    return true;
}

/* The list, one lesson, or a file of one's own. */
static bool begin_lessons(App *a, const char *which, bool notes, Error *err)
{
    bool file = which && (strchr(which, '/') || strchr(which, '.'));
    if (!school_open(a->school, file ? which : NULL, err))
        return false;
    bool ok = which ? view_open(a, notes ? "notes" : "lesson", file ? "" : which, err)
                    : view_open(a, "menu", "lesson", err);
    if (!ok && which && !file)
        error_in(err, "learn");
    follow(a);
    return ok;
}

static void greet(App *a)
{
    const Session *s = a->session;
    if (s->pair >= 0 && s->pairs.own) {
        say(a, "%s. Press %d to see the contrast", session_pair(s, s->pair)->before[0],
            s->pair + 1);
    } else if (s->pair == 0) {
        say(a, "%s. Press 1: a cycle frees it", pair_row(0)->before[0]);
        say_short(a, "Press 1: a cycle frees it");
    } else {
        say(a, "space pauses, ↑↓ change the learning rate, ? shows all keys");
    }
    say_chosen(a);
}

/* Lines of the settings file; what the command line asked for holds against them. */
static bool settings(App *a, const AppOptions *o, Error *err)
{
    Session *s = a->session;
    if (!settings_run(a, o->settings, o->settings_file, err))
        return false;
    if (o->own_theme)
        a->look->theme = o->theme;
    if (o->own_map)
        a->look->map = o->map;
    look_repaint(a->look);
    s->playing = !o->paused;
    s->history.count = s->history.left = 0;
    s->track[TRACK_GHOST].shown = false;
    if (!o->scene || scene_equal(&s->scene, o->scene))
        return true;
    if (!session_begin(s, o->scene, err))
        return false;
    session_seek(s, 0);
    a->changed |= CHANGED_RUN | CHANGED_SURFACE;
    follow(a);
    return true;
}

static bool begin(App *a, const AppOptions *options, Error *err)
{
    bool room = session_init(a->session);
    room = ruler_init(&a->borders->ruler) && room;
    room = views_init(a->views, views) && room;
    if (!room)
        return error_set(err, 0, 0, "out of memory");
    a->session->playing = !options->paused && !options->notes;
    a->look->theme = options->theme;
    a->look->map = options->map;
    a->focus->at = -1;
    a->picture->now.row = -1;
    claim_count(); /* read the table now: the frame loop allocates nothing */
    if (!first_scene(a, options, err))
        return false;
    a->changed = CHANGED_RUN | CHANGED_SURFACE;
    follow(a);
    if (!task_begin(a->task, options->goal, a->session, err))
        return false;
    app_output(a, MODE_TRUECOLOR, GLYPHS_BRAILLE);
    if (options->settings && !settings(a, options, err))
        return false;
    if (options->lessons)
        return begin_lessons(a, options->lesson, options->notes, err);
    greet(a);
    return true;
}

App *app_new(const AppOptions *options, Error *err)
{
    Whole *w = calloc(1, sizeof *w);
    if (!w) {
        error_set(err, 0, 0, "out of memory");
        return NULL;
    }
    App *a = join(w);
    school_init(a->school, options->no_save);
    book_init(a->book, options->notebook);
    if (begin(a, options, err))
        return a;
    app_free(a);
    return NULL;
}

void app_free(App *a)
{
    if (!a)
        return;
    views_release(a);
    school_release(a->school);
    picture_release(a->picture);
    ruler_release(&a->borders->ruler);
    session_release(a->session);
    free(a); /* the first member of Whole */
}

void app_output(App *a, ColorMode mode, GlyphSet glyphs)
{
    a->look->colors = mode;
    if (!a->look->own_glyphs)
        a->look->glyphs = glyphs;
    look_repaint(a->look);
    a->dirty = true;
}

void app_glyphs(App *a, GlyphSet glyphs, bool own)
{
    if (a->look->ascii_only)
        return;
    a->look->octants = a->look->octants || glyphs == GLYPHS_OCTANT;
    if (own)
        a->look->own_glyphs = false;
    app_output(a, a->look->colors, glyphs);
    a->look->own_glyphs = a->look->own_glyphs || own;
}

void app_ascii(App *a)
{
    a->look->ascii_only = true;
    a->look->own_glyphs = false;
    app_output(a, a->look->colors, GLYPHS_ASCII);
}

void app_pictures(App *a, bool on)
{
    a->look->pictures = on;
    a->dirty = true;
}

void app_resize(App *a, int cols, int rows)
{
    a->look->cols = cols > 0 ? cols : 0;
    a->look->rows = rows > 0 ? rows : 0;
    a->changed |= CHANGED_SIZE;
    follow(a);
}

/* ---- time ---- */

/* What the next frame shows: pictures first, then what the open views make of them. */
static void refresh(App *a)
{
    focus_follow(a);
    critical_follow(&a->session->critical, session_run(a->session), session_row(a->session));
    picture_refresh(a->picture, a->session, a->look, gate_hides(a->gate));
    for (int i = 0; i < a->views->depth; i++)
        if (a->views->open[i]->refresh)
            a->views->open[i]->refresh(a);
    task_refresh(a->task, a->session);
}

/* What the end of the run tells, once. */
static void say_end(App *a)
{
    const Session *s = a->session;
    const Verdict *v = &a->picture->now.verdict;
    const Fit *fit = &a->picture->fit;
    if (a->say->end_told || a->school->open)
        return;
    a->say->end_told = true;
    a->dirty = true;
    Text claim = text_over(a->say->claim, sizeof a->say->claim);
    if (s->named)
        claim_for(s->named->id, session_run(s), &claim);
    if (s->pair >= 0) {
        say(a, "%s. Press %d %s", session_pair(s, s->pair)->after[s->side], s->pair + 1,
            s->side ? "to go back" : "to see the contrast");
        return;
    }
    const char *word = outcomes[v->outcome].word;
    say(a, "%s: %s", word, fit->ends_so ? fit->text : v->reason);
    say_short(a, "%s (%s)", word, v->brief);
}

/* The notebook has the run when its last word cannot change any more. */
static bool keep_end(App *a)
{
    if (!a->book->due || !a->session->critical.done)
        return false;
    refresh(a);
    book_keep(a);
    refresh(a); /* it may be open */
    return true;
}

static bool advance_head(App *a, double seconds)
{
    Session *s = a->session;
    bool done = timeline_done(session_run(s));
    long before = session_row(s);
    long last = session_last(s);
    double most = done ? (double)last : (double)(timeline_ready(session_run(s)) - 1);
    if (!s->playing || seconds <= 0)
        return false;
    s->cursor = fmin(s->cursor + seconds * session_pace(s), most);
    if (done && s->cursor >= (double)last) {
        s->cursor = (double)last;
        s->playing = false;
        a->gate->predicting = false; /* the answer is here */
        a->dirty = true;
        refresh(a);
        say_end(a);
    }
    return session_row(s) != before;
}

/* Rows and the map, a slice of each: what the next frame shows. */
static bool advance_visible(App *a)
{
    bool more = false;
    for (int i = 0; i < TRACKS; i++)
        if (a->session->track[i].shown)
            more = timeline_advance(a->session->track[i].run, ROWS_AT_ONCE) || more;
    bool sampling = a->picture->map.stale || !a->picture->map.stopped;
    more = picture_sample(a->picture, a->session, a->look) || more;
    a->dirty = a->dirty || sampling;
    return more;
}

static bool advance_search(App *a)
{
    Session *s = a->session;
    const Loss *loss = fit_map_loss(&a->picture->fit, s, false);
    long rows = loss->data ? loss_rows(loss) : 1;
    critical_follow(&s->critical, session_run(s), session_row(s));
    int known = s->critical.count;
    if (s->critical.done)
        return false;
    critical_search(&s->critical, loss, timeline_window(session_run(s)),
                    rows > 200 ? 1 : SLICE_NEWTON);
    a->dirty = a->dirty || known != s->critical.count;
    return true;
}

/* Somebody looks at the ruler, or at a chart that stands over it. */
static bool ruler_shown(const App *a)
{
    return a->look->layout.ruler.rows > 0 || view_at_work(a->views);
}

/* A slice of everything; true while work is left. */
static bool advance_work(App *a)
{
    const View *at_work = view_at_work(a->views);
    bool more = borders_jump(a);
    follow(a);
    more = advance_visible(a) || more;
    more = advance_search(a) || more;
    more = (at_work && at_work->advance(a)) || more;
    return (ruler_shown(a) && borders_advance(a)) || more;
}

bool app_advance(App *a, double seconds)
{
    Session *s = a->session;
    bool moved = advance_head(a, seconds);
    view_advance(a, seconds);
    bool waiting = !timeline_done(session_run(s));
    if (seconds > 0 && !advance_work(a) && !a->school->read)
        school_read_ahead(a->school);
    if (seconds <= 0)
        advance_visible(a); /* an event is being answered: ruler and searches can wait a frame */
    bool changed = moved || a->dirty || waiting || a->picture->path_waits ||
                   (a->look->lens && a->picture->lens.waits);
    if (changed)
        refresh(a);
    if (!s->playing && session_row(s) >= session_last(s) && timeline_done(session_run(s))) {
        say_end(a);
        changed = keep_end(a) || changed;
    }
    a->dirty = false;
    return changed;
}

/* Is there anything that app_advance would work on? */
static bool work_waits(const App *a)
{
    const Session *s = a->session;
    const View *at_work = view_at_work(a->views);
    for (int i = 0; i < TRACKS; i++)
        if (s->track[i].shown && !timeline_done(s->track[i].run))
            return true;
    return a->borders->way || (at_work && at_work->waits(a)) || picture_waits(a->picture, a->look) ||
           !s->critical.done || (ruler_shown(a) && borders_wait(a->borders));
}

double app_next(const App *a)
{
    const Session *s = a->session;
    if (a->dirty || work_waits(a) || !a->school->read)
        return 0;
    bool brief = view_top(a->views)->flags & VIEW_BRIEF;
    double every = view_top(a->views)->every;
    if (!s->playing)
        return brief ? a->views->brief : every > 0 ? every : -1;
    return (floor(s->cursor) + 1 - s->cursor) / session_pace(s);
}

void app_settle(App *a)
{
    do
        refresh(a);
    while (work_waits(a) && (advance_work(a) || a->picture->path_waits ||
                             (a->look->lens && a->picture->lens.waits)));
    refresh(a);
}

/* ---- events ---- */

static void run_line(App *a, const char *line)
{
    Error err = {0};
    if (!line_run(a, line, &err))
        say_warn(a, "%s", err.message);
}

/* A click begins a run there, the wheel zooms. */
static void mouse_in_map(App *a, Event e, Rect map)
{
    Error err = {0};
    Vec2 at = map_point(a->session->window, map.cols, map.rows, e.col - map.col, e.row - map.row);
    if (e.button == MOUSE_WHEEL_UP || e.button == MOUSE_WHEEL_DOWN) {
        run_line(a, e.button == MOUSE_WHEEL_UP ? "zoom in" : "zoom out");
        return;
    }
    if (e.button != MOUSE_LEFT)
        return;
    const View *own = view_at_work(a->views);
    if (own && own->point && own->point(a, e.col - map.col, e.row - map.row))
        return;
    while (view_top(a->views)->flags & VIEW_OVER && view_top(a->views)->move)
        view_pop(a); /* the cross and the zoom have done their work */
    if (!set_start(a, at, &err))
        say_warn(a, "%s", err.message);
    follow(a);
}

/* A click in a plot moves the play head there. */
static void mouse_in_plot(App *a, Event e, Rect area)
{
    if (e.button != MOUSE_LEFT || area.cols <= 1)
        return;
    char line[48];
    double share = (double)(e.col - area.col) / (area.cols - 1);
    const Session *s = a->session;
    double steps = (double)(gate_hides(a->gate) ? session_steps_known(s)
                                                : timeline_steps(session_run(s)));
    snprintf(line, sizeof line, "seek %ld", (long)lround(share * steps));
    run_line(a, line);
}

/* A click on the ruler takes the rate that stands there, wherever parameters are unlocked. */
static bool mouse_on_ruler(App *a, Event e)
{
    Error err = {0};
    double eta0 = gate_hides(a->gate) ? (double)NAN : ruler_rate_at(a, e.col, e.row);
    if (isnan(eta0) || e.button != MOUSE_LEFT)
        return false;
    if (!set_eta0(a, eta0, &err))
        say_warn(a, "%s", err.message);
    follow(a);
    return true;
}

static void mouse(App *a, Event e)
{
    const Layout *l = &a->look->layout;
    Rect map = rect_inside(l->map);
    Rect eta = plot_area(l->eta);
    Rect loss = plot_area(l->loss);
    if (!(view_ground(a->views)->flags & VIEW_STAGE) || mouse_on_ruler(a, e))
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
    const View *top = view_top(a->views);
    if (top->key && top->key(a, k))
        return;
    const Binding *b = view_binding(a->views, k);
    if (b) {
        run_line(a, b->line);
        return;
    }
    char name[16];
    key_name(k, name);
    if (k >= 0x20)
        say_warn(a, "'%s' does nothing here; ? shows the keys", name);
}

/* Text only where text is expected: a pasted 'q' must not quit. */
static void paste(App *a, uint32_t k)
{
    const View *top = view_top(a->views);
    if (top->flags & VIEW_TYPES)
        top->key(a, k < 0x20 || k == 0x7f || k >= 0x110000 ? ' ' : k);
}

void app_event(App *a, Event e)
{
    switch (e.kind) {
    case EVENT_KEY:
        key(a, e.key);
        break;
    case EVENT_PASTE:
        paste(a, e.key);
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

/* ---- drawing ---- */

/* The uppermost view that covers the screen, the bars, and what lies over them. */
static void draw_views(const App *a, Canvas *c)
{
    const Views *v = a->views;
    int base = v->depth - 1;
    while (base > 0 && (v->open[base]->flags & VIEW_OVER))
        base--;
    v->open[base]->draw(a, c);
    draw_status(a, c);
    draw_footer(a, c);
    for (int i = base + 1; i < v->depth; i++)
        if (v->open[i]->draw)
            v->open[i]->draw(a, c);
}

void app_draw(const App *a, Canvas *c)
{
    const Paint *p = &a->look->paint;
    canvas_clear(c, p->role[ROLE_TEXT], p->role[ROLE_BACK]);
    if (a->look->layout.too_small)
        panel_text(c, 0, 0, c->cols, "too small: enlarge the window", ROLE_TEXT, p);
    else
        draw_views(a, c);
    if (a->look->glyphs == GLYPHS_ASCII)
        canvas_to_ascii(c);
    if (a->look->glyphs == GLYPHS_OCTANT)
        canvas_to_octants(c, p);
}

/* ---- reading ---- */

bool app_command(App *a, const char *line, Error *err)
{
    return line_run(a, line, err);
}

bool app_quit(const App *a)
{
    return a->quit;
}

const char *app_copied(App *a)
{
    return share_take(a->share);
}

void app_seek(App *a, long row)
{
    Session *s = a->session;
    timeline_advance(session_run(s), STEPS_MAX + 1);
    s->playing = false;
    session_seek(s, (double)row);
    a->dirty = true;
    refresh(a);
    if (row >= session_last(s))
        say_end(a);
}

long app_row(const App *a)
{
    return session_row(a->session);
}

long app_last(App *a)
{
    timeline_advance(session_run(a->session), STEPS_MAX + 1);
    return session_last(a->session);
}

const Scene *app_scene(const App *a)
{
    return &a->session->scene;
}

void app_tell(App *a, const char *text)
{
    say_warn(a, "%s", text);
    a->dirty = true;
}

const char *app_status(const App *a)
{
    return a->say->text;
}

const char *app_outcome(const App *a)
{
    return outcomes[a->picture->now.verdict.outcome].word;
}

bool app_goal(App *a, char *out, size_t size)
{
    Text t = text_over(out, size);
    return task_result(a->task, a->session, &t);
}
