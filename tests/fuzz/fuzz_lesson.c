/* SPDX-License-Identifier: MIT
 * fuzz_lesson: any text as a lesson: raw bytes, pieces of the format, or a shipped lesson with lines
 * changed. What is refused says where; what is accepted can be played with any keys. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/rng.h"
#include "teach/course.h"
#include "teach/player.h"
#include "teach/setup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

long fuzz_events;
const size_t fuzz_size = 60;

enum { TEXT_MOST = 1 << 16, LINES_MOST = 400, EVENTS = 24, ROWS = 60 };

static char text[TEXT_MOST];
static ErrorList errors;

/* A word of the format each; most of them a line. */
static const char *const pieces[] = {
    "# 3 Title\n", "# Title\n", "@lesson id=own minutes=4 claims=7,8 quick=yes\n", "@lesson id=own minutes=4 needs=one-step\n",
    "@scene s like=A1 steps=40\n", "@scene t surface=bowl20 start=-4,1 schedule=constant eta0=0.02 steps=50\n", "\n",
    "A sentence with *words*.\n", "## read  One\n", "## watch  Two\n", "## predict  Three\n", "## do  Four\n", "## find  Five\n",
    "## explain  Six\n", "## review  Seven\n", "@id a\n", "@id b\n", "@id c\n", "@show A2\n", "@show s\n", "@run s\n", "@run A3 speed=0\n",
    "@beside t\n", "@at 0: Loss {loss}.\n", "@at 3: y is {y=-0.8}.  @true sign_changes_y == 1\n", "@at end: Over {t=40}.\n", "@ask Which?\n",
    "- [x] This.  @true rises == 0\n    Right.\n", "- [ ] That.  => overshoot-is-failure\n    No.\n", "- [ ] Or.  @false loss < 1\n",
    "- [?] Hm.\n    Look.\n", "@number 0.1 2% A4: 2/lambda\n", "@number 40\n", "@use s unlock=eta0\n", "@use t unlock=eta0,schedule,max_lr\n",
    "@goal loss < 0.01 by 30\n", "@goal sign_changes_y >= 3 and loss < start\n", "@limit steps <= 50 and eta0 <= 1\n", "@limit evaluations <= 90\n",
    "@hint Look.\n", "@hint Press up.\n", "@solution eta0=0.08\n", "@solution eta0=0.08 | eta0=0.09; at 4 eta0=0.01\n",
    "@solution schedule=cosine eta0=0.1\n", "@fails eta0=0.2\n", "@par 150\n", "@why So.\n", "@fragile narrow\n", "@easy many\n",
    "@from one-step/what-eta-multiplies\n", "@proof A8: diverged == 0\n", "@note n\n", "@claims 1,2\n", "    more of it\n", "% comment\n",
    "x", " ", "@", "{", "}", "*", "η", "\xff", "- [", "=>", "=", ":", "1e999", "99999999999999999999", "|", "'", "\t"};

static void add_piece(size_t *used, const char *piece, size_t length)
{
    if (*used + length >= sizeof text)
        return;
    memcpy(text + *used, piece, length);
    *used += length;
}

/* A shipped lesson; each pair of bytes drops, doubles or cuts a line, or puts a piece before it. */
static void make_mutant(const uint8_t *data, size_t size)
{
    const Embedded *shipped[64];
    int count = 0;
    for (const Embedded *e = embedded_files; e->name && count < 64; e++)
        if (strstr(e->name, ".lesson"))
            shipped[count++] = e;
    const char *from = shipped[data[1] % count]->text;
    size_t used = 0;
    for (long line = 0; *from; line++) {
        size_t length = strcspn(from, "\n");
        length += from[length] == '\n';
        size_t keep = length;
        int times = 1;
        for (size_t i = 2; i + 2 < size && i < 11; i += 3) {
            if (data[i] != (uint8_t)line)
                continue;
            const char *piece = pieces[data[i + 2] % (sizeof pieces / sizeof pieces[0])];
            times = data[i + 1] % 4 == 0 ? 0 : data[i + 1] % 4 == 1 ? 2 : 1;
            keep = data[i + 1] % 4 == 2 ? data[i + 2] % length : length;
            if (data[i + 1] % 4 == 3)
                add_piece(&used, piece, strlen(piece));
        }
        for (int k = 0; k < times; k++)
            add_piece(&used, from, keep);
        from += length;
    }
    text[used] = '\0';
}

