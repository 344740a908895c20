/* SPDX-License-Identifier: MIT
 * test_app: what keys do, asked of the whole program in-process. Questions about every key, mode,
 * scene and size are made from the program's own tables. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "app/drive.h"

static void command(Drive *d, const char *line)
{
    Error err = {0};
    if (!app_command(d->app, line, &err))
        fail_msg("%s: %s", line, err.message);
}

static void play_frames(Drive *d, int count)
{
    for (int i = 0; i < count; i++)
        app_advance(d->app, 1.0 / 60);
}

static bool status_has(const Drive *d, const char *words)
{
    return strstr(app_status(d->app), words) != NULL;
}

static bool in_minimum(const Drive *d)
{
    return strcmp(app_outcome(d->app), "global minimum") == 0;
}

/* --- the first screen --- */

/* The key that the first screen's last sentence names. */
static uint32_t named_key(const Drive *d)
{
    const char *press = strstr(app_status(d->app), "ress ");
    assert_non_null(press);
    return utf8_next(&(const char *){press + 5});
}

static void the_named_key_leads_to_the_goal(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    play_frames(&d, 1);
    assert_true(d.app->session->playing);
    drive_play_out(&d);
    assert_false(in_minimum(&d));
    drive_draw(&d);
    uint32_t key = named_key(&d);
    drive_key(&d, key);
    drive_play_out(&d);
    assert_true(in_minimum(&d));
    drive_close(&d);
    /* and when it is pressed before it was named */
    for (int frames = 0; frames < 400; frames += 57) {
        d = drive_open(80, 24);
        play_frames(&d, frames);
        drive_key(&d, key);
        drive_play_out(&d);
        assert_true(in_minimum(&d));
        drive_close(&d);
    }
}

static void digits_twice_return(void **state)
{
    (void)state;
    for (int digit = 1; digit <= PAIRS; digit++) {
        Drive d = drive_open(80, 24);
        if (digit == 1)
            drive_key(&d, '2');
        drive_key(&d, (uint32_t)('0' + digit));
        char *left = drive_scene_text(d.app);
        drive_key(&d, (uint32_t)('0' + digit));
        char *right = drive_scene_text(d.app);
        assert_string_not_equal(left, right);
        assert_true(d.app->session->side == 1);
        drive_key(&d, (uint32_t)('0' + digit));
        char *again = drive_scene_text(d.app);
        assert_string_equal(left, again);
        free(left);
        free(right);
        free(again);
        drive_close(&d);
    }
}

/* --- every key in every mode --- */

static void enter(Drive *d, const View *view)
{
    Error err = {0};
    if (view == views[0])
        return;
    bool ok = view_open(d->app, view->name, "", &err) || view_open(d->app, view->name, "1", &err) ||
              view_open(d->app, view->name, "the-trap", &err) ||
              view_open(d->app, "lesson", "the-trap", &err);
    if (!ok)
        fail_msg("%s: %s", view->name, err.message);
    follow(d->app);
    if (!(view->flags & VIEW_PASSES))
        assert_string_equal(drive_view(d), view->name);
}

/* A copy of the screen and of the sentence under it, to see that something happened. */
typedef struct Glance {
    Canvas canvas;
    char status[STATUS_SIZE];
} Glance;

static Glance glance(Drive *d)
{
    Glance g = {0};
    drive_wait(d);
    drive_draw(d);
    drive_copy(&d->canvas, &g.canvas);
    snprintf(g.status, sizeof g.status, "%s", app_status(d->app));
    return g;
}

static bool glance_differs(Glance *g, Drive *d)
{
    Glance now = glance(d);
    bool differs = drive_difference(&g->canvas, &now.canvas) >= 0 ||
                   strcmp(g->status, now.status) != 0 || app_quit(d->app);
    canvas_release(&now.canvas);
    canvas_release(&g->canvas);
    return differs;
}

/* Keys that have nothing to do in the state they are tried in. */
static bool may_be_idle(const View *view, const Binding *b)
{
    static const char *const idle[] = {"move", "zoom whole", "close", "undo", "menu schedule"};
    for (size_t i = 0; i < sizeof idle / sizeof idle[0]; i++)
        if (strncmp(b->line, idle[i], strlen(idle[i])) == 0)
            return !(view->flags & VIEW_STAGE) || strcmp(idle[i], "move") != 0;
    return false;
}

static void try_key(const View *view, const Binding *b, int cols, int rows)
{
    Drive d = drive_open(cols, rows);
    play_frames(&d, 100);
    command(&d, "play");
    enter(&d, view);
    Glance before = glance(&d);
    drive_key(&d, b->key);
    if (!glance_differs(&before, &d) && !may_be_idle(view, b) && rows > LAYOUT_MIN_ROWS) {
        char name[16];
        key_name(b->key, name);
        fail_msg("'%s' (%s) does nothing in %s at %dx%d", name, b->line, view->title, cols, rows);
    }
    play_frames(&d, 3);
    drive_draw(&d);
    drive_close(&d);
}

static void every_key_does_something(void **state)
{
    (void)state;
    for (int v = 0; views[v]; v++)
        for (int t = 0; views[v]->keys && views[v]->keys[t]; t++)
            for (const Binding *b = views[v]->keys[t]; b->line; b++) {
                try_key(views[v], b, 100, 30);
                try_key(views[v], b, 20, 6);
            }
}

/* A key that acts in no way says so; a key is bound once in a table; its command exists. */
static void the_tables_agree(void **state)
{
    (void)state;
    for (int v = 0; views[v]; v++) {
        for (int t = 0; views[v]->keys && views[v]->keys[t]; t++) {
            bool seen[128] = {false};
            for (const Binding *b = views[v]->keys[t]; b->line; b++) {
                if (!command_of(views, b->line))
                    fail_msg("%s: '%s' is no command", views[v]->title, b->line);
                if (b->key < 128 && seen[b->key])
                    fail_msg("two rows for key %X in %s", b->key, views[v]->title);
                if (b->key < 128)
                    seen[b->key] = true;
            }
        }
    }
    Drive d = drive_open(80, 24);
    drive_key(&d, 'Z');
    assert_true(status_has(&d, "nothing here"));
    drive_close(&d);
}

