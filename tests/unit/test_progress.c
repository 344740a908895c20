/* SPDX-License-Identifier: MIT
 * test_progress: a finished step is never lost: not by a second terminal, a kill, a full disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/file.h"
#include "store/progress.h"

static char folder[64];
static char path[128];

static int setup(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/etascope-progress-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/state/etascope/progress", folder);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    char command[200];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static StepRecord row_of(const char *lesson, int n)
{
    StepRecord row = {.done = true,
                       .checksum = 0xABCDEF0123456789u + (unsigned)n,
                       .tries = n,
                       .date = "2026-11-21"};
    snprintf(row.lesson, sizeof row.lesson, "%s", lesson);
    snprintf(row.step, sizeof row.step, "step-%d", n);
    return row;
}

static void put(Progress *p, const char *lesson, int n)
{
    StepRecord row = row_of(lesson, n);
    assert_true(progress_put(p, &row));
}

static void open_at(Progress *p)
{
    Error err;
    if (!progress_open(p, path, &err))
        fail_msg("%s", err.message);
}

static void save(Progress *p)
{
    Error err;
    if (!progress_save(p, &err))
        fail_msg("%s", err.message);
}

static bool has(const Progress *p, const char *lesson, int n)
{
    char step[32];
    snprintf(step, sizeof step, "step-%d", n);
    const StepRecord *row = progress_find(p, lesson, step);
    return row && row->done && row->checksum == 0xABCDEF0123456789u + (unsigned)n;
}

static void it_comes_back(void **state)
{
    (void)state;
    Progress p;
    open_at(&p);
    assert_int_equal(p.count, 0);
    StepRecord row = row_of("a", 1);
    row.first = row.par = true;
    row.hints = 2;
    row.due = 4;
    row.interval = 3;
    assert_true(progress_put(&p, &row));
    save(&p);
    progress_close(&p);
    open_at(&p);
    const StepRecord *back = progress_find(&p, "a", "step-1");
    assert_non_null(back);
    assert_true(back->done && back->first && back->par && !back->changed);
    assert_int_equal(back->tries, 1);
    assert_int_equal(back->hints, 2);
    assert_int_equal(back->due, 4);
    assert_int_equal(back->interval, 3);
    assert_string_equal(back->date, "2026-11-21");
    assert_true(back->checksum == row.checksum);
    progress_close(&p);
}

static void two_terminals_lose_nothing(void **state)
{
    (void)state;
    Progress a;
    Progress b;
    open_at(&a);
    open_at(&b);
    put(&a, "a", 1);
    put(&b, "b", 2);
    save(&a);
    save(&b);
    put(&a, "a", 3);
    save(&a);
    assert_true(has(&a, "b", 2)); /* merged on the way */
    progress_close(&a);
    progress_close(&b);
    open_at(&a);
    assert_true(has(&a, "a", 1) && has(&a, "b", 2) && has(&a, "a", 3));
    progress_close(&a);
}

static void a_star_is_never_taken_back(void **state)
{
    (void)state;
    Progress a;
    Progress b;
    StepRecord row = row_of("a", 1);
    open_at(&a);
    open_at(&b);
    row.first = true;
    progress_put(&a, &row);
    save(&a);
    row.first = false;
    row.par = true;
    progress_put(&b, &row);
    save(&b);
    const StepRecord *both = progress_find(&b, "a", "step-1");
    assert_true(both->first && both->par);
    progress_close(&a);
    progress_close(&b);
}

static void resetting_one_and_all(void **state)
{
    (void)state;
    Progress a;
    open_at(&a);
    put(&a, "a", 1);
    put(&a, "a", 2);
    put(&a, "b", 1);
    save(&a);
    assert_int_equal(progress_reset(&a, "a"), 2);
    assert_null(progress_find(&a, "a", "step-1"));
    save(&a);
    progress_close(&a);
    open_at(&a);
    assert_int_equal(a.count, 1);
    assert_true(has(&a, "b", 1));
    put(&a, "c", 1);
    assert_int_equal(progress_reset(&a, NULL), 2);
    save(&a);
    progress_close(&a);
    open_at(&a);
    assert_int_equal(a.count, 0);
    progress_close(&a);
}

static void no_save_keeps_nothing(void **state)
{
    (void)state;
    Progress p;
    Error err;
    assert_true(progress_open(&p, NULL, &err));
    put(&p, "a", 1);
    assert_true(progress_save(&p, &err));
    assert_true(has(&p, "a", 1));
    assert_int_not_equal(access(path, F_OK), 0);
    progress_close(&p);
}

/* ---- failing writes ----------------------------------------------------------------------- */

