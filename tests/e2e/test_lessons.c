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

#include "e2e/steps.h"
#include "teach/course.h"
#include "teach/setup.h"
#include "needs.h"

#ifndef ETASCOPE
#define ETASCOPE "build/release/etascope"
#endif

#define ARGV(...) ((const char *const[]){program, __VA_ARGS__, "--marker", "--clock=virtual", NULL})
#define RIGHT "\033[C"
#define END "\033[F"
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

/* --- a learner who knows the course -------------------------------------------------------------------- */

static Course course;

static const Step *question_of(const Step *s)
{
    const Lesson *other;
    return s->kind->reviews ? course_step(&course, s->from.text, &other) : s;
}

static const Lesson *lesson_called(const char *id)
{
    int i = course_find(&course, id, strlen(id));
    assert_true(i >= 0);
    return course.lesson[i];
}

/* The step's title is on the screen, as much of it as surely stands in one row. */
static void expect_step(Vt *v, const Lesson *l, int step)
{
    char title[28];
    snprintf(title, sizeof title, "%s", l->step[step].title);
    if (l->step[step].kind->reviews) { /* it may ask what is due instead */
        snprintf(title, sizeof title, " %d/%d ", step + 1, l->steps);
        expect(v, title);
        return;
    }
    if (strlen(l->step[step].title) >= sizeof title)
        *strrchr(title, ' ') = '\0';
    expect(v, title);
}

static void type_line(Vt *v, const char *line, size_t length)
{
    char text[400];
    snprintf(text, sizeof text, ":%.*s\r", (int)length, line);
    type(v, text);
}

/* Settings as they stand in the lesson file, each run to its end. */
static void try_settings(Vt *v, const char *settings)
{
    const char *run;
    size_t length;
    while (setup_next_run(&settings, &run, &length)) {
        type_line(v, run, length);
        press(v, END);
    }
}

/* The i-th answer of a kind ('x' right, ' ' wrong); -1: there is none. */
static int answer_of(const Step *q, char mark)
{
    for (int i = 0; i < q->answers; i++)
        if (q->answer[i].mark == mark)
            return i;
    return -1;
}

static void give_answer(Vt *v, const Step *q, bool right)
{
    char text[60];
    if (vt_shows(v, "type the number")) { /* a review may ask what is due instead */
        press(v, "1");
        press(v, "\025");
        snprintf(text, sizeof text, "lesson number %.6g\r", right ? q->number_value : q->number_value + 1);
        type(v, text);
        return;
    }
    snprintf(text, sizeof text, "%d", answer_of(q, right ? 'x' : ' ') + 1);
    type(v, text);
    press(v, "\r");
}

/* What comes before the right answer: a wrong one, a failed try, all three hints. */
static void go_wrong(Vt *v, const Step *s)
{
    if (s->kind->asks && !s->kind->predicts) {
        give_answer(v, question_of(s), false);
        expect(v, s->number.text ? "Not quite." : "choose ");
    }
    if (s->kind->doing) {
        press(v, END); /* untouched */
        expect(v, "Not yet:");
        try_settings(v, s->fails[0].text);
        for (int i = 0; i <= s->hints; i++)
            press(v, "h");
        expect(v, "The worked solution:");
        press(v, END);
        press(v, "\r");
    }
}

/* From the step's first screen to the next step's. */
static void play_step(Vt *v, const Lesson *l, int step, bool wrong)
{
    const Step *s = &l->step[step];
    bool once = s->kind->predicts || s->kind->reviews;
    expect_step(v, l, step);
    if (wrong)
        go_wrong(v, s);
    if (s->kind->doing) {
        try_settings(v, s->solution[0].text);
        expect(v, "Done.");
    }
    if (s->kind->begins == PHASE_ASK)
        give_answer(v, question_of(s), !(wrong && once));
    if (s->kind->begins == PHASE_RUN || s->kind->predicts)
        press(v, END);
    expect(v, "Enter next");
    press(v, "\r");
    if (step + 1 < l->steps)
        expect_step(v, l, step + 1);
    else
        expect(v, "End of lesson");
}

static void play_lesson(Vt *v, const Lesson *l, bool wrong)
{
    for (int i = 0; i < l->steps; i++)
        play_step(v, l, i, wrong);
}

/* --- the course ------------------------------------------------------------------------------------ */

static void a_lesson_by_keys_is_kept(void **state)
{
    (void)state;
    Vt v;
    const Lesson *l = course.lesson[0];
    char line[40];
    start(&v, ARGV("--paused"));
    press(&v, "l");
    expect(&v, "lessons");
    snprintf(line, sizeof line, "☆☆☆  0 of %d steps", l->steps);
    expect(&v, line);
    press(&v, "\r");
    play_lesson(&v, l, false);
    assert_int_equal(steps_kept(l->id), l->steps);
    press(&v, "l");
    snprintf(line, sizeof line, "★★★  %d of %d steps", l->steps, l->steps);
    expect(&v, line);
    press(&v, ESCAPE);
    quit(&v);
    assert_int_equal(steps_kept(NULL), l->steps);
    /* the next day */
    start(&v, ARGV("learn"));
    expect(&v, line);
    press(&v, "\r"); /* the list stands at the next */
    expect_step(&v, course.lesson[1], 0);
    quit(&v);
    assert_int_equal(steps_kept(NULL), l->steps);
}

