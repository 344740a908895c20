/* SPDX-License-Identifier: MIT
 * notebook: the last runs and what they came to: to reopen, to set beside the present one, to
 * compare two. */
#include <string.h>

#include "app/bindings.h"
#include "app/book.h"
#include "app/look.h"
#include "app/say.h"
#include "app/session.h"
#include "app/views.h"
#include "view/panel.h"

enum { DIFFERENCE_SIZE = 1024 };

typedef struct Notebook {
    int selected;
    int marked; /* the row that others are compared with, -1: none */
    char difference[DIFFERENCE_SIZE];
} Notebook;

static const Binding own_keys[] = {
    {KEYCODE_ENTER, "take", "open", 3, 0, NULL},
    {'p', "notebook pin", "pin", 4, 0, "set the run beside the present one"},
    {' ', "notebook mark", "compare", 5, 0, "compare this run with others; again: no more"},
    {KEYCODE_ESCAPE, "close", "back", 1, 0, NULL},
    {'n', "close", NULL, 0, 0, NULL},
    {'q', "close", NULL, 0, 0, NULL},
    {.line = NULL},
};

static const Binding *const keys[] = {list_keys, own_keys, help_keys, NULL};

static Notebook *notebook_of(const App *a)
{
    return view_memory(a, &view_notebook);
}

/* ---- how two scenes differ ---- */

/* The next word of a scene line ("; " before `at` and `vs`, which are words with what follows them);
 * 0: the end. Behind it stands *at. */
static size_t next_word(const char **at, const char **word)
{
    *at += strspn(*at, " ;");
    *word = *at;
    bool line = strncmp(*at, "at ", 3) == 0 || strncmp(*at, "vs ", 3) == 0;
    *at = text_until(*at, line ? ";" : " ;");
    return (size_t)(*at - *word);
}

/* The word of a scene that is this one or has its key; NULL: none. */
static const char *same_key(const char *scene, const char *word, size_t length, size_t *found)
{
    const char *equal = memchr(word, '=', length);
    bool keyed = equal && !memchr(word, ' ', (size_t)(equal - word));
    size_t key = keyed ? (size_t)(equal - word) + 1 : length;
    const char *other;
    while ((*found = next_word(&scene, &other)) > 0)
        if (strncmp(other, word, key) == 0 && (keyed || *found == length))
            return other;
    return NULL;
}

/* Words of `one` that `two` has not, or has otherwise: "eta0 0.02 → 0.6", "- at 120 eta0=0.2". */
static void add_differences(const char *one, const char *two, const char *sign, bool changes,
                            Text *out)
{
    const char *word;
    for (size_t length; (length = next_word(&one, &word)) > 0;) {
        size_t found;
        const char *other = same_key(two, word, length, &found);
        if (!other) {
            text_add(out, "%s%s %.*s", out->used ? " · " : "", sign, (int)length, word);
        } else if (changes && (found != length || memcmp(word, other, length) != 0)) {
            size_t key = (size_t)((const char *)memchr(word, '=', length) - word);
            text_add(out, "%s%.*s → %.*s", out->used ? " · " : "", (int)length, word,
                     (int)(found - key - 1), other + key + 1);
        }
    }
}

/* The sentence under the list: the chosen scene, or how it differs from the marked one. */
static void describe(App *a)
{
    Notebook *n = notebook_of(a);
    const Notes *notes = &a->book->notes;
    Text out = text_over(n->difference, sizeof n->difference);
    if (!notes->count)
        return;
    const Note *chosen = &notes->row[n->selected];
    if (n->marked < 0 || n->marked == n->selected) {
        text_add(&out, "%s", chosen->scene);
        return;
    }
    const Note *marked = &notes->row[n->marked];
    add_differences(marked->scene, chosen->scene, "-", true, &out);
    add_differences(chosen->scene, marked->scene, "+", false, &out);
}

/* ---- what one does with a run ---- */

static bool notebook_open(App *a, const char *args, Error *err)
{
    Notebook *n = notebook_of(a);
    Book *b = a->book;
    Error why = {0};
    (void)args;
    (void)err;
    if (!notes_read(&b->notes, &why))
        snprintf(b->not_kept, sizeof b->not_kept, "%.160s", why.message);
    a->session->playing = false; /* the list stays as it is */
    *n = (Notebook){.marked = -1};
    describe(a);
    if (b->not_kept[0])
        say_warn(a, "the notebook is %s", b->not_kept);
    else
        say(a, "%s", b->notes.count ? "the last runs, the newest first"
                                    : "the notebook is empty: a run that ends comes into it");
    return true;
}

static void notebook_move(App *a, int dx, int dy)
{
    Notebook *n = notebook_of(a);
    int last = a->book->notes.count - 1;
    (void)dx;
    n->selected -= dy;
    n->selected = n->selected > last ? last : n->selected;
    n->selected = n->selected < 0 ? 0 : n->selected;
    describe(a);
}