static void a_full_disk_loses_nothing(void **state)
{
    (void)state;
    Progress p;
    Error err;
    struct rlimit old;
    open_at(&p);
    for (int i = 0; i < 50; i++)
        put(&p, "a", i);
    save(&p);
    put(&p, "b", 1);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    struct rlimit small = {1000, old.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_false(progress_save(&p, &err)); /* as if the disk were full after 1000 bytes */
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_true(err.message[0]);
    Progress q;
    open_at(&q);
    assert_true(has(&q, "a", 49)); /* the old file stands */
    progress_close(&q);
    save(&p);                      /* room again: what waited is written */
    progress_close(&p);
    open_at(&p);
    assert_true(has(&p, "a", 0) && has(&p, "b", 1));
    progress_close(&p);
}

static void a_folder_that_cannot_be_made(void **state)
{
    (void)state;
    Progress p;
    Error err;
    char blocked[160];
    char blocker[120];
    snprintf(blocker, sizeof blocker, "%s/file", folder);
    assert_true(file_write(blocker, "x", 1, &err));
    snprintf(blocked, sizeof blocked, "%s/etascope/progress", blocker);
    progress_open(&p, blocked, &err);
    snprintf(p.path, sizeof p.path, "%s", blocked);
    put(&p, "a", 1);
    assert_false(progress_save(&p, &err));
    assert_true(has(&p, "a", 1));
    progress_close(&p);
}

static void an_unreadable_file_is_not_written_over(void **state)
{
    (void)state;
    Progress p;
    Error err;
    open_at(&p);
    put(&p, "a", 1);
    save(&p);
    progress_close(&p);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_false(progress_open(&p, path, &err));
    put(&p, "a", 2);
    assert_true(progress_save(&p, &err)); /* keeps nothing */
    progress_close(&p);
}

static void foreign_lines_stay(void **state)
{
    (void)state;
    static const char text[] =
        "# head\na step-1 done sum=abcdef012345678a\nfuture line of=another kind\n"
        "a step-2 done tries=3\ncut off in the mid";
    Progress p;
    Error err;
    char *back;
    size_t size;
    open_at(&p);
    put(&p, "z", 1);
    save(&p);
    progress_close(&p);
    assert_true(file_write(path, text, sizeof text - 1, &err));
    open_at(&p);
    assert_non_null(progress_find(&p, "a", "step-2"));
    assert_null(progress_find(&p, "cut", "off"));
    put(&p, "b", 1);
    save(&p);
    progress_close(&p);
    assert_true(file_read(path, 1 << 20, &back, &size, &err));
    assert_non_null(strstr(back, "future line of=another kind\n"));
    assert_non_null(strstr(back, "a step-2 done"));
    free(back);
}

static void random_files_never_crash(void **state)
{
    (void)state;
    Progress p;
    Error err;
    char text[400];
    unsigned r = 1;
    open_at(&p);
    put(&p, "a", 1);
    save(&p);
    progress_close(&p);
    for (int i = 0; i < 200; i++) {
        size_t n = 0;
        for (; n < sizeof text - 1; n++) {
            r = r * 1103515245u + 12345u;
            text[n] = " \n=#adone sum=due"[r >> 16 & 15];
            if (r >> 24 == 7)
                text[n] = (char)(r >> 8 | 1);
        }
        assert_true(file_write(path, text, n, &err));
        open_at(&p);
        put(&p, "a", 1);
        save(&p);
        assert_true(has(&p, "a", 1));
        progress_close(&p);
    }
}

/* ---- other processes ---------------------------------------------------------------------- */

/* A learner who saves for ever; each saved number is told through the pipe. */
static void learner(const char *lesson, int from, int most, int tell)
{
    Progress p;
    Error err;
    if (!progress_open(&p, path, &err))
        _exit(2);
    for (int i = from; i < from + most; i++) {
        StepRecord row = row_of(lesson, i);
        if (!progress_put(&p, &row) || !progress_save(&p, &err))
            _exit(3);
        if (tell >= 0 && write(tell, &i, sizeof i) != sizeof i)
            _exit(4);
    }
    _exit(0);
}

static void terminals_at_once(void **state)
{
    (void)state;
    enum { LEARNERS = 3, STEPS = 25 };
    static const char *const lessons[LEARNERS] = {"a", "b", "c"};
    pid_t pid[LEARNERS];
    for (int i = 0; i < LEARNERS; i++)
        if ((pid[i] = fork()) == 0)
            learner(lessons[i], 0, STEPS, -1);
    for (int i = 0; i < LEARNERS; i++) {
        int status;
        assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    Progress p;
    open_at(&p);
    for (int i = 0; i < LEARNERS; i++)
        for (int n = 0; n < STEPS; n++)
            assert_true(has(&p, lessons[i], n));
    progress_close(&p);
}

static void a_kill_at_any_moment(void **state)
{
    (void)state;
    int last = -1;
    for (int round = 0; round < 25; round++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid_t pid = fork();
        if (pid == 0)
            learner("a", last + 1, 1000, ends[1]);
        close(ends[1]);
        nanosleep(&(struct timespec){.tv_nsec = 1000000 + 370000 * round}, NULL);
        kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        for (int told; read(ends[0], &told, sizeof told) == sizeof told;)
            last = told;
        close(ends[0]);
        Progress p;
        open_at(&p);
        for (int n = 0; n <= last; n++)
            if (!has(&p, "a", n))
                fail_msg("step %d was saved and is gone", n);
        progress_close(&p);
    }
}

static void the_path_follows_xdg(void **state)
{
    (void)state;
    char out[PROGRESS_PATH];
    setenv("XDG_STATE_HOME", "/s", 1);
    assert_true(progress_path(out));
    assert_string_equal(out, "/s/etascope/progress");
    setenv("XDG_STATE_HOME", "relative", 1);
    setenv("HOME", "/h", 1);
    assert_true(progress_path(out));
    assert_string_equal(out, "/h/.local/state/etascope/progress");
    unsetenv("HOME");
    unsetenv("XDG_STATE_HOME");
    assert_false(progress_path(out));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(it_comes_back),
        CASE(two_terminals_lose_nothing),
        CASE(a_star_is_never_taken_back),
        CASE(resetting_one_and_all),
        CASE(no_save_keeps_nothing),
        CASE(a_full_disk_loses_nothing),
        CASE(a_folder_that_cannot_be_made),
        CASE(an_unreadable_file_is_not_written_over),
        CASE(foreign_lines_stay),
        CASE(random_files_never_crash),
        CASE(terminals_at_once),
        CASE(a_kill_at_any_moment),
        CASE(the_path_follows_xdg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
