/* SPDX-License-Identifier: MIT
 * fuzz_lesson: any text as a lesson. What is refused says why and where; what is accepted is played
 * with arbitrary events. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "teach/player.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

long fuzz_events;
const size_t fuzz_size = 200;

enum { TEXT_MOST = 1 << 16, EVENTS = 60 };

static char text[TEXT_MOST];
static ErrorList errors;

/* Random bytes hardly ever are a lesson: these pieces are, sometimes. */
static const char *const pieces[] = {
    "# 3 T\n@lesson id=a minutes=1 claims=7\n", "## do  A\n@use A1 unlock=eta0\n@goal loss < 1 by 60\n",
    "@limit steps <= 100\n@hint a\n@hint b\n", "@solution eta0=0.08\n@fails eta0=1\n@par 9\n@why c\n",
    "## predict  B\n@run A3\n@ask q?\n", "- [x] a  @true up == 0\n    f\n- [ ] b  @false up > 1\n    f\n",
    "- [?] c\n    f\n", "## explain  C\n@ask q?\n@number 0.1 2% A4: 2/lambda\n", "## watch  D\n@run A1 speed=0\n",
    "@at 3: {loss} {y=1}  @true t == 3\n", "@at end: e\n", "## read  E\nProse, *more*.\n", "@scene q like=B6 eta0=1\n",
    "## review  F\n@from a/b\n", "    more\n", "% c\n", "\n", "=> low-is-safe", "@show A1\n", "@beside B1\n", "|", "'", "{", "}",
    "@", "#", ":", "=", "\r\n", "\xff", "seeds 1..2:", "; at 4 eta0=2",
};

/* Even first byte: pieces. Odd: a shipped lesson with bytes changed. */
static void make_text(const uint8_t *data, size_t size)
{
    size_t used = 0;
    if (size > 0 && data[0] & 1) {
        const Embedded *e = embedded_find("lessons/03-too-high.lesson");
        used = e->size;
        memcpy(text, e->text, used);
        for (size_t i = 1; i + 2 < size; i += 3) {
            size_t at = (size_t)(data[i] << 8 | data[i + 1]) % used;
            text[at] = data[i + 2] ? (char)data[i + 2] : ' ';
        }
    } else {
        for (size_t i = 1; i < size; i++) {
            const char *piece = pieces[data[i] % (sizeof pieces / sizeof pieces[0])];
            memcpy(text + used, piece, strlen(piece));
            used += strlen(piece);
            if (used > TEXT_MOST - 200)
                break;
        }
    }
    text[used] = '\0';
}

static void fault(const char *what)
{
    fprintf(stderr, "fuzz_lesson: %s\n%s\n", what, text);
    abort();
}

static void play(Lesson *l, const uint8_t *data, size_t size)
{
    static PlayerView view;
    Course c = {.lesson = {l}, .count = 1};
    Player *p = player_new(&c);
    Timeline *t = timeline_new();
    Error err;
    if (!p || !t)
        fault("out of memory");
    unsigned asks = player_open(p, 0);
    for (size_t i = 0; i < size && i < EVENTS; i++, fuzz_events++) {
        if (asks & ASK_LOAD && timeline_set(t, player_scene(p), &err))
            timeline_advance(t, 200);
        if (timeline_ready(t) > 0) {
            long row = data[i] % timeline_ready(t);
            asks = player_follow(p, t, row, data[i] > 200);
            player_look(p, t, row, &view);
            if (!view.place[0] || !view.keys[0])
                fault("a screen without place or keys");
        }
        asks |= player_event(p, (PlayerEvent)(data[i] % PLAYER_LEAVE), data[i] % 6);
    }
    player_free(p);
    timeline_free(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    make_text(data, size);
    errors_start(&errors);
    Lesson *l = lesson_parse("fuzz.lesson", text, &errors);
    if (!l && errors.errors == 0)
        fault("refused without a word");
    if (l && errors.errors > 0)
        fault("accepted with errors");
    if (l)
        play(l, data, size);
    free(l);
    return 0;
}
