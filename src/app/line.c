/* SPDX-License-Identifier: MIT
 * line: see line.h */
#include "app/line.h"

#include <string.h>

#include "app/book.h"
#include "app/borders.h"
#include "app/choose.h"
#include "app/focus.h"
#include "app/look.h"
#include "app/picture.h"
#include "app/say.h"
#include "app/session.h"
#include "app/share.h"
#include "app/view.h"
#include "base/words.h"
#include "teach/setup.h"

/* ---- the verbs ---- */

static const Command *const tables[] = {session_commands, focus_commands, choose_commands,
                                        border_commands,  look_commands,  share_commands,
                                        view_commands};
enum { TABLES = sizeof tables / sizeof tables[0] };

static const Command *nth(const Command *table, int *n)
{
    for (; table && table->name; table++)
        if ((*n)-- == 0)
            return table;
    return NULL;
}

const Command *command_row(const View *const *rows, int n)
{
    const Command *c = NULL;
    for (int i = 0; i < TABLES && !c; i++)
        c = nth(tables[i], &n);
    for (int i = 0; rows[i] && !c; i++)
        c = nth(rows[i]->commands, &n);
    return c;
}

const Command *command_find(const View *const *rows, const char *name, size_t length)
{
    const Command *c;
    for (int n = 0; (c = command_row(rows, n)); n++)
        if (word_is(name, length, c->name))
            return c;
    return NULL;
}

const Command *command_of(const View *const *rows, const char *line)
{
    return command_find(rows, line, strcspn(line, " "));
}

static bool unknown(const App *a, const char *word, size_t length, Error *err)
{
    Near near;
    char hint[64];
    const Command *c;
    near_start(&near, word, length);
    for (int n = 0; (c = command_row(a->views->row, n)); n++)
        near_try(&near, c->name);
    for (int i = 0; i < SCENE_KEYS; i++)
        near_try(&near, scene_keys[i].name);
    return error_set(err, 1, 1, "unknown command '%.*s'%s", (int)(length > 60 ? 60 : length), word,
                     near_hint(&near, hint, sizeof hint));
}

/* ---- what follows from a change ---- */

void follow(App *a)
{
    unsigned bits = a->changed;
    a->changed = 0;
    if (!bits)
        return;
    a->dirty = true;
    picture_follow(a->picture, a->session, bits);
    if (bits & CHANGED_RUN) {
        a->book->due = true;
        a->say->claim[0] = '\0';
        a->borders->stale = true;
        focus_build(a);
    }
    if (bits & CHANGED_SURFACE)
        a->look->held_out =
            a->look->held_out && timeline_held_out(session_run(a->session), 0) != NULL;
    if (bits & CHANGED_SIZE) {
        look_arrange(a->look);
        if (!picture_resize(a->picture,
                            &a->look->layout)) /* nothing can be drawn, but it goes on */
            a->look->layout = (Layout){.too_small = true};
    }
}

/* ---- lines ---- */

/* Assignments while they are read; the values are copied into `store`. */
typedef struct Reading {
    Assignment list[SCENE_KEYS];
    int count;
    Text store;
} Reading;

/* key=value, or the bare name of a parameter in force: "k=0.005" is schedule=exp_k:k=0.005. */
static bool read_assignment(const App *a, const Word *w, Reading *r, Error *err)
{
    const Session *s = a->session;
    Text *store = &r->store;
    size_t from = store->used;
    int found = w->key ? scene_key_find(w->text, w->key) : -1;
    SceneKey key = (SceneKey)found;
    if (found < 0 && !(w->key && setup_param(session_run(s), session_row(s), w->text, w->key, &key,
                                             store))) {
        unknown(a, w->text, w->key ? w->key : w->length, err);
        err->column = w->column;
        return false;
    }
    text_put(store, w->value, w->length);
    if (r->count == SCENE_KEYS || store->used + 1 >= store->size)
        return error_set(err, 1, w->column, "too many assignments");
    r->list[r->count++] = (Assignment){key, store->at + from, store->used - from};
    text_put(store, "", 1);
    return true;
}

/* Words with '=': assignments at the cursor, as one change. A bare `at` or `vs` begins another line
 * of the scene: an edit at a step, or a further runner. */
static bool run_assignments(App *a, const char *line, Error *err)
{
    char values[EXPR_TEXT + SCENE_PATH + LINE_SIZE];
    Reading r = {.store = text_over(values, sizeof values)};
    WordScan scan = word_scan(line);
    const char *rest = line;
    long column = 1;
    Word w;
    int got;
    while ((got = word_next(&scan, &w, err)) > 0 && !word_begins_line(&w)) {
        if (!read_assignment(a, &w, &r, err))
            return false;
        rest = scan.at;
        column = w.value_column;
    }
    if (got < 0)
        return false;
    if (r.count && !changed(a, session_assign(a->session, a->gate, r.list, r.count, err))) {
        if (err && r.count == 1 && err->line <= 1 && err->column)
            error_shift(err, 1, column); /* it counted from the value */
        return false;
    }
    if (got > 0 && !changed(a, session_add_lines(a->session, a->gate, rest, err)))
        return false;
    say(a, "%s %s", line, r.count ? a->session->from : "");
    say_chosen(a);
    return true;
}

/* Does it begin as a scene does, and not as a verb? */
static bool is_scene_line(const char *line)
{
    WordScan scan = word_scan(line);
    Word w;
    Error ignored;
    return memchr(line, '=', strcspn(line, " \t'\"")) ||
           (word_next(&scan, &w, &ignored) > 0 && word_begins_line(&w));
}

static bool run_verb(App *a, const Command *c, const char *args, Error *err)
{
    if ((c->flags & (COMMAND_FUTURE | COMMAND_PLAYS)) && gate_holds(a->gate)) {
        say_warn(a, "first your prediction: 1 to 5 choose, Enter locks it in");
        return true;
    }
    if ((c->flags & COMMAND_FUTURE) && gate_hides(a->gate)) {
        say_warn(a, "what is to come is hidden: z shows it");
        return true;
    }
    return c->run(a, args + strspn(args, " \t"), err);
}

bool line_known(const App *a, const char *line, Error *err)
{
    size_t word = strcspn(line, " \t");
    return command_find(a->views->row, line, word) || is_scene_line(line) ||
           unknown(a, line, word, err);
}

bool line_run(App *a, const char *line, Error *err)
{
    char copy[LINE_SIZE];
    line += strspn(line, " \t");
    size_t end = strlen(line);
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
    const Command *c = command_find(a->views->row, copy, strcspn(copy, " \t"));
    if (c && !(c->flags & COMMAND_CHOICE))
        view_dismiss(a); /* a card stays as long as one chooses */
    bool ok = c ? run_verb(a, c, copy + strlen(c->name), err)
              : is_scene_line(copy) ? run_assignments(a, copy, err)
                  : unknown(a, copy, strcspn(copy, " \t"), err);
    follow(a);
    return ok;
}
