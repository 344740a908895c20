/* SPDX-License-Identifier: MIT
 * test_notes: the notebook's file keeps whole runs: after a kill, on a full disk, from two
 * terminals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/notes.h"

static char folder[64];
static char path[128];
static Notes notes;
static Notes other;

static int setup(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/etascope-notes-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/state/etascope/notebook", folder);
    memset(&notes, 0, sizeof notes);
    memset(&other, 0, sizeof other);
    snprintf(notes.path, sizeof notes.path, "%s", path);
    snprintf(other.path, sizeof other.path, "%s", path);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    char command[200];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static Note note_of(const char *scene, int n)
{
    Note note = {.date = "2026-11-25", .steps = n, .loss = n / 3.0, .verdict = "local minimum"};
    snprintf(note.scene, sizeof note.scene, "%s seed=%d", scene, n);
    return note;
}

static void add(Notes *n, const char *scene, int i)
{
    Error err = {0};
    Note note = note_of(scene, i);
    if (!notes_add(n, &note, &err))
        fail_msg("%s: %s", err.file, err.message);
}

static void read_again(Notes *n)
{
    Error err = {0};
    n->count = 0;
    if (!notes_read(n, &err))
        fail_msg("%s: %s", err.file, err.message);
}

static void expect(const Notes *n, int at, const char *scene, int i)
{
    Note want = note_of(scene, i);
    const Note *got = &n->row[at];
    assert_true(at < n->count);
    assert_string_equal(got->scene, want.scene);
    assert_string_equal(got->date, want.date);
    assert_string_equal(got->verdict, want.verdict);
    assert_int_equal(got->steps, want.steps);
    assert_true(got->loss == want.loss);
}

static void append_raw(const char *text)
{
    FILE *f = fopen(path, "ab");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static long file_size(void)
{
    struct stat st;
    return stat(path, &st) == 0 ? (long)st.st_size : -1;
}

static void it_comes_back(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        add(&notes, "surface=bowl20 at 1 eta0=0.5", i);
    read_again(&other);
    assert_int_equal(other.count, 3);
    for (int i = 0; i < 3; i++)
        expect(&other, i, "surface=bowl20 at 1 eta0=0.5", 2 - i);
}

static void no_number_is_lost(void **state)
{
    (void)state;
    static const double losses[] = {INFINITY, NAN, -1e-300, 0};
    Error err = {0};
    for (int i = 0; i < 4; i++) {
        Note note = note_of("x", i);
        note.loss = losses[i];
        assert_true(notes_add(&notes, &note, &err));
    }
    read_again(&other);
    assert_int_equal(other.count, 4);
    assert_true(isinf(other.row[3].loss) && isnan(other.row[2].loss));
    assert_true(other.row[1].loss == -1e-300 && other.row[0].loss == 0);
}

static void each_scene_once(void **state)
{
    (void)state;
    add(&notes, "a", 1);
    add(&notes, "b", 2);
    add(&notes, "a", 1);
    assert_int_equal(notes.count, 2);
    expect(&notes, 0, "a", 1);
    read_again(&other);
    assert_int_equal(other.count, 2);
    expect(&other, 0, "a", 1);
    expect(&other, 1, "b", 2);
}

static void the_oldest_go(void **state)
{
    (void)state;
    for (int i = 0; i < NOTES + 7; i++)
        add(&notes, "a", i);
    read_again(&other);
    assert_int_equal(other.count, NOTES);
    expect(&notes, NOTES - 1, "a", 7);
    expect(&other, NOTES - 1, "a", 7);
}

/* A file that has grown long is cut to what counts. */
static void a_long_file_is_shortened(void **state)
{
    (void)state;
    static char filler[NOTE_SCENE];
    memset(filler, 'x', sizeof filler - 40);
    for (int i = 0; i < 200; i++)
        add(&notes, filler, i);
    long before = file_size();
    read_again(&other);
    assert_true(file_size() < before / 2);
    assert_int_equal(other.count, NOTES);
    read_again(&notes);
    expect(&notes, 0, filler, 199);
    expect(&notes, NOTES - 1, filler, 200 - NOTES);
}

static void two_terminals(void **state)
{
    (void)state;
    add(&notes, "a", 1);
    add(&other, "b", 2);
    add(&notes, "c", 3);
    read_again(&other);
    assert_int_equal(other.count, 3);
    expect(&other, 1, "b", 2);
}