/* Whatever is open, Escape ends on the stage or in the lesson. */
static void escape_always_leads_back(void **state)
{
    (void)state;
    for (int v = 0; views[v]; v++) {
        Drive d = drive_open(80, 24);
        enter(&d, views[v]);
        app_command(d.app, "help", NULL);
        app_command(d.app, "help", NULL);
        for (int i = 0; i < 4; i++)
            drive_key(&d, KEYCODE_ESCAPE);
        if (!drive_in(&d, "stage") && !drive_in(&d, "lesson") && !drive_in(&d, "free") &&
            !drive_in(&d, "demo"))
            fail_msg("stuck in %s after help twice in %s", drive_view(&d), views[v]->title);
        drive_close(&d);
    }
}

/* --- what is never cut --- */

static void footers_keep_help(void **state)
{
    (void)state;
    for (int v = 0; views[v]; v++)
        for (int cols = LAYOUT_MIN_COLS; views[v]->keys && cols <= 200; cols++) {
            Drive d = drive_open(cols, 24);
            enter(&d, views[v]);
            drive_draw(&d);
            char *text = drive_text(&d.canvas);
            char *line = text;
            for (int row = 0; row < d.app->look->layout.footer.row; row++)
                line = strchr(line, '\n') + 1;
            bool kept = strstr(line, "help") || strstr(line, "back");
            bool lessons = v > 0 || cols < 40 || strstr(line, "lessons") != NULL;
            if (!kept || !lessons || strstr(line, "…"))
                fail_msg("footer at %d columns, %s: %s", cols, views[v]->title, line);
            free(text);
            drive_close(&d);
        }
}

/* Rows of the screen inside r hold no ellipsis. */
static bool whole(const Drive *d, Rect r)
{
    for (int row = r.row; row < r.row + r.rows; row++)
        for (int col = r.col; col < r.col + r.cols; col++) {
            const Cell *cell = &d->canvas.cell[row * d->cols + col];
            bool range = col + 1 < r.col + r.cols && cell[1].glyph >= '0' && cell[1].glyph <= '9';
            if (cell->glyph == 0x2026 && !range) /* "0.02…1.2" is whole */
                return false;
        }
    return true;
}

/* The parts of the screen that are looked at, all in one walk through scenes and keys. */
static const struct {
    const char *name;
    size_t offset; /* of its Rect in the layout */
} parts[] = {{"status", offsetof(Layout, status)},
             {"now", offsetof(Layout, now)},
             {"header", offsetof(Layout, header)}};
enum { PART_STATUS, PART_NOW, PART_HEADER, PARTS, CUTS_TOLD = 8 };
static int cuts[PARTS];

static void tell_cut(const Drive *d, int part, Rect r, const char *what)
{
    if (cuts[part]++ >= CUTS_TOLD)
        return;
    char *text = drive_text(&d->canvas);
    char *line = text;
    for (int row = 0; row < r.row; row++)
        line = strchr(line, '\n') + 1;
    print_message("cut: %s of %s at step %ld: %.*s\n", parts[part].name, what, app_row(d->app),
                  (int)strcspn(line, "\n"), line);
    free(text);
}

static void look_for_cuts(Drive *d, const char *what)
{
    app_advance(d->app, 0);
    drive_draw(d);
    for (int i = 0; i < PARTS; i++) {
        const char *layout = (const char *)&d->app->look->layout;
        Rect r = *(const Rect *)(const void *)(layout + parts[i].offset);
        if (!whole(d, r))
            tell_cut(d, i, r, what);
    }
}

static void look_along(Drive *d, const char *what)
{
    long last = timeline_steps(session_run(d->app->session));
    look_for_cuts(d, what);
    app_seek(d->app, last / 2);
    look_for_cuts(d, what);
    app_seek(d->app, last);
    look_for_cuts(d, what);
}

static void look_at_scenes(Drive *d)
{
    char what[64];
    for (int i = 0; i < 2 * PAIRS; i++) {
        snprintf(what, sizeof what, "pair %d %s", i / 2 + 1, i % 2 ? "right" : "left");
        if (i > 0)
            drive_key(d, (uint32_t)('1' + i / 2));
        look_along(d, what);
    }
    for (int i = 0; i < named_count(); i++) {
        snprintf(what, sizeof what, "scene %s", named_row(i)->id);
        if (app_command(d->app, what, NULL)) /* that all load is tests/golden/test_scenes.c */
            look_along(d, what);
    }
}

/* The sentences of keys, in the words of the tables. */
static void look_at_keys(Drive *d)
{
    static const char keys[] = "sSoOfF[]PRrv+-0cGtxupphea";
    for (size_t k = 0; k < sizeof keys - 1; k++)
        for (int i = 0; i < 9; i++) {
            char what[16];
            snprintf(what, sizeof what, "key %c", keys[k]);
            drive_key(d, (unsigned char)keys[k]);
            look_for_cuts(d, what);
            if (!drive_in(d, "stage"))
                drive_key(d, KEYCODE_ESCAPE);
        }
    for (int i = 0; i < 40; i++) {
        drive_key(d, KEYCODE_TAB);
        look_for_cuts(d, "key tab");
    }
}

static int look_everywhere(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    look_at_scenes(&d);
    look_at_keys(&d);
    drive_close(&d);
    return 0;
}

static void no_sentence_is_cut(void **state)
{
    (void)state;
    assert_int_equal(cuts[PART_STATUS], 0);
}

static void no_verdict_is_cut(void **state)
{
    (void)state;
    assert_int_equal(cuts[PART_NOW], 0);
}

static void no_header_is_cut(void **state)
{
    (void)state;
    assert_int_equal(cuts[PART_HEADER], 0);
}

/* --- live edits --- */

static const uint32_t editing_keys[] = {'s',
                                        'S',
                                        'o',
                                        'O',
                                        KEYCODE_UP,
                                        KEYCODE_DOWN,
                                        KEYCODE_SHIFT_UP,
                                        KEYCODE_SHIFT_DOWN,
                                        'u',
                                        KEYCODE_TAB,
                                        KEYCODE_TAB,
                                        KEYCODE_SHIFT_TAB,
                                        KEYCODE_LEFT,
                                        KEYCODE_RIGHT,
                                        KEYCODE_HOME,
                                        ' ',
                                        'R',
                                        'f',
                                        '4',
                                        'u',
                                        'r'};
