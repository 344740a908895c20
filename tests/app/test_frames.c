/* SPDX-License-Identifier: MIT
 * test_frames: screens as they look. Each tests/app/NAME.frame is a script, a line of dashes, and
 * the screen it leads to:
 *
 *     # what is shown, and why it matters
 *     size 80x24
 *     ascii               as on a terminal that shows nothing else
 *     roles               the colours too, as a second picture (letters: see role_letters)
 *     line pair 1         a command line
 *     key esc             a key by its name
 *     type :sc            keys by their characters
 *     frames 60           play so many 60ths of a second
 *     play                play to the end
 *     ----
 *
 * A screen that was meant to change is taken over by `make accept`. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>

#include "app/drive.h"

#define FOLDER "tests/app/"
#define RULE "----\n"
enum { FRAMES_MOST = 64, NAME_MOST = 64, FILE_MOST = 1 << 16 };

typedef struct Script {
    int cols, rows;
    bool ascii, roles;
} Script;

/* --- scripts --- */

static uint32_t key_named(const char *name)
{
    char known[16];
    for (uint32_t key = KEYCODE_UP; key <= KEYCODE_DELETE; key++) {
        key_name(key, known);
        if (strcmp(known, name) == 0)
            return key;
    }
    static const uint32_t others[] = {KEYCODE_ENTER, KEYCODE_TAB, KEYCODE_ESCAPE, ' '};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        key_name(others[i], known);
        if (strcmp(known, name) == 0)
            return others[i];
    }
    fail_msg("no key is called '%s'", name);
    return 0;
}

static void run_frames(Drive *d, long count)
{
    drive_wait(d);
    for (long i = 0; i < count; i++)
        app_advance(d->app, 1.0 / 60);
}

static void set_up(Drive *d, Script *s, const char *word, const char *rest)
{
    if (strcmp(word, "size") == 0 && sscanf(rest, "%dx%d", &s->cols, &s->rows) == 2)
        drive_resize(d, s->cols, s->rows);
    else if (strcmp(word, "ascii") == 0)
        app_ascii(d->app);
    else if (strcmp(word, "roles") == 0)
        s->roles = true;
    else
        fail_msg("what is '%s %s'?", word, rest);
}

static void run_step(Drive *d, Script *s, char *line)
{
    Error err = {0};
    char *rest = strchr(line, ' ');
    if (rest)
        *rest++ = '\0';
    rest = rest ? rest : line + strlen(line);
    if (strcmp(line, "line") == 0) {
        if (!app_command(d->app, rest, &err))
            fail_msg("%s: %s", rest, err.message);
    } else if (strcmp(line, "key") == 0) {
        drive_key(d, key_named(rest));
    } else if (strcmp(line, "type") == 0) {
        drive_keys(d, rest);
    } else if (strcmp(line, "frames") == 0) {
        run_frames(d, atol(rest));
    } else if (strcmp(line, "play") == 0) {
        drive_play_out(d);
    } else {
        set_up(d, s, line, rest);
    }
}

static void run_script(Drive *d, const char *script, Script *s)
{
    char *copy = strdup(script);
    for (char *line = strtok(copy, "\n"); line; line = strtok(NULL, "\n"))
        if (line[0] != '#')
            run_step(d, s, line);
    free(copy);
    drive_wait(d);
    drive_draw(d);
}

/* --- colours --- */

static const struct {
    Role role;
    char letter;
} role_letters[] = {{ROLE_TEXT, 't'},  {ROLE_DIM, 'd'},   {ROLE_TITLE, 'T'}, {ROLE_ACCENT, 'a'},
                    {ROLE_GOOD, 'g'},  {ROLE_BAD, 'b'},   {ROLE_ETA, 'e'},   {ROLE_ETA_PLAN, 'E'},
                    {ROLE_LIMIT, 'l'}, {ROLE_LOSS, 'o'},  {ROLE_LOSS_PLAN, 'O'}, {ROLE_PATH_OLD, 'p'},
                    {ROLE_HEAD, 'h'},  {ROLE_FRAME, '-'}, {ROLE_CHOSEN, 'c'}};