/* The whole course, from the list: once with right answers, once with wrong ones first. */
static void the_whole_course(bool wrong)
{
    Vt v;
    int steps = 0;
    start_sized(&v, ARGV("learn"), 80, 24);
    for (int i = 0; i < course.count && !course.lesson[i]->demo; i++) {
        char line[40];
        const Lesson *l = course.lesson[i];
        press(&v, "\r"); /* the list stands at the next */
        play_lesson(&v, l, wrong);
        steps += l->steps;
        press(&v, "l");
        snprintf(line, sizeof line, "%s  %d of %d steps", wrong ? "★☆☆" : "★★★", l->steps, l->steps);
        expect(&v, line);
    }
    press(&v, ESCAPE);
    quit(&v);
    assert_int_equal(steps_kept(NULL), steps);
}

static void the_course_with_right_answers(void **state)
{
    (void)state;
    the_whole_course(false);
}

static void the_course_with_wrong_answers(void **state)
{
    (void)state;
    the_whole_course(true);
}

/* A lesson goes on where it was left. */
static void it_goes_on_where_it_was_left(void **state)
{
    (void)state;
    Vt v;
    const Lesson *l = course.lesson[0];
    start(&v, ARGV("learn", "1"));
    play_step(&v, l, 0, false);
    play_step(&v, l, 1, false);
    quit(&v);
    start(&v, ARGV("learn", l->id));
    expect_step(&v, l, 2);
    quit(&v);
}

static void two_terminals_lose_nothing(void **state)
{
    (void)state;
    Vt v[2];
    const Lesson *l[2] = {course.lesson[0], course.lesson[1]};
    start(&v[0], ARGV("learn", "1"));
    start(&v[1], ARGV("learn", "2"));
    for (int k = 0; k < l[0]->steps || k < l[1]->steps; k++)
        for (int i = 0; i < 2; i++)
            if (k < l[i]->steps)
                play_step(&v[i], l[i], k, false);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(steps_kept(l[i]->id), l[i]->steps);
        quit(&v[i]);
    }
    assert_int_equal(steps_kept(NULL), l[0]->steps + l[1]->steps);
}

static void sigkill_loses_no_finished_step(void **state)
{
    (void)state;
    for (int i = 0; i < course.count && !course.lesson[i]->demo; i++)
        for (int k = 0; k < course.lesson[i]->steps; k++) {
            Vt v;
            const Lesson *l = course.lesson[i];
            start(&v, ARGV("learn", l->id));
            play_step(&v, l, k, false); /* it opens at the first step that is not done */
            kill_now(&v);
            assert_int_equal(steps_kept(l->id), k + 1);
        }
    /* and killed while it writes: what is on the disk stays whole */
    int before = steps_kept(NULL);
    for (int k = 0; k < 10; k++) {
        Vt v;
        start(&v, ARGV("learn", "1"));
        expect_step(&v, course.lesson[0], 0);
        vt_send(&v, "\rb\rb\rb\rb\rb\rb\rb\rb\r");
        vt_pump(&v, 0.001 * k);
        kill_now(&v);
        assert_int_equal(steps_kept(NULL), before);
    }
}

/* --- no room --------------------------------------------------------------------------------------- */

static void finish_two_without_room(Vt *v)
{
    play_step(v, course.lesson[0], 0, false);
    expect(v, "not saved yet");
    play_step(v, course.lesson[0], 1, false);
    expect(v, "not saved yet");
    assert_int_equal(steps_kept(NULL), 0);
}

/* Room is back: the next finished step takes the others along. */
static void finish_with_room(Vt *v)
{
    play_step(v, course.lesson[0], 2, false);
    expect_step(v, course.lesson[0], 3);
    if (vt_shows(v, "not saved yet"))
        lose(v, "still not saved");
    assert_int_equal(steps_kept(NULL), 3);
    quit(v);
    start(v, ARGV("learn"));
    expect(v, "3 of ");
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
    play_step(&v, course.lesson[0], 0, false);
    expect(&v, "not ");
    play_step(&v, course.lesson[0], 1, false);
    expect_step(&v, course.lesson[0], 2);
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
    bool mounted = syscall(SYS_unshare, 0x00020000 /* CLONE_NEWNS */) == 0 &&
                   mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
                   mount("etascope", path_in("state"), "tmpfs", 0, "size=16k") == 0;
    if (!need("mount", mounted))
        return;
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
    play_step(&v, course.lesson[0], 0, false);
    play_step(&v, course.lesson[0], 1, false);
    expect_step(&v, course.lesson[0], 2);
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
    expect(&v, "2 of 2 steps");
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
    char line[PATH * 3];
    snprintf(line, sizeof line, "check '%s'", path_in("bad.lesson"));
    expect_run(line, 2, "bad.lesson:5:2: ");
}