enum { EDITING_KEYS = sizeof editing_keys / sizeof editing_keys[0] };

static void a_session_is_its_scene(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        Drive d = drive_open(80, 24);
        for (uint64_t k = 0; k < 60; k++) {
            drive_key(&d, editing_keys[rng_u64(seed, 2 * k) % EDITING_KEYS]);
            play_frames(&d, (int)(rng_u64(seed, 2 * k + 1) % 20));
        }
        if (!drive_replays(&d))
            fail_msg("session %d", (int)seed);
        drive_close(&d);
    }
}

static void frames_do_not_depend_on_their_history(void **state)
{
    (void)state;
    for (uint64_t seed = 100; seed < 130; seed++) {
        Drive d = drive_open(90, 28);
        for (uint64_t k = 0; k < 40; k++) {
            drive_key(&d, editing_keys[rng_u64(seed, 2 * k) % EDITING_KEYS]);
            play_frames(&d, (int)(rng_u64(seed, 2 * k + 1) % 15));
            drive_draw(&d);
        }
        if (!drive_same_afresh(&d))
            fail_msg("session %d", (int)seed);
        drive_close(&d);
    }
}

/* An edit keeps the rows before it: the path so far stays. */
static void an_edit_bends_only_the_future(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    app_seek(d.app, 120);
    Row before[121];
    memcpy(before, timeline_rows(session_run(d.app->session)), sizeof before);
    drive_key(&d, KEYCODE_UP);
    assert_int_equal(app_row(d.app), 120);
    assert_true(status_has(&d, "from step 120"));
    assert_memory_equal(before, timeline_rows(session_run(d.app->session)), 120 * sizeof before[0]);
    assert_true(d.app->session->track[TRACK_GHOST].shown);
    assert_true(timeline_rows(session_run(d.app->session))[120].eta > before[120].eta);
    drive_close(&d);
}

static void undo_restores(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 30; seed++) {
        Drive d = drive_open(80, 24);
        app_seek(d.app, 50);
        char *before = drive_scene_text(d.app);
        int changes = 0;
        for (uint64_t k = 0; k < 12; k++) {
            uint32_t key = editing_keys[rng_u64(seed, k) % EDITING_KEYS];
            int had = d.app->session->history.count;
            if (key != 'u')
                drive_key(&d, key);
            changes += d.app->session->history.count - had;
        }
        for (int i = 0; i < changes; i++)
            drive_key(&d, 'u');
        char *after = drive_scene_text(d.app);
        assert_string_equal(before, after);
        assert_true(drive_replays(&d));
        free(before);
        free(after);
        drive_close(&d);
    }
}

static void focused_in_bounds(Drive *d, uint32_t key)
{
    const Parameter *f = &d->app->focus->list[d->app->focus->at];
    for (int i = 0; i < 60; i++) {
        drive_key(d, key);
        assert_true(d->app->focus->at >= 0);
        double v = focus_value(d->app, f);
        if (v != v)
            fail_msg("%s is not a number", f->name);
    }
    assert_true(drive_replays(d));
}

static void tab_walks_all_parameters(void **state)
{
    static const char *const scenes[] = {"surface=himmelblau schedule=cosine optimizer=adam",
                                         "surface=x^2+3*y^2 schedule=multistep optimizer=nadam",
                                         "surface=pass schedule=plateau optimizer=sgd",
                                         "surface='x^2+a*y^2:a=3' schedule=one_cycle"};
    (void)state;
    for (size_t s = 0; s < sizeof scenes / sizeof scenes[0]; s++) {
        Drive d = drive_open(80, 24);
        Error err = {0};
        command(&d, scenes[s]);
        drive_key(&d, KEYCODE_TAB);
        int count = d.app->focus->count;
        assert_true(count > 3);
        for (int i = 0; i < count; i++) {
            assert_int_equal(d.app->focus->at, i % d.app->focus->count);
            assert_true(status_has(&d, d.app->focus->list[i].name));
            char *before = drive_scene_text(d.app);
            focused_in_bounds(&d, KEYCODE_UP);
            focused_in_bounds(&d, KEYCODE_DOWN);
            focused_in_bounds(&d, KEYCODE_SHIFT_UP);
            Scene scene;
            scene_default(&scene);
            assert_true(scene_parse(&scene, before, NULL, &err));
            assert_true(changed(d.app, session_scene(d.app->session, NULL, &scene, &err)));
            follow(d.app);
            free(before);
            drive_key(&d, KEYCODE_TAB);
        }
        drive_close(&d);
    }
}

/* --- playing --- */

static void pause_step_seek(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    play_frames(&d, 60);
    long row = app_row(d.app);
    assert_true(row > 0);
    drive_key(&d, ' ');
    play_frames(&d, 60);
    assert_int_equal(app_row(d.app), row);
    assert_true(app_next(d.app) < 0);
    drive_key(&d, KEYCODE_RIGHT);
    assert_int_equal(app_row(d.app), row + 1);
    drive_key(&d, KEYCODE_SHIFT_LEFT);
    assert_int_equal(app_row(d.app), row - 9);
    drive_key(&d, KEYCODE_HOME);
    drive_key(&d, KEYCODE_LEFT);
    assert_int_equal(app_row(d.app), 0);
    drive_key(&d, KEYCODE_END);
    drive_key(&d, KEYCODE_RIGHT);
    assert_int_equal(app_row(d.app), timeline_last(session_run(d.app->session)));
    drive_key(&d, ' ');
    assert_int_equal(app_row(d.app), 0);
    assert_true(d.app->session->playing);
    drive_close(&d);
}

/* The same time in other pieces shows the same run. */
static void time_is_time(void **state)
{
    (void)state;
    Drive a = drive_open(80, 24);
    Drive b = drive_open(80, 24);
    play_frames(&a, 120);
    for (int i = 0; i < 40; i++)
        app_advance(b.app, 3.0 / 60);
    assert_true(labs(app_row(a.app) - app_row(b.app)) <= 1);
    drive_close(&a);
    drive_close(&b);
}

/* --- mouse and paste --- */