static char letter_of(const App *a, const Cell *cell)
{
    if (cell->glyph == ' ')
        return ' ';
    for (size_t i = 0; i < sizeof role_letters / sizeof role_letters[0]; i++)
        if (a->look->paint.role[role_letters[i].role] == cell->fg)
            return role_letters[i].letter;
    return '.'; /* the map, or something mixed */
}

static char *picture(Drive *d, bool roles)
{
    char *text = drive_text(&d->canvas);
    if (!roles)
        return text;
    Canvas letters = {0};
    drive_copy(&d->canvas, &letters);
    for (int i = 0; i < letters.cols * letters.rows; i++)
        letters.cell[i].glyph = (uint32_t)(unsigned char)letter_of(d->app, &d->canvas.cell[i]);
    char *below = drive_text(&letters);
    size_t size = strlen(text) + strlen(RULE) + strlen(below) + 1;
    char *both = malloc(size);
    snprintf(both, size, "%s" RULE "%s", text, below);
    canvas_release(&letters);
    free(text);
    free(below);
    return both;
}

/* --- comparing --- */

static void print_difference(const char *name, const char *want, const char *got)
{
    int row = 0;
    print_message("%s: - expected, + shown\n", name);
    while (*want || *got) {
        int w = (int)strcspn(want, "\n");
        int g = (int)strcspn(got, "\n");
        if (w != g || strncmp(want, got, (size_t)w) != 0)
            print_message("%3d - %.*s\n%3d + %.*s\n", row, w, want, row, g, got);
        want += w + (want[w] == '\n');
        got += g + (got[g] == '\n');
        row++;
    }
    print_message("if this is how it should look: make accept\n");
}

static void accept_frame(const char *path, const char *script, const char *got)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fprintf(f, "%s" RULE "%s", script, got);
    fclose(f);
    print_message("accepted %s\n", path);
}

static void frame_looks_as_expected(void **state)
{
    static char text[FILE_MOST];
    char path[sizeof FOLDER + NAME_MOST];
    Script s = {80, 24, false, false};
    snprintf(path, sizeof path, FOLDER "%s", (const char *)*state);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    char *rule = strstr(text, RULE);
    const char *want = rule ? rule + strlen(RULE) : "";
    char *script = rule ? strndup(text, (size_t)(rule - text)) : strdup(text);
    Drive d = drive_open(s.cols, s.rows);
    run_script(&d, script, &s);
    char *got = picture(&d, s.roles);
    bool same = strcmp(want, got) == 0;
    if (!same && getenv("ACCEPT"))
        accept_frame(path, script, got);
    else if (!same)
        print_difference(*state, want, got);
    drive_close(&d);
    free(script);
    free(got);
    if (!same && !getenv("ACCEPT"))
        fail();
}

/* --- one test a file --- */

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

static int find_frames(char name[FRAMES_MOST][NAME_MOST])
{
    int count = 0;
    DIR *folder = opendir(FOLDER);
    for (struct dirent *e; folder && (e = readdir(folder)) && count < FRAMES_MOST;) {
        size_t length = strlen(e->d_name);
        if (length > 6 && length < NAME_MOST && strcmp(e->d_name + length - 6, ".frame") == 0)
            memcpy(name[count++], e->d_name, length + 1);
    }
    if (folder)
        closedir(folder);
    qsort(name, (size_t)count, sizeof name[0], by_name);
    return count;
}

int main(void)
{
    static char name[FRAMES_MOST][NAME_MOST];
    static struct CMUnitTest tests[FRAMES_MOST];
    setenv("XDG_STATE_HOME", "/nonexistent", 1); /* lessons begin at their first step */
    int count = find_frames(name);
    for (int i = 0; i < count; i++)
        tests[i] = (struct CMUnitTest){name[i], frame_looks_as_expected, NULL, NULL, name[i]};
    if (count == 0)
        print_message("no frames: run from the repository's root\n");
    return count == 0 || _cmocka_run_group_tests("frames", tests, (size_t)count, NULL, NULL) != 0;
}