/* A lesson that is mostly right: the head, then pieces. */
static void make_text(const uint8_t *data, size_t size)
{
    size_t used = 0;
    int way = size > 1 ? data[0] % 4 : 0;
    if (way == 1) {
        make_mutant(data, size);
        return;
    }
    for (int i = 0; way >= 2 && i < 5; i++)
        add_piece(&used, pieces[i == 1 ? 2 : i == 2 ? 4 : i == 3 ? 5 : i == 4 ? 6 : 0], strlen(pieces[i == 1 ? 2 : i == 2 ? 4 : i == 3 ? 5 : i == 4 ? 6 : 0]));
    for (size_t i = 1; i < size; i++) {
        const char one[2] = {(char)data[i], '\0'};
        const char *piece = way == 0 ? one : pieces[data[i] % (sizeof pieces / sizeof pieces[0])];
        add_piece(&used, piece, strlen(piece));
    }
    text[used] = '\0';
}

static void fault(const char *what, const char *detail)
{
    fprintf(stderr, "fuzz_lesson: %s: %s\n%s\n", what, detail, text);
    abort();
}

static void check_errors(bool accepted)
{
    long lines = 1;
    char line[1000];
    for (const char *at = text; *at; at++)
        lines += *at == '\n';
    if (accepted != (errors.errors == 0))
        fault(accepted ? "accepted with errors" : "refused without a word", errors.count ? errors.item[0].error.message : "");
    if (errors.count > LESSON_ERRORS || errors.dropped < 0 || errors.errors + errors.warnings != errors.count + errors.dropped)
        fault("errors are counted wrongly", "");
    for (int i = 0; i < errors.count; i++) {
        const Error *e = &errors.item[i].error;
        Text out = text_over(line, sizeof line);
        errors_line(&errors.item[i], &out);
        if (!e->message[0] || strchr(e->message, '\n'))
            fault("an error without words, or of two lines", e->message);
        if (e->line < 1 || e->line > lines || e->column < 1)
            fault("an error stands nowhere", line);
        if (strncmp(line, "fuzz.lesson:", 12) != 0)
            fault("an error names no file", line);
    }
}

static void check_steps(const Lesson *l)
{
    if (!l->id || !l->id[0] || l->steps < 1 || l->steps > LESSON_STEPS)
        fault("a lesson without id or steps", "");
    for (int i = 0; i < l->steps; i++) {
        const Step *s = &l->step[i];
        Scene *scene = malloc(sizeof *scene);
        Error err = {0};
        if (!s->id || !s->id[0] || lesson_step_find(l, s->id, strlen(s->id)) != i)
            fault("a step's id does not lead to it", s->id ? s->id : "");
        const Passage *subject = step_subject(s);
        if (subject && subject->text && !lesson_scene(l, subject->text, strlen(subject->text), scene, &err))
            fault("a step's scene is not there", err.message);
        free(scene);
    }
}

/* Any keys on any step: the player stays in its bounds, its words are whole. */
static void check_play(Lesson *l, uint64_t seed)
{
    Course course = {.count = 0};
    PlayerView *view = malloc(sizeof *view);
    Timeline *run = timeline_new();
    Error err = {0};
    course_add(&course, l);
    Player *p = player_new(&course);
    unsigned asks = player_open(p, 0);
    long row = 0;
    bool loaded = false;
    for (int i = 0; i < EVENTS; i++) {
        uint64_t r = rng_u64(seed, (uint64_t)i);
        if (asks & ASK_LOAD) {
            loaded = timeline_set(run, player_scene(p), &err);
            timeline_advance(run, ROWS);
            row = 0;
        }
        if (loaded) {
            row = r >> 8 & 1 ? timeline_ready(run) - 1 : row;
            asks = player_follow(p, run, row, row >= timeline_last(run));
            player_look(p, run, row, view);
        }
        if (p->step < 0 || p->step >= l->steps || p->lesson != 0 || p->chosen >= STEP_ANSWERS)
            fault("the player has left the lesson", "");
        if (loaded && (!view->place[0] || !view->keys[0] || view->answers > STEP_ANSWERS))
            fault("a screen without words", view->title);
        asks = player_event(p, (PlayerEvent)(r % (PLAYER_AGAIN + 1)), (double)(r >> 16 & 7) - 1);
        player_allows(p, (SceneKey)(r >> 20 & 7), "0.1", 3, &err);
        fuzz_events++;
    }
    while (player_unsaved(p))
        ;
    player_free(p);
    timeline_free(run);
    free(view);
    course_verify(&course, &errors);
    course_free(&course);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    make_text(data, size);
    errors_start(&errors);
    Lesson *l = lesson_parse("fuzz.lesson", text, &errors);
    check_errors(l != NULL);
    if (!l)
        return 0;
    check_steps(l);
    uint64_t seed = 0;
    for (size_t i = 0; i < size; i++)
        seed = seed * 31 + data[i];
    check_play(l, seed);
    return 0;
}
