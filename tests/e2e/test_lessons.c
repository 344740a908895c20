/* SPDX-License-Identifier: MIT
 * test_lessons: lessons on a pseudo-terminal, by keys alone, and what is kept of them: two terminals,
 * SIGKILL, a full disk. The clock is virtual: a run of ten seconds takes as long as its frames. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#endif

#include "e2e/vt.h"

#ifndef ETASCOPE
#define ETASCOPE "build/release/etascope"
#endif

#define ARGV(...) ((const char *const[]){program, "--marker", "--clock=virtual", __VA_ARGS__, NULL})
#define RIGHT "\033[C"
#define UP "\033[A"
#define DOWN "\033[B"
#define ESCAPE "\033"

enum { FILE_TEXT = 1 << 16, PATH = 256 };

static const char *program = ETASCOPE;
static char folder[PATH];       /* of this test */
static char state_home[PATH];   /* XDG_STATE_HOME=folder/state */
static const char *env[] = {"TERM=xterm-256color", "LC_ALL=C.UTF-8", state_home, "HOME=/nonexistent", NULL};

/* --- a folder for every test ----------------------------------------------------------------------- */

static int make_folder(void **state)
{
    (void)state;
    const char *tmp = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%.200s/etascope-lessons-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (!mkdtemp(folder))
        return -1;
    snprintf(state_home, sizeof state_home, "XDG_STATE_HOME=%.200s/state", folder);
    return 0;
}

static int remove_folder(void **state)
{
    char line[PATH + 16];
    (void)state;
    snprintf(line, sizeof line, "rm -rf '%s'", folder);
    return system(line) == 0 ? 0 : -1;
}