/* A whole shelf of lessons in one call; what cannot be read begins nothing. */
static void check_takes_any_number_of_files(void **state)
{
    (void)state;
    char line[PATH * 3];
    expect_run("check lessons/*.lesson", 0, "0 errors");
    for (int i = 0; i < 70; i++) {
        char name[40];
        char text[100];
        snprintf(name, sizeof name, "shelf-%d.lesson", i);
        snprintf(text, sizeof text, "# Shelf\n@lesson id=shelf-%d minutes=1\n\n## read  One\nText.\n", i);
        write_file(name, text);
    }
    snprintf(line, sizeof line, "check %s*.lesson", path_in("shelf-"));
    expect_run(line, 0, "shelf-69.lesson: proved");
    expect_run("check /nonexistent lessons/01-one-step.lesson", 2, "/nonexistent: error: No such file");
    snprintf(line, sizeof line, "%s check /nonexistent lessons/01-one-step.lesson 2>/dev/null", program);
    FILE *out = popen(line, "r");
    assert_non_null(out);
    assert_int_equal(fgetc(out), EOF); /* the count is no data */
    pclose(out);
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
    /* whatever a learner may hand in, one line each, with the verdict */
    expect_run("check --run B4 --goal 'loss<0.01'", 0, "; settled: global minimum: loss ");
    expect_run("check --run 'B1 eta0=1; at 40 eta0=0.03' --goal 'loss<0.01'", 0, "the goal is met");
    expect_run("check --run \"etascope --scene=B1 --eta0=1 --at='40 eta0=0.03'\" --goal 'loss<0.01'", 0, "the goal is met");
    expect_run("check --run 'etascope run' --goal 'loss<0.01'", 2, "no command of a run");
    write_file("mine.scene", "surface=bowl20 start=-4,1\neta0=0.08 steps=100\n");
    char line[PATH * 3];
    snprintf(line, sizeof line, "check --run %s B1 'B4 steps=80' --goal 'loss<0.01'", path_in("mine.scene"));
    expect_run(line, 1, "mine.scene: the goal is met; settled: global minimum: ");
    expect_run(line, 1, "\nB1: the goal is not met; settled: local minimum: ");
    expect_run(line, 1, "\nB4 steps=80: the goal is met; ");
    snprintf(line, sizeof line, "check --run B1 %s-none --goal 'loss<0.01'", path_in("mine.scene"));
    expect_run(line, 2, "--run");
    assert_null(strstr(said, "B1: "));
    expect_run("check nowhere.lesson", 2, "nowhere.lesson");
}

/* --- looks ------------------------------------------------------------------------------------------ */

/* Every step of a lesson, without colours and without signs. */
static void mono_and_ascii_say_everything(void **state)
{
    (void)state;
    static const char *const looks[] = {"--theme=mono", "--color=mono", "--ascii"};
    const Lesson *l = lesson_called("too-high");
    for (size_t i = 0; i < 3; i++) {
        Vt v;
        bool ascii = i == 2;
        start(&v, ARGV("learn", l->id, "--no-save", looks[i]));
        expect(&v, " choose ");
        type(&v, "2");
        expect(&v, ascii ? ">2" : "▸2"); /* the choice has a sign of its own */
        for (int k = 0; k < l->steps; k++) {
            const Step *s = &l->step[k];
            char place[32];
            char title[24];
            snprintf(place, sizeof place, " %d/%d ", k + 1, l->steps);
            snprintf(title, sizeof title, "%.18s", s->title);
            expect(&v, place);
            expect(&v, title);
            for (int n = 0; n < s->answers; n++) {
                char answer[40];
                snprintf(answer, sizeof answer, "%d %.10s", n + 1, s->answer[n].said.text);
                expect(&v, answer);
            }
            if (s->kind->doing) {
                char goal[16];
                char locks[40];
                snprintf(goal, sizeof goal, "(now ");
                snprintf(locks, sizeof locks, "free: ");
                expect(&v, goal);
                expect(&v, locks);
                expect(&v, "within: ");
                try_settings(&v, s->solution[0].text);
                expect(&v, "Done.");
            }
            press(&v, "k");
        }
        expect(&v, "End of lesson");
        if (ascii)
            assert_int_equal(v.high, 0);
        quit(&v);
    }
}

static int read_course(void **state)
{
    static ErrorList errors;
    (void)state;
    errors_start(&errors);
    return course_embedded(&course, &errors) ? 0 : -1;
}

static int drop_course(void **state)
{
    (void)state;
    course_free(&course);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_lesson_by_keys_is_kept, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(the_course_with_right_answers, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(the_course_with_wrong_answers, make_folder, remove_folder),
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
        cmocka_unit_test_setup_teardown(check_takes_any_number_of_files, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(check_judges_homework, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(mono_and_ascii_say_everything, make_folder, remove_folder),
    };
    if (getenv("ETASCOPE"))
        program = getenv("ETASCOPE");
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, read_course, drop_course);
}
