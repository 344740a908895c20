/* SPDX-License-Identifier: MIT
 * fuzz_app: random events at the whole program. The input is a tape of operations; each frame takes
 * a few of them. Most inputs are quick: small screens, few frames drawn, little time passes. Some
 * are looked at thoroughly: is the screen that was updated step by step the one a fresh terminal
 * would show (libvterm judges), is the frame the one that fresh caches give, is the run the one its
 * scene's text gives? FUZZ_JUDGE=1: every input, and every frame of it. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/drive.h"
#include "base/hash.h"
#include "out/ansi.h"
#ifdef HAVE_VTERM
#include "e2e/vt_cell.h"
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { EVENTS_MOST = 600, JUDGED_CELLS = 12000, FEED = 65536, STEPS_FUZZED = 3000 };
enum { THOROUGH = 64 /* one input of so many, by its hash: mutations do not lead there */ };
enum { QUICK_COLS = 60, QUICK_ROWS = 18 };

long fuzz_events;
const size_t fuzz_size = 400;

typedef struct Tape {
    const uint8_t *at, *end;
} Tape;

typedef struct Fuzz {
    Drive d;
    Ansi ansi;
    Tape tape;
    bool thorough;
#ifdef HAVE_VTERM
    VTerm *term; /* fed with every frame */
#endif
} Fuzz;

static unsigned next(Tape *t)
{
    return t->at < t->end ? *t->at++ : 0;
}

static unsigned next2(Tape *t)
{
    unsigned high = next(t);
    return high << 8 | next(t);
}

static void fault(const char *what)
{
    fprintf(stderr, "fuzz_app: %s\n", what);
    abort();
}

/* --- the judge --- */

#ifdef HAVE_VTERM
static VTerm *judge_new(int cols, int rows)
{
    VTerm *term = vterm_new(rows, cols);
    vterm_set_utf8(term, 1);
    vterm_screen_reset(vterm_obtain_screen(term), 1);
    return term;
}

/* In pieces that begin with a sequence: libvterm loses characters that are cut in two. */
static void judge_feed(VTerm *term, AnsiBytes bytes)
{
    while (term && bytes.size > 0) {
        size_t piece = bytes.size < FEED ? bytes.size : FEED;
        while (piece < bytes.size && piece > 1 && bytes.at[piece] != '\033')
            piece--;
        vterm_input_write(term, bytes.at, piece);
        bytes.at += piece;
        bytes.size -= piece;
    }
}

static void judge_size(Fuzz *f)
{
    if (f->term)
        vterm_free(f->term);
    bool judged = f->thorough && f->d.cols * f->d.rows <= JUDGED_CELLS;
    f->term = judged ? judge_new(f->d.cols, f->d.rows) : NULL;
}

static void judge_screen(Fuzz *f)
{
    Ansi ansi;
    if (!f->term)
        return;
    VTerm *other = judge_new(f->d.cols, f->d.rows);
    ansi_init(&ansi, f->ansi.mode, f->ansi.utf8);
    if (!ansi_resize(&ansi, f->d.cols, f->d.rows))
        abort();
    judge_feed(other, ansi_frame(&ansi, &f->d.canvas, true));
    for (int i = 0; i < f->d.cols * f->d.rows; i++) {
        int col = i % f->d.cols;
        int row = i / f->d.cols;
        Cell grew = vt_cell_of(vterm_obtain_screen(f->term), col, row);
        Cell full = vt_cell_of(vterm_obtain_screen(other), col, row);
        if (vt_looks_same(grew, full))
            continue;
        fprintf(stderr, "U+%04X at %d,%d of %dx%d, U+%04X in full, U+%04X drawn\n", grew.glyph,
                col, row, f->d.cols, f->d.rows, full.glyph, f->d.canvas.cell[i].glyph);
        fault("the screen differs from a full redraw");
    }
    ansi_release(&ansi);
    vterm_free(other);
}
#else
#define judge_feed(term, bytes) ((void)(bytes))
#define judge_size(f) ((void)(f))
#define judge_screen(f) ((void)(f))
#endif

/* --- operations --- */

static void resize(Fuzz *f, int cols, int rows)
{
    if (!f->thorough) {
        cols = cols < QUICK_COLS ? cols : QUICK_COLS;
        rows = rows < QUICK_ROWS ? rows : QUICK_ROWS;
    }
    drive_resize(&f->d, cols, rows);
    if (!ansi_resize(&f->ansi, cols, rows))
        abort();
    judge_size(f);
}