static const char *path_in(const char *name)
{
    static char path[2 * PATH];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* The progress as it is on the disk; "": no file. */
static const char *progress(void)
{
    static char text[FILE_TEXT];
    FILE *f = fopen(path_in("state/etascope/progress"), "rb");
    size_t size = f ? fread(text, 1, sizeof text - 1, f) : 0;
    text[size] = '\0';
    if (f)
        fclose(f);
    return text;
}

/* Steps of a lesson that are done; NULL: of all. */
static int steps_kept(const char *lesson)
{
    int n = 0;
    for (const char *at = progress(); *at; at += strcspn(at, "\n"), at += *at == '\n') {
        size_t length = strcspn(at, " \n");
        char line[400];
        snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\n"), at);
        if (*at != '#' && strstr(line, " done") &&
            (!lesson || (strlen(lesson) == length && strncmp(at, lesson, length) == 0)))
            n++;
    }
    return n;
}

static bool anything_in_the_folder(void)
{
    struct stat st;
    return stat(path_in("state"), &st) == 0;
}

/* --- steps of a test; each failure shows the screen ---------------------------------------------------- */

static void lose(const Vt *v, const char *what)
{
    vt_print(v);
    fail_msg("%s", what);
}

static void start_sized(Vt *v, const char *const *argv, int cols, int rows)
{
    assert_true(vt_start(v, &(VtSpawn){.argv = argv, .env = env, .cols = cols, .rows = rows}));
    if (!vt_wait_frame(v, 1))
        lose(v, vt_error(v));
}

static void start(Vt *v, const char *const *argv)
{
    start_sized(v, argv, 80, 24);
}

static void expect(Vt *v, const char *text)
{
    if (vt_wait_text(v, text))
        return;
    print_error("not on the screen: \"%s\"\n", text);
    lose(v, text);
}

static void press(Vt *v, const char *bytes)
{
    long key = v->key + 1;
    vt_send(v, bytes);
    if (!vt_wait_key(v, key))
        lose(v, "no frame answers the key");
}

static void type(Vt *v, const char *text)
{
    long key = v->key + (long)strlen(text);
    vt_send(v, text);
    if (!vt_wait_key(v, key))
        lose(v, "no frame answers what was typed");
}

static void expect_exit(Vt *v, int status)
{
    assert_true(vt_wait_end(v));
    const char *said = vt_error(v);
    if (!WIFEXITED(v->status) || WEXITSTATUS(v->status) != status)
        fail_msg("status %X, not %d: %s", (unsigned)v->status, status, said);
    assert_true(vt_modes_restored(v));
    vt_stop(v);
}

static void quit(Vt *v)
{
    vt_send(v, "q");
    expect_exit(v, 0);
}

static void kill_now(Vt *v)
{
    kill(v->pid, SIGKILL);
    assert_true(vt_wait_end(v));
    vt_stop(v);
}

/* --- lessons as keys ------------------------------------------------------------------------------- */

/* One step: what its screen says, the keys, what the end of it says. */
typedef struct StepKeys {
    const char *title;
    const char *keys;   /* "→" stands for the key, the rest is typed */
    const char *end;    /* "": nothing to wait for */
} StepKeys;

static const StepKeys one_step[] = {
    {"The ball and the valley", "", ""},
    {"The rule", "", ""},
    {"Five steps", "→→→→→", "Five steps: x crept"},
    {"Which way next?", "1\r", "Yes. The gradient"},
    {"Arrive in time", ":eta0=0.08\r", "Done."},
    {"Where the gradient comes from", "", "Then it finds"},
    {"What does η multiply?", "1\r", "Right: step = "},
    {NULL, NULL, NULL},
};

static const StepKeys too_low[] = {
    {"From lesson 1", "1\r", "Right: step = "},
    {"How far in 100 steps?", "3\r", "Yes: steadily"},
    {"Ten times the steps", "", "It does arrive"},
    {"Speed it up by keys alone", ":eta0=0.063\r", "Done."},
    {"Flat ground", "2\r", "Yes. The slope"},
    {"Slow or stuck?", "1\r", "Right. A higher"},
    {NULL, NULL, NULL},
};

static void play_step(Vt *v, const StepKeys *s)
{
    expect(v, s->title);
    for (const char *at = s->keys; *at;) {
        size_t arrow = strlen("→");
        if (strncmp(at, "→", arrow) == 0) {
            press(v, RIGHT);
            at += arrow;
        } else {
            char one[2] = {*at++, '\0'};
            type(v, one);
        }
    }
    if (s->end[0])
        expect(v, s->end);
    press(v, "\r");
}

static int play_lesson(Vt *v, const StepKeys *s)
{
    int n = 0;
    for (; s[n].title; n++)
        play_step(v, &s[n]);
    expect(v, "End of lesson");
    expect(v, "3 of 3 stars");
    return n;
}

/* --- the course ------------------------------------------------------------------------------------ */

static void a_lesson_by_keys_is_kept(void **state)
{
    (void)state;
    Vt v;
    start(&v, ARGV("--paused"));
    press(&v, "l");
    expect(&v, "lessons");
    expect(&v, "☆☆☆  0 of 7 steps");
    press(&v, "\r");
    int steps = play_lesson(&v, one_step);
    assert_int_equal(steps_kept("one-step"), steps);
    press(&v, "\r");
    expect(&v, "★★★  7 of 7 steps");
    press(&v, ESCAPE);
    quit(&v);
    assert_int_equal(steps_kept(NULL), steps);
    /* the next day */
    start(&v, ARGV("learn"));
    expect(&v, "★★★  7 of 7 steps");
    press(&v, DOWN);
    press(&v, "\r");
    expect(&v, too_low[0].title);
    quit(&v);
    assert_int_equal(steps_kept(NULL), steps);
}

/* A lesson goes on where it was left. */
static void it_goes_on_where_it_was_left(void **state)
{
    (void)state;
    Vt v;
    start(&v, ARGV("learn", "1"));
    play_step(&v, &one_step[0]);
    play_step(&v, &one_step[1]);
    expect(&v, one_step[2].title);
    quit(&v);
    start(&v, ARGV("learn", "one-step"));
    expect(&v, one_step[2].title);
    expect(&v, "3/7");
    quit(&v);
}

static void two_terminals_lose_nothing(void **state)
{
    (void)state;
    Vt v[2];
    const StepKeys *lesson[2] = {one_step, too_low};
    start(&v[0], ARGV("learn", "1"));
    start(&v[1], ARGV("learn", "2"));
    for (int k = 0; k < 7; k++)
        for (int i = 0; i < 2; i++)
            if (k < 6 || i == 0)
                play_step(&v[i], &lesson[i][k]);
    for (int i = 0; i < 2; i++)
        expect(&v[i], "3 of 3 stars");
    assert_int_equal(steps_kept("one-step"), 7);
    assert_int_equal(steps_kept("too-low"), 6);
    quit(&v[0]);
    quit(&v[1]);
    assert_int_equal(steps_kept(NULL), 13);
}

static void sigkill_loses_no_finished_step(void **state)
{
    (void)state;
    for (int k = 0; k < 7; k++) {
        Vt v;
        char place[16];
        start(&v, ARGV("learn", "1"));
        snprintf(place, sizeof place, "%d/7", k + 1);
        expect(&v, place);
        expect(&v, one_step[k].title);
        play_step(&v, &one_step[k]);
        kill_now(&v);
        assert_int_equal(steps_kept("one-step"), k + 1);
    }
    /* and one killed while it is written: what is on the disk stays whole */
    for (int k = 0; k < 6; k++) {
        Vt v;
        start(&v, ARGV("learn", "2"));
        expect(&v, too_low[k].title);
        play_step(&v, &too_low[k]);
        vt_send(&v, "b\rb\r");
        kill_now(&v);
        assert_int_equal(steps_kept("one-step"), 7);
        assert_int_equal(steps_kept("too-low"), k + 1);
    }
}

/* --- no room --------------------------------------------------------------------------------------- */

static void finish_two_without_room(Vt *v)
{
    play_step(v, &one_step[0]);
    expect(v, "not saved yet");
    play_step(v, &one_step[1]);
    expect(v, "not saved yet");
    assert_int_equal(steps_kept(NULL), 0);
}

/* Room is back: the next finished step takes the others along. */
static void finish_with_room(Vt *v)
{
    play_step(v, &one_step[2]);
    expect(v, one_step[3].title);
    if (vt_shows(v, "not saved yet"))
        lose(v, "still not saved");
    assert_int_equal(steps_kept("one-step"), 3);
    quit(v);
    start(v, ARGV("learn"));
    expect(v, "3 of 7 steps");
    press(v, ESCAPE);
    quit(v);
}

static void a_file_where_the_folder_should_be(void **state)
{
    (void)state;
    Vt v;
    mkdir(path_in("state"), 0700);
    FILE *f = fopen(path_in("state/etascope"), "w");
    assert_non_null(f);
    fclose(f);
    start(&v, ARGV("learn", "1"));
    play_step(&v, &one_step[0]);
    expect(&v, "not ");
    play_step(&v, &one_step[1]);
    expect(&v, one_step[2].title);
    quit(&v);
}

#ifdef __linux__

/* Files may not grow: like a full disk, and it can be taken back from a running program. */
static void no_room_warns_and_saves_later(void **state)
{
    (void)state;
    Vt v;
    struct rlimit before, none;
    getrlimit(RLIMIT_FSIZE, &before);
    none = (struct rlimit){0, before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &none);
    bool ok = vt_start(&v, &(VtSpawn){.argv = ARGV("learn", "1"), .env = env, .cols = 80, .rows = 24});
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, SIG_DFL);
    assert_true(ok);
    assert_true(vt_wait_frame(&v, 1));
    finish_two_without_room(&v);
    if (syscall(SYS_prlimit64, v.pid, RLIMIT_FSIZE, &(struct { unsigned long long a, b; }){~0ull, ~0ull}, NULL) != 0)
        fail_msg("the limit stays");
    finish_with_room(&v);
}

