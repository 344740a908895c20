/* SPDX-License-Identifier: MIT
 * fuzz_settings: any settings file is taken, or refused with a line and a column; what it binds can be
 * pressed and shown. The input is the file; where it begins with a byte past ASCII, the others pick
 * words. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/drive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SETTINGS = 4096 };

long fuzz_events;
const size_t fuzz_size = 400;

static void fault(const char *what, const char *settings)
{
    fprintf(stderr, "%s:\n%s\n", what, settings);
    abort();
}

/* Nothing is written, and no long run is begun: that is not what is asked here. */
static bool harmless(const char *settings)
{
    return !strstr(settings, "save") && !strstr(settings, "steps") && !strstr(settings, "find");
}

static void press_all(App *app)
{
    Canvas canvas = {0};
    app_resize(app, 80, 24);
    if (!canvas_resize(&canvas, 80, 24))
        abort();
    app_event(app, (Event){.kind = EVENT_KEY, .key = '?'});
    app_draw(app, &canvas);
    app_event(app, (Event){.kind = EVENT_KEY, .key = KEYCODE_ESCAPE});
    for (int i = 0; i < app->views->owns; i++) {
        app_event(app, (Event){.kind = EVENT_KEY, .key = app->views->own[i].binding.key});
        app_advance(app, 1.0 / 60);
        app_draw(app, &canvas);
        fuzz_events++;
    }
    canvas_release(&canvas);
}

/* A byte a word: verbs, keys, or the rest. */
static void pick_words(const uint8_t *data, size_t size, Text *out)
{
    static const char *const words[] = {
        "\n",     "\nbind", "\ntheme", "\nmap",  "\nglyphs", "\n#",     "\npairs", "\neta0",
        "\nscene", "stage",  "menu",    "x",      "ctrl-x",   "shift-up", "page-down", "light",
        "grey",    "next",   "'play",   "'",      "hop",      "seek end", "\"eta0 0.5\"", "B4",
        "0.5",     "=",      "vs",      "at 3",   "lesson",   "notebook", "code",     "copy",
    };
    const Command *c;
    for (size_t i = 0; i < size; i++) {
        c = data[i] >= 0x80 ? command_row(views, data[i] - 0x80) : NULL;
        text_add(out, "%s%s", c ? "\n" : i ? " " : "", c ? c->name : words[data[i] % 32]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char settings[SETTINGS];
    Error err = {0};
    Text text = text_over(settings, sizeof settings);
    if (size && data[0] >= 0x80)
        pick_words(data + 1, size - 1, &text);
    else
        text_put(&text, (const char *)data, size);
    if (!harmless(settings))
        return 0;
    AppOptions options = {.settings = settings, .settings_file = "config"};
    App *app = app_new(&options, &err);
    fuzz_events++;
    if (app)
        press_all(app);
    else if (!err.message[0] || !err.file[0])
        fault("refused without a word", settings);
    else if (strcmp(err.file, "config") == 0 && (err.line < 1 || err.column < 1))
        fault("refused without a place", settings);
    app_free(app);
    return 0;
}