static void op_resize(Fuzz *f)
{
    static const int usual[][2] = {{80, 24},  {120, 36}, {60, 18}, {40, 12}, {20, 6},
                                   {132, 43}, {49, 40},  {19, 6},  {100, 9}, {59, 14}};
    unsigned kind = next(&f->tape);
    unsigned cols = next2(&f->tape);
    unsigned rows = next(&f->tape);
    if (kind % 32 == 0)
        resize(f, 1 + (int)(cols % 500), 1 + (int)(rows % 200));
    else if (kind % 2)
        resize(f, usual[kind / 2 % 10][0], usual[kind / 2 % 10][1]);
    else
        resize(f, 1 + (int)(cols % 140), 1 + (int)(rows % 50));
}

static void op_bound_key(Fuzz *f)
{
    const Binding *keys[256];
    const Views *v = f->d.app->views;
    int count = view_bindings(v, v->depth - 1, keys, 256);
    if (count)
        drive_key(&f->d, keys[next2(&f->tape) % (unsigned)count]->key);
}

static void op_any_key(Fuzz *f)
{
    static const uint32_t odd[] = {0,    1,    3,        5,        8,        14,       16,
                                   21,   23,   0x7F,     0x85,     0xAD,     0x300,    0x4E2D,
                                   0xD800, 0xFFFD, 0x1F600, 0x10FFFF, 0x2028};
    unsigned k = next(&f->tape);
    drive_key(&f->d, k & 1           ? 0x20 + k / 2 % 95
                     : k & 2         ? (uint32_t)KEYCODE_UP + k / 4 % 15
                                     : odd[k / 4 % (sizeof odd / sizeof odd[0])]);
}

/* A line typed at the prompt: often one with a meaning. */
static void op_line(Fuzz *f)
{
    static const char *const lines[] = {
        "eta0=0.2", "eta0 *1.25", "schedule=step", "schedule='0.1*cos(t/9)^2'", "surface='x^2+a*y^2:a=3'",
        "optimizer=adam:beta1=0.5", "steps=40", "steps=1200", "noise=0.5", "seed=9", "start=1,1",
        "window=-1,1,-2,2", "surface=rosenbrock eta0=0.001", "scene B4", "scene", "seek 77", "seek end",
        "warmup=20", "warmup_factor=0.3", "surface=himmelblau", "schedule=plateau", "eta0=1e300",
        "optimizer=nadam", "surface='1/0'", "surface='log(x)'", "focus eta0", "step -3", "undo",
        "schedule=multistep", "surface='1/x'", "eta0=0.19 noise=2 schedule=constant", "ghost",
        "window=-1e8,1e8,-1e8,1e8", "start=1e200,0", "steps=1", "surface=double_well", "menu scene",
        "help", "start place", "zoom in", "pair 7", "glyphs next", "theme next", "scene C1"};
    Prompt *p = prompt_of(f->d.app);
    if (!drive_in(&f->d, "prompt"))
        view_open(f->d.app, "prompt", "", &(Error){0});
    if (p->length == 0 || next(&f->tape) % 4)
        drive_key(&f->d, 21);
    for (const char *c = lines[next(&f->tape) % (sizeof lines / sizeof lines[0])]; *c; c++)
        app_event(f->d.app, (Event){.kind = EVENT_PASTE, .key = (uint32_t)*c});
    unsigned end = next(&f->tape);
    for (unsigned i = end >> 4; end % 4 == 0 && i > 0; i--)
        drive_key(&f->d, i & 1 ? KEYCODE_LEFT : KEYCODE_TAB);
    if (end % 8)
        drive_key(&f->d, KEYCODE_ENTER);
}

static void op_mouse(Fuzz *f)
{
    int col = (int)(next2(&f->tape) % (unsigned)(f->d.cols + 2)) - 1;
    int row = (int)(next(&f->tape) % (unsigned)(f->d.rows + 2)) - 1;
    drive_mouse(&f->d, col, row, (MouseButton)(next(&f->tape) % 6));
}

static void op_paste(Fuzz *f)
{
    for (unsigned n = next(&f->tape) % 12; n > 0; n--)
        app_event(f->d.app, (Event){.kind = EVENT_PASTE, .key = next(&f->tape)});
}

static void op_output(Fuzz *f)
{
    unsigned k = next(&f->tape);
    ColorMode mode = (ColorMode)(k % MODES);
    app_output(f->d.app, mode, (GlyphSet)(k / MODES % GLYPH_SETS));
    ansi_release(&f->ansi);
    ansi_init(&f->ansi, mode, true);
    resize(f, f->d.cols, f->d.rows);
}