/* A disk that is really full, where one may mount. */
static void a_full_disk_warns_and_saves_later(void **state)
{
    (void)state;
    Vt v;
    mkdir(path_in("state"), 0700);
    if (syscall(SYS_unshare, 0x00020000 /* CLONE_NEWNS */) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("etascope", path_in("state"), "tmpfs", 0, "size=16k") != 0)
        skip();
    char filler[8192] = {1};
    mkdir(path_in("state/etascope"), 0700);
    FILE *f = fopen(path_in("state/filler"), "wb");
    assert_non_null(f);
    for (int i = 0; i < 10 && fwrite(filler, 1, sizeof filler, f) == sizeof filler && fflush(f) == 0; i++)
        ;
    fclose(f);
    start(&v, ARGV("learn", "1"));
    finish_two_without_room(&v);
    unlink(path_in("state/filler"));
    finish_with_room(&v);
    umount(path_in("state"));
}

#endif

static void no_save_writes_nothing(void **state)
{
    (void)state;
    Vt v;
    start(&v, ARGV("learn", "1", "--no-save"));
    play_step(&v, &one_step[0]);
    play_step(&v, &one_step[1]);
    expect(&v, one_step[2].title);
    if (vt_shows(&v, "not saved"))
        lose(&v, "a warning without need");
    quit(&v);
    assert_false(anything_in_the_folder());
}