static void a_click_places_the_start(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    Rect map = rect_inside(d.app->look->layout.map);
    drive_mouse(&d, map.col + 10, map.row + 5, MOUSE_LEFT);
    Vec2 want = map_point(d.app->session->window, map.cols, map.rows, 10, 5);
    Vec2 got = timeline_rows(session_run(d.app->session))[0].at;
    Vec2 size = window_size(d.app->session->window);
    assert_true(fabs(want.x - got.x) < 1e-3 * size.x && fabs(want.y - got.y) < 1e-3 * size.y);
    assert_string_equal(drive_view(&d), "stage");
    double wide = size.x;
    drive_mouse(&d, map.col + 10, map.row + 5, MOUSE_WHEEL_UP);
    assert_true(window_size(d.app->session->window).x < wide);
    drive_mouse(&d, map.col + 10, map.row + 5, MOUSE_WHEEL_DOWN);
    assert_true(fabs(window_size(d.app->session->window).x - wide) < 1e-9);
    drive_close(&d);
}

static void a_click_in_a_plot_seeks(void **state)
{
    (void)state;
    Drive d = drive_open(120, 36);
    const Rect area[] = {plot_area(d.app->look->layout.eta), plot_area(d.app->look->layout.loss)};
    for (int i = 0; i < 2; i++) {
        drive_mouse(&d, area[i].col, area[i].row + 1, MOUSE_LEFT);
        assert_int_equal(app_row(d.app), 0);
        drive_mouse(&d, area[i].col + area[i].cols - 1, area[i].row + 1, MOUSE_LEFT);
        assert_int_equal(app_row(d.app), timeline_last(session_run(d.app->session)));
        drive_mouse(&d, area[i].col + area[i].cols / 2, area[i].row, MOUSE_LEFT);
        assert_true(labs(app_row(d.app) - timeline_steps(session_run(d.app->session)) / 2) < 12);
    }
    drive_close(&d);
}

static void paste(Drive *d, const char *text)
{
    for (uint32_t c; (c = utf8_next(&text)) != 0;)
        app_event(d->app, (Event){.kind = EVENT_PASTE, .key = c});
}

static void pasted_text_is_text(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    command(&d, "play");
    Glance before = glance(&d);
    paste(&d, "q1s\r\n2?: \t");
    assert_false(glance_differs(&before, &d));
    drive_keys(&d, ":");
    paste(&d, "eta0=0.5\r\n");
    assert_string_equal(drive_view(&d), "prompt");
    assert_string_equal(prompt_of(d.app)->text, "eta0=0.5  ");
    paste(&d, "\033[A\003\025");
    if (!drive_in(&d, "prompt") || strncmp(prompt_of(d.app)->text, "eta0=0.5", 8) != 0)
        fail_msg("pasted control characters acted as keys");
    drive_close(&d);
}

/* --- the prompt --- */

static void history_and_draft(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    Prompt *p = prompt_of(d.app);
    drive_keys(&d, ":eta0=0.1\r:noise=1\r:dra");
    drive_key(&d, KEYCODE_UP);
    assert_string_equal(p->text, "noise=1");
    drive_key(&d, KEYCODE_UP);
    drive_key(&d, KEYCODE_UP);
    assert_string_equal(p->text, "eta0=0.1");
    drive_key(&d, KEYCODE_DOWN);
    drive_key(&d, KEYCODE_DOWN);
    assert_string_equal(p->text, "dra");
    drive_key(&d, KEYCODE_ESCAPE);
    assert_string_equal(drive_view(&d), "stage");
    drive_close(&d);
}

static void expect_completion(const char *typed, const char *completed)
{
    Drive d = drive_open(80, 24);
    drive_keys(&d, ":");
    drive_keys(&d, typed);
    drive_key(&d, KEYCODE_TAB);
    if (strcmp(prompt_of(d.app)->text, completed) != 0)
        fail_msg("'%s' completes to '%s', not '%s'", typed, prompt_of(d.app)->text, completed);
    drive_close(&d);
}

static void completion_knows_the_tables(void **state)
{
    (void)state;
    expect_completion("sched", "schedule");
    expect_completion("schedule cosi", "schedule cosine");
    expect_completion("schedule=cosi", "schedule=cosine");
    expect_completion("optimizer=adam:be", "optimizer=adam:beta1");
    expect_completion("theme li", "theme light");
    expect_completion("eta0=1 optimizer=ad", "eta0=1 optimizer=adagrad");
    expect_completion("  schedule cosi", "  schedule cosine");
}

/* Completing a word in the middle keeps what stands behind it. */
static void completion_keeps_the_rest(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    drive_keys(&d, ":schedule=cosi eta0=1");
    for (int i = 0; i < 7; i++)
        drive_key(&d, KEYCODE_LEFT);
    drive_key(&d, KEYCODE_TAB);
    assert_string_equal(prompt_of(d.app)->text, "schedule=cosine eta0=1");
    drive_close(&d);
}

static void errors_keep_the_line(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    drive_keys(&d, ":eta9=1\r");
    assert_string_equal(drive_view(&d), "prompt");
    assert_string_equal(prompt_of(d.app)->text, "eta9=1");
    assert_non_null(strstr(prompt_of(d.app)->message, "did you mean 'eta0'"));
    drive_close(&d);
}

/* --- sizes --- */

static void a_resize_storm_leaves_no_trace(void **state)
{
    static const int ends[][2] = {{80, 24}, {120, 36}, {60, 18}, {40, 12}, {200, 60}};
    (void)state;
    for (int i = 0; i < 5; i++) {
        Drive stormy = drive_open(80, 24);
        Drive fresh = drive_open(ends[i][0], ends[i][1]);
        command(&stormy, "play");
        command(&fresh, "play");
        for (uint64_t k = 0; k < 200; k++) {
            drive_resize(&stormy, 1 + (int)(rng_u64(7, 3 * k) % 220),
                         1 + (int)(rng_u64(7, 3 * k + 1) % 70));
            if (rng_u64(7, 3 * k + 2) % 3 == 0) {
                app_advance(stormy.app, 0);
                drive_draw(&stormy);
            }
        }
        drive_resize(&stormy, ends[i][0], ends[i][1]);
        app_seek(stormy.app, 99);
        app_seek(fresh.app, 99);
        drive_wait(&stormy);
        drive_wait(&fresh);
        drive_draw(&stormy);
        drive_draw(&fresh);
        assert_int_equal(drive_difference(&stormy.canvas, &fresh.canvas), -1);
        drive_close(&stormy);
        drive_close(&fresh);
    }
}

