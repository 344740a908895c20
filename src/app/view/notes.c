/* SPDX-License-Identifier: MIT
 * notes: the speaker's notes of a demonstration, in a second terminal: it follows the first through
 * store/podium.h. Until somebody stands there, and between its steps, the arrows leaf through. */
#include <string.h>

#include "app/bindings.h"
#include "app/look.h"
#include "app/say.h"
#include "app/school.h"
#include "app/views.h"
#include "view/panel.h"

typedef struct Notes {
    int lesson; /* in the course */
    int step;   /* shown */
    bool heard; /* somebody stands at `now` */
    Podium now;
} Notes;

static const Binding own_keys[] = {
    {KEYCODE_RIGHT, "notes next", "next", 2, KEY_AND_OPPOSITE, "leaf through, until it moves on"},
    {KEYCODE_LEFT, "notes previous", NULL, 0, 0, NULL},
    {KEYCODE_ESCAPE, "close", NULL, 0, 0, NULL},
    {'q', "quit", "quit", 3, 0, NULL},
    {'t', "theme next", NULL, 0, 0, NULL},
    {.line = NULL},
};

static const Binding *const keys[] = {own_keys, help_keys, NULL};

static Notes *notes_of(const App *a)
{
    return view_memory(a, &view_notes);
}

static const Lesson *lesson_of(const App *a)
{
    return a->school->course.lesson[notes_of(a)->lesson];
}

/* "" is the user's own file. */
static bool notes_open(App *a, const char *args, Error *err)
{
    School *s = a->school;
    if (!school_open(s, NULL, err))
        return false;
    int i = *args ? school_find(s, args) : s->own;
    if (i < 0)
        return error_set(err, 1, 1, "'%.60s' is no lesson", args);
    if (!s->course.lesson[i]->demo)
        return error_set(err, 1, 1, "'%.60s' is no demonstration: its notes follow nothing",
                         s->course.lesson[i]->id);
    *notes_of(a) = (Notes){.lesson = i, .now.step = -1};
    say(a, "the notes follow 'etascope learn' of %s in another terminal",
        *args ? args : s->course.lesson[i]->file);
    return true;
}

static bool leaf(App *a, const char *args, Error *err)
{
    Notes *n = notes_of(a);
    int by = way_argument(args);
    if (view_top(a->views) != &view_notes)
        return view_open(a, view_notes.name, args, err);
    if (!by)
        return bad_argument(err, args, "next or previous");
    n->step += by;
    if (n->step < 0 || n->step >= lesson_of(a)->steps) {
        n->step -= by;
        say(a, by < 0 ? "this is the first step" : "this is the last step");
    }
    return true;
}

/* Look where the speaker stands; nothing is left to do at once. */
static bool notes_advance(App *a)
{
    Notes *n = notes_of(a);
    Podium now = n->now;
    bool heard = podium_hear(lesson_of(a)->id, &now);
    bool same = heard == n->heard && memcmp(&now, &n->now, sizeof now) == 0;
    if (same)
        return false;
    n->heard = heard;
    n->now = now;
    if (heard && now.step >= 0 && now.step < lesson_of(a)->steps)
        n->step = now.step;
    a->dirty = true;
    return false;
}

/* Not at once: `every` so often. */
static bool notes_wait(const App *a)
{
    (void)a;
    return false;
}

/* ---- drawing ---- */

static void put(Canvas *c, Rect *left, const char *text, Role role, const Paint *p)
{
    int rows = left->rows > 0 ? panel_wrap(c, *left, text, role, p) : 0;
    left->row += rows;
    left->rows -= rows;
}

static void draw_answers(const Notes *n, const Step *s, Canvas *c, Rect *in, const Paint *p)
{
    bool here = n->heard && n->now.step == n->step;
    put(c, in, s->ask.text, ROLE_TITLE, p);
    for (int i = 0; i < s->answers; i++) {
        char line[300];
        bool right = s->answer[i].mark == 'x';
        Text t = text_over(line, sizeof line);
        text_add(&t, "%s %d  %s", right ? "✓" : " ", i + 1, s->answer[i].said.text);
        if (here && n->now.votes[i])
            text_add(&t, "  (%d)", n->now.votes[i]);
        put(c, in, line, right ? ROLE_GOOD : ROLE_TEXT, p);
    }
    in->row++, in->rows--;
}

static void notes_draw(const App *a, Canvas *c)
{
    const Paint *p = &a->look->paint;
    const Notes *n = notes_of(a);
    const Lesson *l = lesson_of(a);
    const Step *s = &l->step[n->step];
    char title[160];
    char next[160];
    Rect all = {0, 0, c->cols, a->look->layout.status.row};
    snprintf(title, sizeof title, "%.80s %d/%d", l->title, n->step + 1, l->steps);
    panel_frame(c, all, title, n->heard ? "following" : "waiting", p);
    Rect in = {2, 1, all.cols - 4, all.rows - 3};
    put(c, &in, s->title, ROLE_ACCENT, p);
    in.row++, in.rows--;
    for (int i = 0; i < s->notes; i++) {
        put(c, &in, s->note[i].text, ROLE_TEXT, p);
        in.row++, in.rows--;
    }
    if (s->ask.text)
        draw_answers(n, s, c, &in, p);
    snprintf(next, sizeof next, "next: %s", n->step + 1 < l->steps ? s[1].title : "the end");
    panel_text(c, 2, all.rows - 2, all.cols - 4, next, ROLE_DIM, p);
}

static const Command commands[] = {
    {"notes", "ID|next|previous", "lessons", "the speaker's notes of a demonstration", leaf, 0,
     NULL},
    {.name = NULL},
};

const View view_notes = {
    .name = "notes",
    .title = "the speaker's notes",
    .help = "of a demonstration in another terminal",
    .order = 13,
    .every = 0.2,
    .memory = sizeof(Notes),
    .keys = keys,
    .commands = commands,
    .open = notes_open,
    .advance = notes_advance,
    .waits = notes_wait,
    .draw = notes_draw,
};