/* --- the command line ------------------------------------------------------------------------------- */

static void write_file(const char *name, const char *text)
{
    FILE *f = fopen(path_in(name), "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static const char small_lesson[] =
    "# One of my own\n@lesson id=my-own minutes=1\n\nWhat it is about.\n\n"
    "## read  First\n@id first\n@show A2\nThe first screen of it.\n\n"
    "## explain  Last\n@id last\n@ask Is it?\n- [x] It is.\n    Right so.\n- [ ] No.  @false loss < 0\n    It is.\n- [?] Hm.\n    Look.\n@show A2\n";

static void learn_opens_what_is_asked(void **state)
{
    (void)state;
    static const struct {
        const char *word, *shows;
    } rows[] = {{"3", "3 Too high, four looks"}, {"too-high", "3 Too high, four looks"}, {"12", "12 Choosing"}};
    Vt v;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        start_sized(&v, ARGV("learn", rows[i].word), 100, 30);
        expect(&v, rows[i].shows);
        quit(&v);
    }
    write_file("my.lesson", small_lesson);
    start(&v, ARGV("learn", path_in("my.lesson")));
    expect(&v, "One of my own");
    expect(&v, "The first screen of it.");
    press(&v, "\r");
    expect(&v, "Is it?");
    type(&v, "1\r");
    expect(&v, "Right so.");
    press(&v, "\r");
    expect(&v, "2 of 2 steps done");
    quit(&v);
    assert_int_equal(steps_kept("my-own"), 2);
}

/* Runs the program without a terminal; what it said is in `said`. */
static char said[FILE_TEXT];

static int run(const char *arguments)
{
    char line[PATH * 6];
    snprintf(line, sizeof line, "XDG_STATE_HOME='%s/state' %s %s </dev/null >'%s/out' 2>&1", folder, program, arguments,
             folder);
    int status = system(line);
    FILE *f = fopen(path_in("out"), "rb");
    size_t size = f ? fread(said, 1, sizeof said - 1, f) : 0;
    said[size] = '\0';
    if (f)
        fclose(f);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void expect_run(const char *arguments, int status, const char *words)
{
    int got = run(arguments);
    if (got != status || !strstr(said, words))
        fail_msg("%s: status %d, not %d, or without '%s': %s", arguments, got, status, words, said);
}

/* With a terminal: exit 2, a sentence on standard error, the screen as it was. */
static void expect_refused(const char *word, const char *words)
{
    Vt v;
    assert_true(vt_start(&v, &(VtSpawn){.argv = ARGV("learn", word), .env = env, .cols = 80, .rows = 24}));
    assert_true(vt_wait_end(&v));
    const char *error = vt_error(&v);
    if (!WIFEXITED(v.status) || WEXITSTATUS(v.status) != 2 || !strstr(error, words))
        fail_msg("learn %s: status %X, without '%s': %s", word, (unsigned)v.status, words, error);
    vt_stop(&v);
}

static void bad_lessons_are_refused(void **state)
{
    (void)state;
    expect_refused("too-hihg", "unknown lesson 'too-hihg' (did you mean 'too-high'?)");
    expect_refused("13", "unknown lesson '13'");
    expect_refused("nowhere/none.lesson", "nowhere/none.lesson: No such file");
    write_file("bad.lesson", "# Bad\n@lesson id=bad minutes=1\n\n## read  One\n@shw A1\nText.\n");
    expect_refused(path_in("bad.lesson"), "bad.lesson:5:2: unknown directive '@shw' (did you mean 'show'?)");
    write_file("scene.lesson", "# Bad\n@lesson id=bad minutes=1\n\n## watch  One\n@run A111\n@at end: Over.\n");
    expect_refused(path_in("scene.lesson"), "scene.lesson:5:6: ");
    write_file("empty.lesson", "");
    expect_refused(path_in("empty.lesson"), "empty.lesson:1:1: ");
    mkdir(path_in("x.lesson"), 0700);
    expect_refused(path_in("x.lesson"), "is a directory");
    assert_false(anything_in_the_folder());
}

static double clock_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void check_proves_the_course(void **state)
{
    (void)state;
    double begin = clock_now();
    expect_run("check", 0, "0 errors");
    print_message("etascope check: %.1f s\n", clock_now() - begin);
    assert_false(anything_in_the_folder());
    write_file("bad.lesson", "# Bad\n@lesson id=bad minutes=1\n\n## read  One\n@shw A1\nText.\n");
    char line[PATH * 2];
    snprintf(line, sizeof line, "check '%s'", path_in("bad.lesson"));
    expect_run(line, 2, "bad.lesson:5:2: ");
}

static void check_judges_homework(void **state)
{
    (void)state;
    expect_run("check --run B4 --goal 'loss<0.01 by 80'", 0, "the goal is met");
    expect_run("check --run B1 --goal 'loss<0.01 by 80'", 1, "the goal is not met");
    expect_run("check --run 'surface=bowl20 start=-4,1 eta0=0.08 steps=100' --goal 'loss<0.01 by 60'", 0, "the goal is met");
    expect_run("check --run 'surface=bowl20 eta0=-1' --goal 'loss<0.01'", 2, "--run:1:");
    expect_run("check --run B4 --goal 'los<0.01'", 2, "did you mean 'loss'?");
    expect_run("check --run B4 --goal ''", 2, "--goal");
    expect_run("check --run B4", 2, "belong together");
    expect_run("check nowhere.lesson", 2, "nowhere.lesson");
}

/* --- looks ------------------------------------------------------------------------------------------ */

/* Every kind of step, without colours and without signs. */
static void mono_and_ascii_say_everything(void **state)
{
    (void)state;
    static const char *const looks[] = {"--theme=mono", "--color=mono", "--ascii"};
    for (size_t i = 0; i < 3; i++) {
        Vt v;
        bool ascii = i == 2;
        start(&v, ARGV("learn", "3", "--no-save", looks[i]));
        expect(&v, "From lesson 2");
        expect(&v, "1 Only that it moves little:");
        expect(&v, "4 Nothing is wrong: low rates");
        type(&v, "2");
        expect(&v, ascii ? ">2" : "▸2"); /* the choice has a sign of its own */
        press(&v, "\r");
        expect(&v, "N3 stands still far above");
        type(&v, "kk"); /* answered: on; then over the prediction */
        expect(&v, "Exactly at the limit");
        expect(&v, "It swung 100 times.");
        type(&v, "kkk");
        expect(&v, "Find the limit");
        expect(&v, "loss < start");
        expect(&v, "eta0 <= 0.102");
        expect(&v, "free: eta0;");
        expect(&v, "within: eta0 <= 1");
        type(&v, "k");
        expect(&v, "flipy >= 30");
        type(&v, ":eta0=0.08\r");
        expect(&v, "Done.");
        if (ascii)
            assert_int_equal(v.high, 0);
        quit(&v);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_lesson_by_keys_is_kept, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(it_goes_on_where_it_was_left, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(two_terminals_lose_nothing, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(sigkill_loses_no_finished_step, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_file_where_the_folder_should_be, make_folder, remove_folder),
#ifdef __linux__
        cmocka_unit_test_setup_teardown(no_room_warns_and_saves_later, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_full_disk_warns_and_saves_later, make_folder, remove_folder),
#endif
        cmocka_unit_test_setup_teardown(no_save_writes_nothing, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(learn_opens_what_is_asked, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(bad_lessons_are_refused, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(check_proves_the_course, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(check_judges_homework, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(mono_and_ascii_say_everything, make_folder, remove_folder),
    };
    if (getenv("ETASCOPE"))
        program = getenv("ETASCOPE");
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