/* A million steps: all strokes are there once nothing waits. */
static void long_runs_are_drawn_whole(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    command(&d, "surface=himmelblau steps=400000 noise=3 eta0=0.01 schedule=constant");
    while (timeline_advance(session_run(d.app->session), STEPS_MAX))
        ;
    drive_key(&d, KEYCODE_END);
    assert_true(drive_same_afresh(&d));
    drive_close(&d);
}

/* A surface parameter changed twice at one step changes the map twice. */
static void the_map_follows_live_parameters(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    command(&d, "surface='x^2+a*y^2:a=3'");
    app_seek(d.app, 50);
    command(&d, "surface='x^2+a*y^2:a=9'");
    assert_true(drive_same_afresh(&d));
    command(&d, "surface='x^2+a*y^2:a=0.1'");
    assert_true(drive_same_afresh(&d));
    drive_key(&d, 'u');
    assert_true(drive_same_afresh(&d));
    drive_close(&d);
}

/* A key that makes a new run while the map of a large screen is half sampled (for sanitizers). */
static void a_key_may_interrupt_the_map(void **state)
{
    (void)state;
    Drive d = drive_open(500, 200);
    app_seek(d.app, 50);
    drive_key(&d, KEYCODE_UP);
    drive_resize(&d, 499, 200);
    app_advance(d.app, 0);
    drive_key(&d, 'R');
    app_advance(d.app, 0);
    assert_true(drive_same_afresh(&d));
    drive_close(&d);
}

/* A terminal gives some characters two columns and some none: a cell is one. */
static void cells_are_one_column_wide(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    for (int i = 0; i < optimizer_count(); i++) {
        drive_key(&d, 'o');
        drive_draw(&d);
        for (int k = 0; k < 80 * 24; k++) {
            uint32_t g = d.canvas.cell[k].glyph;
            if (g >= 0x300 && g < 0x370)
                fail_msg("U+%04X on the card of %s has no column", g, optimizers[i].name);
        }
    }
    drive_close(&d);
}

/* What is undone was another run from its start: nothing of its path may stay. */
static void undo_takes_the_path_back(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    assert_true(app_command(d.app, "scene G2", NULL));
    for (int i = 0; i < 60; i++)
        app_advance(d.app, 1.0 / 60);
    assert_true(app_command(d.app, "seed=5", NULL));
    for (int i = 0; i < 60; i++)
        app_advance(d.app, 1.0 / 60);
    drive_draw(&d);
    assert_true(app_command(d.app, "undo", NULL));
    assert_true(drive_same_afresh(&d));
    drive_close(&d);
}

/* A restart and an edit before the next frame: the strokes of the run before are neither's. */
static void two_changes_in_a_frame_leave_no_trace(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    assert_true(app_command(d.app, "scene B1", NULL));
    assert_true(app_command(d.app, "seek 100", NULL));
    drive_wait(&d);
    drive_draw(&d);
    assert_true(app_command(d.app, "start=1,1", NULL));
    assert_true(app_command(d.app, "seek 200", NULL));
    assert_true(app_command(d.app, "eta0=0.03", NULL));
    assert_true(drive_same_afresh(&d));
    drive_close(&d);
}

/* What p keeps is a runner of the scene: it moves along, a change to A leaves it as it was, its words
 * say what differs, undo and the printed scene know it. */
static void a_kept_run_is_a_runner(void **state)
{
    (void)state;
    Drive d = drive_open(100, 30);
    const Track *b = &d.app->session->track[1];
    drive_key(&d, 'p');
    assert_true(b->shown);
    assert_string_equal(b->label, "B as A");
    assert_true(app_command(d.app, "seek end", NULL));
    assert_true(app_command(d.app, "eta0=0.5 optimizer=momentum", NULL));
    assert_string_equal(b->label, "B optimizer=sgd eta0=0.02");
    d.app->session->playing = false;
    app_seek(d.app, 10);
    drive_wait(&d);
    Vec2 at = timeline_rows(b->run)[10].at;
    Vec2 head = d.app->picture->drawn[1].path.head;
    assert_true(at.x == head.x && at.y == head.y);
    assert_true(drive_shows(&d, "B optimizer=sgd eta0=0.02: loss"));
    assert_true(drive_replays(&d)); /* with its vs line */
    drive_key(&d, 'u');
    assert_string_equal(b->label, "B as A");
    assert_true(app_command(d.app, "surface=bowl20", NULL));
    assert_false(b->shown); /* another loss */
    drive_key(&d, 'u');
    assert_true(b->shown);
    drive_key(&d, 'p');
    assert_false(b->shown);
    drive_close(&d);
}

/* What SPEC says of scene lines holds at the prompt; a parameter in force has its bare name. */
static void lines_of_the_scene_at_the_prompt(void **state)
{
    (void)state;
    Error err = {0};
    Drive d = drive_open(100, 30);
    command(&d, "scene B4");
    command(&d, "at 40 eta0=0.1 vs eta0=0.5 at 20 noise=1");
    assert_int_equal(app_scene(d.app)->edit_count, 1);
    assert_int_equal(scene_runners(app_scene(d.app)), 2);
    assert_true(drive_replays(&d));
    command(&d, "schedule=exp_k eta0=0.3 vs");
    command(&d, "k=0.005");
    const Rate *r = timeline_rate(session_run(d.app->session), 0);
    assert_true(r->value[0] == 0.005);
    assert_false(app_command(d.app, "at 40", &err));
    assert_false(app_command(d.app, "kk=1", &err));
    assert_non_null(strstr(err.message, "unknown command 'kk'"));
    drive_close(&d);
}

/* Where the slope is zero there is no step: rounding is neither uphill nor downhill. */
static void a_zero_step_is_no_hop(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    command(&d, "scene B4");
    command(&d, "hop");
    drive_wait(&d);
    assert_true(drive_shows(&d, "downhill"));
    command(&d, "seek 36");
    drive_wait(&d);
    assert_true(drive_shows(&d, "no step"));
    assert_false(drive_shows(&d, "uphill"));
    drive_close(&d);
}

