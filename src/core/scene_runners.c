/* SPDX-License-Identifier: MIT
 * scene_runners: from a scene with runners to the plain scene of one of them, and back. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/timeline.h"

int scene_runners(const Scene *s)
{
    return 1 + s->runner_count;
}

static void *own_value(Runner *r, SceneKey key)
{
    return (char *)r + scene_keys[key].own;
}

static size_t key_size(SceneKey key)
{
    return value_size(scene_keys[key].kind);
}

bool scene_of_runner(const Scene *s, int index, Scene *out)
{
    assert(out != s);
    if (index < 0 || index > s->runner_count)
        return false;
    scene_copy_start(out, s);
    Runner r = index ? s->runner[index - 1] : (Runner){0};
    for (int key = 0; key < SCENE_KEYS; key++)
        if (r.given >> key & 1u) {
            memcpy(scene_value(out, (SceneKey)key), own_value(&r, (SceneKey)key),
                   key_size((SceneKey)key));
            out->place[key] = r.place[key];
            out->given |= 1u << key;
        }
    for (int i = 0; i < s->edit_total; i++) {
        Edit e = s->edit[i];
        if (e.runner != index && !(e.runner == 0 && e.key == SCENE_SURFACE))
            continue;
        e.runner = 0;
        scene_insert_edit(out, &e, NULL);
    }
    return true;
}

/* Start and eta0 of a plain scene that says nothing of them; false if it cannot run. */
static bool resolve(const Scene *plain, Vec2 *start, double *eta0)
{
    Error ignored;
    Timeline *t = timeline_new();
    bool ok = t && timeline_set(t, plain, &ignored) && timeline_ready(t) > 0;
    if (ok) {
        *start = timeline_rows(t)[0].at;
        *eta0 = timeline_rate(t, 0)->eta0;
    }
    timeline_free(t);
    return ok;
}

/* Everything that a plain scene runs with, said. Where it cannot run, its start and eta0 stay
 * unsaid unless it says them. The other defaults stand in their fields. */
static Runner spelt_out(const Scene *plain)
{
    static const uint32_t bound = 1u << SCENE_START | 1u << SCENE_ETA0;
    Runner r = {0};
    Scene *at_start = malloc(sizeof *at_start);
    for (int key = 0; key < SCENE_KEYS; key++) {
        const SceneKeyInfo *k = &scene_keys[key];
        if (!k->own)
            continue;
        memcpy(own_value(&r, (SceneKey)key), (const char *)plain + k->offset,
               key_size((SceneKey)key));
        r.place[key] = plain->place[key];
        if (scene_given(plain, (SceneKey)key) || !(bound >> key & 1u))
            r.given |= 1u << key;
    }
    if (at_start && (r.given & bound) != bound) {
        Vec2 start = r.start;
        double eta0 = r.eta0;
        scene_copy_start(at_start, plain);
        if (resolve(at_start, &start, &eta0)) {
            r.start = start;
            r.eta0 = eta0;
            r.given |= bound;
        }
    }
    free(at_start);
    return r;
}

/* Unsay what holds without being said, too. */
static void shorten(Scene *s, int index, Scene *scratch)
{
    Runner *r = &s->runner[index - 1];
    const Runner all = *r;
    r->given = 0;
    scene_of_runner(s, index, scratch);
    scratch->optimizer = all.optimizer; /* a default of eta0 depends on it */
    Runner handed = spelt_out(scratch);
    handed.optimizer = s->optimizer;
    r->given = all.given;
    for (int key = 0; key < SCENE_KEYS; key++)
        if ((r->given & handed.given) >> key & 1u &&
            value_equal(scene_keys[key].kind, own_value(r, (SceneKey)key),
                        own_value(&handed, (SceneKey)key)))
            r->given &= ~(1u << key);
}

/* The edits of a runner go. */
static void drop_edits(Scene *s, int runner)
{
    int kept = 0;
    for (int i = 0; i < s->edit_total; i++)
        if (s->edit[i].runner != runner)
            s->edit[kept++] = s->edit[i];
    s->edit_total = kept;
}

/* Do the surfaces of two plain scenes change alike? */
static bool same_surface_edits(const Scene *a, const Scene *b)
{
    int i = 0;
    int k = 0;
    for (;;) {
        while (i < a->edit_count && a->edit[i].key != SCENE_SURFACE)
            i++;
        while (k < b->edit_count && b->edit[k].key != SCENE_SURFACE)
            k++;
        if (i == a->edit_count || k == b->edit_count)
            return i == a->edit_count && k == b->edit_count;
        if (!edit_equal(&a->edit[i++], &b->edit[k++]))
            return false;
    }
}

static bool same_map(const Scene *a, const Scene *b)
{
    Window v = scene_window(a);
    Window w = scene_window(b);
    return scene_same_loss(a, b) && same_surface_edits(a, b) && value_equal(VALUE_WINDOW, &v, &w);
}

bool scene_set_runner(Scene *s, int index, const Scene *like, Error *err)
{
    assert(index >= 1 && index <= scene_runners(s));
    if (index >= SCENE_RUNNERS)
        return error_set(err, 1, 1, "more than %d runners", SCENE_RUNNERS);
    if (!same_map(s, like))
        return error_set(err, 1, 1, "all runners share one loss and one window");
    int edits = like->edit_count;
    for (int i = 0; i < s->edit_total; i++)
        edits += s->edit[i].runner != index;
    if (edits > SCENE_EDITS)
        return error_set(err, 1, 1, "more than %d edits", SCENE_EDITS);
    Scene *scratch = malloc(sizeof *scratch);
    if (!scratch)
        return error_set(err, 0, 0, "out of memory");
    drop_edits(s, index);
    for (int i = 0; i < like->edit_count; i++) {
        Edit e = like->edit[i];
        e.runner = index;
        if (e.key != SCENE_SURFACE)
            scene_insert_edit(s, &e, err);
    }
    if (index == scene_runners(s))
        s->runner_count++;
    s->runner[index - 1] = spelt_out(like);
    shorten(s, index, scratch);
    free(scratch);
    return true;
}

bool scene_add_runner(Scene *s, const Scene *like, Error *err)
{
    return scene_set_runner(s, scene_runners(s), like, err);
}

void scene_remove_runner(Scene *s, int index)
{
    assert(index >= 1 && index <= s->runner_count);
    drop_edits(s, index);
    for (int i = s->edit_count; i < s->edit_total; i++)
        s->edit[i].runner -= s->edit[i].runner > index;
    memmove(&s->runner[index - 1], &s->runner[index],
            sizeof s->runner[0] * (size_t)(s->runner_count - index));
    s->runner_count--;
}

void scene_spell_out_runners(Scene *s)
{
    Scene *plain = s->runner_count ? malloc(sizeof *plain) : NULL;
    for (int i = 1; plain && i <= s->runner_count; i++) {
        scene_of_runner(s, i, plain);
        s->runner[i - 1] = spelt_out(plain);
    }
    free(plain);
}

void scene_shorten_runners(Scene *s)
{
    Scene *scratch = s->runner_count ? malloc(sizeof *scratch) : NULL;
    for (int i = 1; scratch && i <= s->runner_count; i++)
        shorten(s, i, scratch);
    free(scratch);
}