static void terminals_at_once(void **state)
{
    (void)state;
    enum { TERMINALS = 3, RUNS = 12 };
    pid_t pid[TERMINALS];
    for (int i = 0; i < TERMINALS; i++)
        if ((pid[i] = fork()) == 0) {
            char name[8];
            snprintf(name, sizeof name, "t%d", i);
            for (int n = 0; n < RUNS; n++) {
                Note note = note_of(name, n);
                if (!notes_add(&notes, &note, NULL))
                    _exit(1);
            }
            _exit(0);
        }
    for (int i = 0; i < TERMINALS; i++) {
        int status;
        assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
        assert_int_equal(status, 0);
    }
    read_again(&other);
    assert_int_equal(other.count, TERMINALS * RUNS);
}

/* What was told as kept is there, whenever the kill comes. */
static void a_kill_at_any_moment(void **state)
{
    (void)state;
    int last = -1;
    for (int round = 0; round < 20; round++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid_t pid = fork();
        for (int n = last + 1; pid == 0; n++) {
            Note note = note_of("k", n);
            if (!notes_add(&notes, &note, NULL) || write(ends[1], &n, sizeof n) != sizeof n)
                _exit(1);
        }
        close(ends[1]);
        nanosleep(&(struct timespec){.tv_nsec = 500000 + 170000 * round}, NULL);
        kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        for (int told; read(ends[0], &told, sizeof told) == sizeof told;)
            last = told;
        close(ends[0]);
        if (last < 0)
            continue;
        read_again(&other);
        bool next = strcmp(other.row[0].scene, note_of("k", last + 1).scene) == 0;
        expect(&other, next, "k", last);
        last += next;
    }
}

/* What a crash left behind the last line goes with the next run. */
static void a_torn_line_is_no_run(void **state)
{
    (void)state;
    add(&notes, "a", 1);
    append_raw("2026-11-25\t80\t0.5\tlocal min");
    read_again(&other);
    assert_int_equal(other.count, 1);
    add(&notes, "b", 2);
    append_raw("nothing of ours\n\n\t\t\t\t\n2026\t-1\t0\tx\ty\n");
    add(&notes, "c", 3);
    read_again(&other);
    assert_int_equal(other.count, 3);
    expect(&other, 0, "c", 3);
    expect(&other, 1, "b", 2);
    expect(&other, 2, "a", 1);
}

/* In a process of its own, as a limit of the file's size stays. */
static void a_full_disk_takes_nothing(void **state)
{
    (void)state;
    add(&notes, "a", 1);
    long size = file_size();
    pid_t pid = fork();
    if (pid == 0) {
        struct rlimit limit = {(rlim_t)size + 10, (rlim_t)size + 10};
        Error err = {0};
        Note note = note_of("b", 2);
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &limit);
        bool refused = !notes_add(&notes, &note, &err) && err.message[0];
        _exit(refused && notes.count == 2 && file_size() == size ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    add(&notes, "c", 3);
    read_again(&other);
    assert_int_equal(other.count, 2);
}

static void without_a_path_nothing_is_written(void **state)
{
    (void)state;
    notes.path[0] = '\0';
    add(&notes, "a", 1);
    assert_int_equal(notes.count, 1);
    assert_int_equal(file_size(), -1);
    assert_true(notes_read(&notes, NULL));
    assert_int_equal(notes.count, 1);
}

static void what_cannot_be_read_stays(void **state)
{
    (void)state;
    Error err = {0};
    add(&notes, "a", 1);
    FILE *f = fopen(path, "wb");
    fwrite("a\0b\n", 1, 4, f);
    fclose(f);
    assert_false(notes_read(&notes, &err));
    assert_non_null(strstr(err.message, "NUL"));
    add(&notes, "b", 2);
    assert_int_equal(file_size(), 4);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(it_comes_back),
        CASE(no_number_is_lost),
        CASE(each_scene_once),
        CASE(the_oldest_go),
        CASE(a_long_file_is_shortened),
        CASE(two_terminals),
        CASE(terminals_at_once),
        CASE(a_kill_at_any_moment),
        CASE(a_torn_line_is_no_run),
        CASE(a_full_disk_takes_nothing),
        CASE(without_a_path_nothing_is_written),
        CASE(what_cannot_be_read_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