/* The rows of a card's curve, as text. */
static void card_curve(Drive *d, char out[4][400])
{
    Rect map = d->app->look->layout.map;
    drive_wait(d);
    drive_draw(d);
    for (int row = 0; row < 4; row++) {
        size_t used = 0;
        for (int col = map.col + 2; col < map.col + 40; col++)
            used += (size_t)utf8_encode(canvas_at(&d->canvas, col, map.row + 2 + row)->glyph,
                                        out[row] + used);
        out[row][used] = '\0';
    }
}

/* A card shows the schedule's own curve from step 0, not the plan that it was spliced into. */
static void a_card_draws_the_schedule_itself(void **state)
{
    (void)state;
    char spliced[4][400];
    char whole[4][400];
    Drive d = drive_open(120, 36);
    for (int presses = 1; presses <= 9; presses++) {
        for (int late = 0; late < 2; late++) {
            command(&d, "scene B1");
            command(&d, late ? "seek 40" : "seek 0");
            d.app->session->playing = false;
            for (int i = 0; i < presses; i++)
                drive_key(&d, 's');
            card_curve(&d, late ? spliced : whole);
        }
        for (int row = 0; row < 4; row++)
            if (strcmp(spliced[row], whole[row]) != 0)
                fail_msg("%d times s, at step 40:\n%s\nat step 0:\n%s", presses, spliced[row],
                         whole[row]);
        assert_true(strcmp(whole[0], whole[3]) != 0);
    }
    drive_close(&d);
}

/* The fence of the hop is named in full, at the pane's right edge, too. */
static void the_limit_of_the_hop_is_whole(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    command(&d, "scene A3");
    command(&d, "hop");
    for (int row = 0; row < 20; row++) {
        app_seek(d.app, row);
        drive_wait(&d);
        bool fence = d.app->picture->hop.fence < d.app->picture->hop.to;
        if (fence && d.app->picture->hop.length > 1e-6 && !drive_shows(&d, "limit"))
            fail_msg("step %d: the fence has no name", row);
    }
    drive_close(&d);
}

/* Every verb that takes an argument refuses nonsense, and says what it wanted. */
static void verbs_refuse_nonsense(void **state)
{
    (void)state;
    const Command *c;
    Drive d = drive_open(100, 30);
    for (int n = 0; (c = command_row(views, n)); n++) {
        char line[80];
        Error err = {0};
        bool takes = c->args[0] && strcmp(c->name, "prompt") != 0 &&
                     strncmp(c->name, "save", 4) != 0; /* any name will do */
        snprintf(line, sizeof line, "%s ~nonsense~", c->name);
        if (takes && app_command(d.app, line, &err))
            fail_msg("'%s' is taken: %s", line, app_status(d.app));
        if (takes && !err.message[0])
            fail_msg("'%s': no word about it", line);
        snprintf(line, sizeof line, "%s", c->name);
        if (takes && c->args[0] != '[' && app_command(d.app, line, &err))
            fail_msg("'%s' without its argument is taken", line);
    }
    drive_close(&d);
}

