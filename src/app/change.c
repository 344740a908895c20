/* SPDX-License-Identifier: MIT
 * change: a run becomes another run: edits at the cursor, new scenes, undo (SPEC 1, Edits).
 * The old run stays visible as a ghost; undo keeps scenes as text, which by contract reads back. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/state.h"

/* Rows are computed at once up to this many; longer runs grow in app_advance. */
enum { ROWS_AT_ONCE = 20000 };

static void remember(App *a, bool restarted)
{
    Before *b = &a->undo[a->undo_count % UNDO];
    Text text = text_over(b->text, sizeof b->text);
    scene_print(&a->scene, true, &text);
    if (text.full)
        return; /* a scene too long to keep: undo goes back past it */
    b->cursor = a->cursor;
    b->restarted = restarted;
    a->undo_count++;
    if (a->undo_left < UNDO)
        a->undo_left++;
}

/* The old run becomes the ghost, drawn from row `from` on. */
static void leave_ghost(App *a, long from)
{
    Error ignored;
    a->ghost.shown = timeline_set_beside(a->ghost.run, &a->scene, a->run, &ignored);
    a->ghost.from = from;
    if (a->ghost.shown)
        timeline_advance(a->ghost.run, ROWS_AT_ONCE);
}

static bool same_surface(const Scene *a, const Scene *b)
{
    if (a->surface.row != b->surface.row || strcmp(a->surface.formula, b->surface.formula) != 0)
        return false;
    return memcmp(&a->surface.named, &b->surface.named, sizeof a->surface.named) == 0 &&
           strcmp(a->data, b->data) == 0 && strcmp(a->held_out, b->held_out) == 0 &&
           memcmp(&(Window[]){scene_window(a)}, &(Window[]){scene_window(b)}, sizeof(Window)) == 0;
}

/* Known critical points come from the table; typed formulas and changed parameters are searched. */
void surface_ready(App *a)
{
    const Surface *s = scene_surface(&a->scene);
    const Loss *loss = timeline_loss(a->run);
    critical_start(&a->critical);
    a->window = timeline_window(a->run);
    fit_ready(a);
    if (s && a->scene.surface.named.count == 0 && !a->scene.data[0]) {
        for (int i = 0; i < s->critical_count; i++)
            critical_add(&a->critical, loss, a->window, s->critical[i].at);
        a->critical.done = true;
    }
    a->field_stale = true;
    a->verdict_row = -1;
}

/* Make a->scratch the run. The caller has remembered the old one. `same_to`: the rows up to it are
 * those of the old run; -1: none is. */
static bool install(App *a, bool restart, long same_to, Error *err)
{
    unsigned long before = timeline_revision(a->run);
    if (!timeline_set(a->run, &a->scratch, err))
        return false;
    bool same = same_surface(&a->scene, &a->scratch);
    scene_copy(&a->scene, &a->scratch);
    timeline_advance(a->run, ROWS_AT_ONCE);
    if (!same)
        surface_ready(a);
    if (restart) {
        a->cursor = 0;
        a->playing = true;
    }
    if (same_to >= 0)
        path_keep(&a->path, same_to, before, timeline_revision(a->run));
    a->named = NULL;
    a->claim[0] = '\0';
    a->ended_said = false;
    a->ruler_stale = true;
    focus_build(a);
    a->dirty = true;
    return true;
}

static void forget_last(App *a)
{
    a->undo_count--;
    a->undo_left--;
}

bool change_scene(App *a, const Scene *scene, Error *err)
{
    if (!school_allows_scene(a, err))
        return false;
    if (scene != &a->scratch)
        scene_copy(&a->scratch, scene);
    int before = a->undo_count;
    bool same = same_surface(&a->scene, &a->scratch);
    remember(a, true);
    if (same)
        leave_ghost(a, 0);
    if (!install(a, true, -1, err)) {
        if (a->undo_count > before)
            forget_last(a);
        return false;
    }
    if (!same)
        a->ghost.shown = false;
    a->pair = -1;
    return true;
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
static bool all_live(const App *a, const Assignment *list, int count)
{
    for (int i = 0; i < count; i++) {
        Edit e;
        Error ignored;
        if (!scene_keys[list[i].key].editable)
            return false;
        if (list[i].key == SCENE_SURFACE &&
            !edit_parse_value(&a->scene, &e, 1, SCENE_SURFACE, list[i].value, list[i].length,
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

static bool prepare(App *a, bool live, long row, Assignment *list, int count, Error *err)
{
    scene_copy(&a->scratch, &a->scene);
    if (live)
        scene_drop_edits(&a->scratch, row + 1);
    else
        scene_fold(&a->scratch, row);
    qsort(list, (size_t)count, sizeof list[0], surface_first);
    for (int i = 0; i < count; i++) {
        bool ok =
            live ? scene_edit(&a->scratch, row, list[i].key, list[i].value, list[i].length, err)
                 : assign_start(&a->scratch, &list[i], err);
        if (!ok)
            return false;
    }
    return true;
}

bool change_assign_all(App *a, const Assignment *list, int count, Error *err)
{
    Assignment sorted[SCENE_KEYS];
    if (count > SCENE_KEYS)
        return error_set(err, 1, 1, "too many assignments");
    if (!school_allows(a, list, count, err))
        return false;
    memcpy(sorted, list, sizeof list[0] * (size_t)count);
    long row = play_row(a);
    bool live = row > 0 && row < play_last(a) && !school_tries(a) && all_live(a, list, count);
    if (!prepare(a, live, row, sorted, count, err))
        return false;
    int before = a->undo_count;
    bool same = same_surface(&a->scene, &a->scratch);
    remember(a, !live);
    if (same)
        leave_ghost(a, live ? row : 0);
    else
        a->ghost.shown = false;
    if (!install(a, !live, live ? row : -1, err)) {
        if (a->undo_count > before)
            forget_last(a);
        a->ghost.shown = false;
        return false;
    }
    a->pair = -1;
    if (live)
        snprintf(a->from, sizeof a->from, "from step %ld", row);
    else
        snprintf(a->from, sizeof a->from, row > 0 ? "· the run restarts" : "from step 0");
    return true;
}

bool change_assign(App *a, SceneKey key, const char *value, size_t length, Error *err)
{
    return change_assign_all(a, &(Assignment){key, value, length}, 1, err);
}

bool change_undo(App *a)
{
    if (a->undo_left == 0)
        return false;
    Before *b = &a->undo[(a->undo_count - 1) % UNDO];
    Error ignored;
    scene_default(&a->scratch);
    if (!scene_parse(&a->scratch, b->text, NULL, &ignored))
        return false;
    double cursor = b->restarted ? b->cursor : a->cursor;
    bool playing = a->playing;
    long same_to = b->restarted ? -1 : (long)fmin(b->cursor, a->cursor);
    if (!install(a, false, same_to, &ignored))
        return false;
    forget_last(a);
    a->ghost.shown = false;
    a->playing = playing && !b->restarted;
    a->ended_said = true; /* that it was undone is what is to be read */
    play_seek(a, cursor);
    return true;
}

void change_window(App *a, Window w)
{
    Vec2 size = window_size(w);
    if (!(size.x > 1e-9 * fmax(1, fabs(w.lo.x))) || !(size.y > 1e-9 * fmax(1, fabs(w.lo.y))) ||
        !(fabs(w.lo.x) + fabs(w.hi.x) + fabs(w.lo.y) + fabs(w.hi.y) < 1e9))
        return;
    if (memcmp(&w, &a->window, sizeof w) == 0)
        return;
    a->window = w;
    a->field_stale = true;
    a->dirty = true;
}