static bool read_note(App *a, Error *err)
{
    const Notes *notes = &a->book->notes;
    Session *s = a->session;
    if (!notes->count)
        return error_set(err, 1, 1, "the notebook is empty");
    scene_default(&s->scratch);
    return scene_parse(&s->scratch, notes->row[notebook_of(a)->selected].scene, NULL, err);
}

static bool notebook_take(App *a, Error *err)
{
    Session *s = a->session;
    if (!gate_allows_scene(a->gate, err) || !read_note(a, err) ||
        !changed(a, session_scene(s, NULL, &s->scratch, err)))
        return false;
    view_pop(a);
    say(a, "opened from the notebook");
    return true;
}

static bool pin(App *a, Error *err)
{
    Session *s = a->session;
    int runners = scene_runners(&s->scene);
    if (!gate_allows_scene(a->gate, err) || !read_note(a, err))
        return false;
    scene_of_runner(&s->scratch, 0, &s->plain);
    scene_copy(&s->scratch, &s->plain);
    if (!session_add_runner(s, &s->scratch, err))
        return false;
    s->pair = -1;
    say(a, "set beside the present run as runner %c", 'A' + runners);
    return true;
}

static bool run_notebook(App *a, const char *args, Error *err)
{
    Notebook *n = notebook_of(a);
    if (!*args)
        return view_open(a, view_notebook.name, args, err);
    if (strcmp(args, "pin") == 0)
        return pin(a, err);
    if (strcmp(args, "mark") != 0)
        return bad_argument(err, args, "pin or mark");
    n->marked = n->marked == n->selected || !a->book->notes.count ? -1 : n->selected;
    describe(a);
    say(a, n->marked < 0 ? "nothing is compared" : "move to another run: what differs stands below");
    return true;
}

/* ---- drawing ---- */

static void draw_row(const App *a, Canvas *c, Rect r, int i)
{
    const Notebook *n = notebook_of(a);
    const Paint *p = &a->look->paint;
    const Note *note = &a->book->notes.row[i];
    bool chosen = i == n->selected;
    char loss[NUMBER_TEXT];
    char line[96];
    number_show(loss, note->loss, 3);
    snprintf(line, sizeof line, "%s %-16s %-9s %6ld", i == n->marked ? "◆" : " ", note->verdict,
             loss, note->steps);
    if (chosen)
        canvas_fill(c, r, ' ', p->role[ROLE_CHOSEN], p->role[ROLE_SELECT]);
    int used = panel_over(c, r.col, r.row, r.cols, line, chosen ? ROLE_CHOSEN : ROLE_TEXT, p) + 1;
    panel_over(c, r.col + used, r.row, r.cols - used, note->scene,
               chosen ? ROLE_CHOSEN : ROLE_DIM, p);
}

static void notebook_draw(const App *a, Canvas *c)
{
    const Notebook *n = notebook_of(a);
    const Paint *p = &a->look->paint;
    int count = a->book->notes.count;
    char note[48];
    snprintf(note, sizeof note, "%d of %d", count ? n->selected + 1 : 0, count);
    int below = c->rows > 16 ? 4 : 2; /* the chosen scene, or what differs */
    Rect card = layout_card(c->cols, c->rows, c->cols > 128 ? 126 : c->cols - 2, c->rows - 2);
    Rect in = card_frame(c, card, "notebook: verdict, loss, steps, scene", note, p);
    in.rows -= below;
    Rect foot = {in.col, in.row + in.rows + 1, in.cols, below - 1};
    if (!count) {
        panel_wrap(c, in, "Runs that have come to their end are kept here.", ROLE_DIM, p);
        return;
    }
    panel_wrap(c, foot, n->difference[0] ? n->difference : "no difference", ROLE_TEXT, p);
    int top = n->selected - in.rows / 2;
    top = top > count - in.rows ? count - in.rows : top;
    top = top < 0 ? 0 : top;
    for (int i = 0; i < in.rows && top + i < count; i++)
        draw_row(a, c, (Rect){in.col, in.row + i, in.cols, 1}, top + i);
}

static const Command commands[] = {
    {"notebook", "[pin|mark]", "scenes", "the last runs: to reopen, set beside, compare",
     run_notebook, COMMAND_CHOICE, NULL},
    {.name = NULL},
};

const View view_notebook = {
    .name = "notebook",
    .title = "the notebook",
    .help = "the last runs and what they came to",
    .order = 15,
    .flags = VIEW_OVER,
    .memory = sizeof(Notebook),
    .keys = keys,
    .commands = commands,
    .open = notebook_open,
    .close = view_back,
    .move = notebook_move,
    .take = notebook_take,
    .refresh = describe,
    .draw = notebook_draw,
};