static void whole_numbers_and_names(void **state)
{
    (void)state;
    Error err = {0};
    Drive d = drive_open(100, 30);
    static const char *const bad[] = {"step 1.5", "step 1e12", "move 1", "move x 1", "move 1 y",
                                      "theme pink", "speed sideways", "zoom around"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(app_command(d.app, bad[i], &err));
    assert_false(app_command(d.app, "step 1.5", &err));
    assert_string_equal(err.message, "'1.5' is not a whole number");
    command(&d, "theme light");
    command(&d, "map next");
    drive_close(&d);
}

/* The neuron's gradient is told line by line, with the numbers of the row under the cursor. */
static void a_chain_has_its_numbers(void **state)
{
    (void)state;
    Drive d = drive_open(120, 36);
    command(&d, "surface neuron20");
    command(&d, "apart");
    app_seek(d.app, 0);
    drive_wait(&d);
    assert_true(drive_shows(&d, "forward   a·tanh(w·"));
    char text[80];
    char n[NUMBER_TEXT];
    number_show(n, session_now(d.app->session)->g.x, 3);
    snprintf(text, sizeof text, "∂E/∂a = mean r·tanh(w·u) = %s", n);
    assert_true(drive_shows(&d, text)); /* it is the gradient */
    number_show(n, session_now(d.app->session)->g.y, 3);
    snprintf(text, sizeof text, "∂E/∂w = mean r·a·(1−tanh²)·u = %s", n);
    assert_true(drive_shows(&d, text));
    command(&d, "surface bowl20");
    drive_wait(&d);
    assert_false(drive_shows(&d, "forward"));
    drive_close(&d);
}

/* The line is edited as shells do it; older lines come back. */
static void the_prompt_is_edited(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    Prompt *p = prompt_of(d.app);
    static const struct {
        const char *keys;
        const char *text;
    } cases[] = {
        {":abc\x01x", "xabc"},         {":abc\x01x\x05y", "xabcy"}, {":abc def\x17", "abc "},
        {":abc def\x15", ""},          {":abcd\x08\x7f", "ab"},      {":eta0=0.3\r:x\x10", "eta0=0.3"},
        {":x\x10\x0e", "x"},          {":seek 7\r:\x10\x10", "eta0=0.3"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        drive_keys(&d, cases[i].keys);
        if (strcmp(p->text, cases[i].text) != 0)
            fail_msg("case %zu: '%s' instead of '%s'", i, p->text, cases[i].text);
        drive_key(&d, KEYCODE_ESCAPE);
    }
    drive_keys(&d, ":abc");
    drive_key(&d, KEYCODE_LEFT);
    drive_key(&d, KEYCODE_LEFT);
    drive_key(&d, KEYCODE_DELETE);
    assert_string_equal(p->text, "ac");
    drive_key(&d, KEYCODE_HOME);
    drive_key(&d, KEYCODE_RIGHT);
    drive_key(&d, 0xE9);
    assert_string_equal(p->text, "aéc");
    drive_key(&d, KEYCODE_BACKSPACE);
    drive_key(&d, KEYCODE_END);
    drive_key(&d, KEYCODE_UP);
    drive_key(&d, KEYCODE_DOWN);
    assert_string_equal(p->text, "ac");
    drive_key(&d, 21);
    drive_key(&d, KEYCODE_BACKSPACE); /* an empty line is left */
    assert_string_equal(drive_view(&d), "stage");
    drive_keys(&d, ":\r");
    assert_string_equal(drive_view(&d), "stage");
    drive_close(&d);
}

/* ---- predict ---- */

/* Opens the scene at a size, predicting, with a line of the future; the frame. */
static void hidden_frame(const NamedScene *named, const char *future, int cols, int rows, long row,
                         Canvas *out)
{
    Error err = {0};
    Scene *scene = malloc(sizeof *scene);
    assert_non_null(scene);
    assert_true(named_load(named, scene, &err));
    if (future && !scene_parse_edit(scene, future, &err))
        fail_msg("%s: %s: %s", named->id, future, err.message);
    Drive d = drive_open_scene(scene, true, cols, rows);
    drive_key(&d, 'z');
    app_seek(d.app, row);
    d.app->gate->predicting = true;
    for (int i = 0; i < 1000 && (app_advance(d.app, 0) || picture_waits(d.app->picture, d.app->look)); i++)
        ; /* the map and the paths; searches that nobody sees can wait */
    drive_draw(&d);
    drive_copy(&d.canvas, out);
    drive_close(&d);
    free(scene);
}

/* Two futures, one present: while the class predicts, every cell of the screen is the same. */
static void predicting_tells_nothing(void **state)
{
    (void)state;
    static const char *const futures[] = {"9 eta0=1e-5", "9 eta0=3 steps=25", "9 noise=5",
                                          "9 schedule=triangular:max_lr=2", "9 optimizer=adam"};
    for (int i = 0; i < named_count(); i++) {
        const NamedScene *named = named_row(i);
        Canvas one = {0};
        Canvas other = {0};
        int cols = i % 2 ? 80 : 160;
        int rows = i % 2 ? 24 : 45;
        for (long row = 0; row <= 6; row += 6) {
            hidden_frame(named, NULL, cols, rows, row, &one);
            hidden_frame(named, futures[i % 5], cols, rows, row, &other);
            int at = drive_difference(&one, &other);
            if (at >= 0)
                fail_msg("%s, step %ld: '%s' shows at %d,%d of %dx%d", named->id, row, futures[i % 5],
                         at % cols, at / cols, cols, rows);
        }
        canvas_release(&one);
        canvas_release(&other);
    }
}

static void prediction_ends_with_the_run(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    drive_key(&d, 'z');
    assert_true(drive_shows(&d, "what will happen?"));
    assert_false(drive_shows(&d, "slow"));
    drive_key(&d, 'e');
    assert_true(status_has(&d, "z shows it"));
    drive_key(&d, ' ');
    drive_play_out(&d);
    assert_false(d.app->gate->predicting);
    assert_true(drive_shows(&d, "settled: local minimum"));
    drive_key(&d, 'z'); /* all is known: from the start */
    assert_int_equal(app_row(d.app), 0);
    drive_key(&d, 'z');
    drive_wait(&d);
    assert_true(drive_shows(&d, "slow")); /* the ruler */
    assert_true(drive_same_afresh(&d));
    drive_close(&d);
}

/* A click on the ruler takes the rate that stands there: the ball comes to the cell. */
static void a_click_on_the_ruler_sets_the_rate(void **state)
{
    (void)state;
    Drive d = drive_open(100, 30);
    drive_wait(&d);
    Rect r = d.app->look->layout.ruler;
    for (int col = 20; col < 80; col += 7) {
        drive_mouse(&d, col, r.row, MOUSE_LEFT);
        drive_wait(&d);
        drive_draw(&d);
        const Cell *cell = canvas_at(&d.canvas, col, r.row);
        const Cell *left = canvas_at(&d.canvas, col - 1, r.row);
        const Cell *right = canvas_at(&d.canvas, col + 1, r.row);
        if (cell->glyph != 0x25CF && left->glyph != 0x25CF && right->glyph != 0x25CF)
            fail_msg("no ball at column %d: %s", col, app_status(d.app));
    }
    assert_true(status_has(&d, "learning rate"));
    drive_close(&d);
}

/* A card leaves the map in sight and goes by itself. */
static void cards_go_by_themselves(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    command(&d, "play");
    drive_key(&d, 's');
    drive_wait(&d);
    assert_true(drive_shows(&d, "enter closes"));
    Rect map = d.app->look->layout.map;
    for (int row = 1; row < map.rows - 1; row++)
        assert_true(canvas_at(&d.canvas, map.cols - 1, map.row + row)->glyph != 0x256D);
    assert_true(app_next(d.app) > 0);
    for (int i = 0; i < 100; i++)
        app_advance(d.app, 0.1);
    assert_false(drive_shows(&d, "enter closes"));
    assert_true(app_next(d.app) < 0 || d.app->session->playing);
    drive_close(&d);
}

static void five_runs_can_be_kept(void **state)
{
    (void)state;
    Drive d = drive_open(100, 30);
    char line[40];
    for (int i = 1; i <= 6; i++) {
        drive_key(&d, 'p');
        assert_true(i == 6 ? status_has(&d, "more than 6 runners") : d.app->session->track[i].shown);
        snprintf(line, sizeof line, "eta0=0.0%d", i + 2);
        assert_true(app_command(d.app, line, NULL));
    }
    drive_key(&d, 'U');
    for (int i = 1; i < SCENE_RUNNERS; i++)
        assert_false(d.app->session->track[i].shown);
    drive_close(&d);
}

/* More dots than a frame may cost: the frames after it draw the rest, paused or not. */
static void long_pins_are_drawn_whole(void **state)
{
    (void)state;
    Drive d = drive_open(200, 60);
    assert_true(app_command(d.app, "surface=bowl20 schedule=constant eta0=0.1 steps=3000 "
                                   "window=-5,5,-1.1,1.1 start=-4,1", NULL));
    drive_key(&d, 'p');
    assert_true(app_command(d.app, "eta0=0.05 steps=50", NULL));
    assert_true(app_command(d.app, "ghost", NULL)); /* hides it */
    d.app->session->playing = false;
    drive_wait(&d);
    drive_resize(&d, 200, 59); /* drawn anew, and little else is to be done meanwhile */
    drive_wait(&d);
    const Path *path = &d.app->picture->drawn[1].path;
    assert_true(d.app->session->track[1].shown);
    assert_true(path->drawn >= path->cursor - PATH_RECENT);
    assert_true(drive_same_afresh(&d));
    drive_close(&d);
}

/* The parameters are those in force where the cursor stands, on both sides of an edit. */
static void parameters_follow_the_cursor(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    assert_true(app_command(d.app, "scene B4", NULL));
    drive_wait(&d);
    assert_true(app_command(d.app, "seek 40", NULL));
    assert_true(app_command(d.app, "schedule=0.1*cos(t/9)^2", NULL));
    assert_true(app_command(d.app, "seek 10", NULL));
    assert_true(app_command(d.app, "focus max_lr", NULL));
    assert_int_equal(d.app->focus->list[d.app->focus->at].key, SCENE_SCHEDULE);
    assert_true(app_command(d.app, "seek 60", NULL));
    drive_key(&d, KEYCODE_UP);
    app_advance(d.app, 0);
    drive_draw(&d);
    for (int i = 0; i < d.app->focus->count; i++)
        assert_int_not_equal(d.app->focus->list[i].key, SCENE_SCHEDULE);
    assert_true(drive_same_afresh(&d));
    drive_close(&d);
}

/* Every cell of the ruler against a run of its own at that rate. */
static void expect_true_ruler(const App *a, const char *scene)
{
    Error err = {0};
    Scene *at = malloc(sizeof *at);
    Timeline *run = timeline_new();
    for (int i = 0; i < RULER_CELLS; i++) {
        Verdict v;
        scene_copy(at, &a->session->scene);
        scene_set_rates(at, timeline_rate(session_run(a->session), 0), a->borders->ruler.eta[i]);
        assert_true(timeline_set(run, at, &err));
        timeline_advance(run, STEPS_MAX);
        verdict_at(run, timeline_last(run), timeline_window(run), &a->session->critical, &v);
        if (v.outcome != a->borders->ruler.outcome[i] || v.which != a->borders->ruler.which[i])
            fail_msg("%s, ruler at %g: %s, the run: %s", scene, a->borders->ruler.eta[i],
                     outcomes[a->borders->ruler.outcome[i]].word, outcomes[v.outcome].word);
    }
    timeline_free(run);
    free(at);
}

/* The ruler is of all rates: another eta0 leaves it standing, anything else begins it anew. */
static void the_ruler_outlives_its_rate(void **state)
{
    static const char *const scenes[] = {"scene B1", "scene H4", "scene G2", "scene B22"};
    (void)state;
    Drive d = drive_open(160, 45);
    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++) {
        assert_true(app_command(d.app, scenes[i], NULL));
        drive_wait(&d);
        assert_int_equal(d.app->borders->ruler.done, RULER_CELLS);
        expect_true_ruler(d.app, scenes[i]);
        drive_key(&d, KEYCODE_UP);
        app_advance(d.app, 1e-9);
        assert_int_equal(d.app->borders->ruler.done, RULER_CELLS);
        expect_true_ruler(d.app, scenes[i]);
        drive_key(&d, 'R'); /* another start */
        while (d.app->borders->stale || d.app->borders->ruler.done == RULER_CELLS)
            app_advance(d.app, 1e-9);
        drive_wait(&d);
        expect_true_ruler(d.app, scenes[i]);
    }
    drive_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_named_key_leads_to_the_goal),
        cmocka_unit_test(digits_twice_return),
        cmocka_unit_test(every_key_does_something),
        cmocka_unit_test(the_tables_agree),
        cmocka_unit_test(escape_always_leads_back),
        cmocka_unit_test(footers_keep_help),
        cmocka_unit_test_setup(no_sentence_is_cut, look_everywhere),
        cmocka_unit_test(no_verdict_is_cut),
        cmocka_unit_test(no_header_is_cut),
        cmocka_unit_test(a_session_is_its_scene),
        cmocka_unit_test(frames_do_not_depend_on_their_history),
        cmocka_unit_test(an_edit_bends_only_the_future),
        cmocka_unit_test(undo_restores),
        cmocka_unit_test(tab_walks_all_parameters),
        cmocka_unit_test(pause_step_seek),
        cmocka_unit_test(time_is_time),
        cmocka_unit_test(a_click_places_the_start),
        cmocka_unit_test(a_click_in_a_plot_seeks),
        cmocka_unit_test(pasted_text_is_text),
        cmocka_unit_test(history_and_draft),
        cmocka_unit_test(completion_knows_the_tables),
        cmocka_unit_test(completion_keeps_the_rest),
        cmocka_unit_test(errors_keep_the_line),
        cmocka_unit_test(a_resize_storm_leaves_no_trace),
        cmocka_unit_test(long_runs_are_drawn_whole),
        cmocka_unit_test(the_map_follows_live_parameters),
        cmocka_unit_test(a_key_may_interrupt_the_map),
        cmocka_unit_test(cells_are_one_column_wide),
        cmocka_unit_test(the_ruler_outlives_its_rate),
        cmocka_unit_test(undo_takes_the_path_back),
        cmocka_unit_test(parameters_follow_the_cursor),
        cmocka_unit_test(two_changes_in_a_frame_leave_no_trace),
        cmocka_unit_test(a_kept_run_is_a_runner),
        cmocka_unit_test(five_runs_can_be_kept),
        cmocka_unit_test(cards_go_by_themselves),
        cmocka_unit_test(a_click_on_the_ruler_sets_the_rate),
        cmocka_unit_test(predicting_tells_nothing),
        cmocka_unit_test(prediction_ends_with_the_run),
        cmocka_unit_test(verbs_refuse_nonsense),
        cmocka_unit_test(whole_numbers_and_names),
        cmocka_unit_test(a_chain_has_its_numbers),
        cmocka_unit_test(the_prompt_is_edited),
        cmocka_unit_test(a_zero_step_is_no_hop),
        cmocka_unit_test(a_card_draws_the_schedule_itself),
        cmocka_unit_test(the_limit_of_the_hop_is_whole),
        cmocka_unit_test(lines_of_the_scene_at_the_prompt),
        cmocka_unit_test(long_pins_are_drawn_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