static void event(Fuzz *f)
{
    unsigned kind = next(&f->tape);
    fuzz_events++;
    if (kind < 150)
        op_bound_key(f);
    else if (kind < 190)
        op_any_key(f);
    else if (kind < 220)
        op_mouse(f);
    else if (kind < 235)
        op_line(f);
    else if (kind < 245)
        op_paste(f);
    else if (kind < 254)
        op_resize(f);
    else
        op_output(f);
    if (f->d.app->session->scene.steps > STEPS_FUZZED) /* long runs are slow, not interesting */
        app_command(f->d.app, "steps=200", NULL);
}

/* --- frames --- */

static void check_glyphs(const Fuzz *f)
{
    for (int i = 0; i < f->d.cols * f->d.rows; i++) {
        uint32_t g = f->d.canvas.cell[i].glyph;
        if (g >= 0x20 && (g < 0x7F || g > 0x9F) && g <= 0x10FFFF)
            continue;
        fprintf(stderr, "U+%04X at %d,%d of %dx%d, view %s\n", g, i % f->d.cols, i / f->d.cols,
                f->d.cols, f->d.rows, drive_view(&f->d));
        fault("a control character on the screen");
    }
}

static void frame(Fuzz *f)
{
    unsigned how = next(&f->tape);
    if (!f->thorough && how % 8)
        return; /* events in a row */
    app_advance(f->d.app, how & 1 ? 1.0 / 60 : how / 64.0);
    if (!(app_next(f->d.app) >= -1))
        fault("app_next is not a time");
    if (how % 8 == 7 || (!f->thorough && how % 16))
        return; /* late: the frame is dropped */
    drive_draw(&f->d);
    check_glyphs(f);
    AnsiBytes bytes = ansi_frame(&f->ansi, &f->d.canvas, false);
    judge_feed(f->term, bytes);
    if (how % 64 == 8 || getenv("FUZZ_JUDGE")) /* to find the first bad frame */
        judge_screen(f);
}

static void tell_scene(const Fuzz *f)
{
    char *text = drive_scene_text(f->d.app);
    fprintf(stderr, "step %ld of: %s\n", app_row(f->d.app), text ? text : "a long scene");
    free(text);
}

static void questions(Fuzz *f)
{
    if (f->d.app->session->scene.edit_count < SCENE_EDITS && !drive_replays(&f->d))
        fault("the scene's text gives another run");
    if (f->d.cols * f->d.rows <= JUDGED_CELLS && !drive_same_afresh(&f->d)) {
        tell_scene(f);
        fault("the frame depends on how it came about");
    }
}

/* What a random line saves lands in a folder of its own. */
static char folder[] = "/tmp/etascope-fuzz-XXXXXX";

static void remove_folder(void)
{
    rmdir(folder); /* stays where something was saved */
}

static int leave_folder(void)
{
    static bool made;
    int back = open(".", O_RDONLY | O_DIRECTORY);
    if (!made && mkdtemp(folder))
        made = atexit(remove_folder) == 0;
    if (back < 0 || !made || chdir(folder) != 0)
        fault("no folder for what is saved");
    return back;
}

static void return_to(int back)
{
    if (fchdir(back) != 0)
        fault("the folder has gone");
    close(back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int back = leave_folder();
    Fuzz f = {.tape = {data, data + size}};
    unsigned head = next(&f.tape);
    f.thorough = getenv("FUZZ_JUDGE") || fnv1a((const char *)data, size) % THOROUGH == 0;
    f.d = drive_open(head & 1 ? 80 : 60, head & 2 ? 24 : 18);
    ansi_init(&f.ansi, MODE_TRUECOLOR, true);
    resize(&f, f.d.cols, f.d.rows);
    for (int i = 0; i < EVENTS_MOST && f.tape.at < f.tape.end; i++) {
        unsigned together = next(&f.tape) % 8;
        for (unsigned k = 0; k <= together; k++)
            event(&f);
        frame(&f);
        if (f.thorough && i % 100 == 50)
            questions(&f);
    }
    if (f.thorough)
        questions(&f);
#ifdef HAVE_VTERM
    if (f.term)
        vterm_free(f.term);
#endif
    ansi_release(&f.ansi);
    drive_close(&f.d);
    return_to(back);
    return 0;
}
