/* SPDX-License-Identifier: MIT
 * command: run the program, look at its exit status and its two outputs. */
#ifndef TESTS_COMMAND_H
#define TESTS_COMMAND_H

#include <dirent.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { ARGS = 24 };

static char program[512];
static char folder[64];

typedef struct Result {
    int status; /* exit status, -signal */
    char *out;  /* owned, terminated */
    char *err;  /* owned, terminated */
    size_t out_size;
} Result;

static inline void forget(Result *r)
{
    free(r->out);
    free(r->err);
}

static inline void path_in(char out[128], const char *name)
{
    snprintf(out, 128, "%s/%s", folder, name);
}

static inline void write_file(const char *name, const char *text, size_t size)
{
    char path[128];
    path_in(path, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    fclose(file);
}

static inline char *read_file(const char *name, size_t *size)
{
    char path[128];
    path_in(path, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    long n = ftell(file);
    rewind(file);
    char *text = malloc((size_t)n + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t)n, file), n);
    text[n] = '\0';
    fclose(file);
    if (size)
        *size = (size_t)n;
    return text;
}

static inline int wait_status(pid_t pid)
{
    int status = 0;
    assert_true(waitpid(pid, &status, 0) == pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* Arguments end with NULL; `input` goes to standard input. */
static inline Result run_args(const char *const *args, const char *input)
{
    char in[128];
    char out[128];
    char err[128];
    char *argv[ARGS + 2] = {program};
    posix_spawn_file_actions_t files;
    pid_t pid;
    Result r;
    for (int i = 0; args[i]; i++) {
        assert_true(i < ARGS);
        argv[i + 1] = (char *)(uintptr_t)args[i];
    }
    path_in(in, "stdin");
    path_in(out, "stdout");
    path_in(err, "stderr");
    write_file("stdin", input ? input : "", input ? strlen(input) : 0);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, in, O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addopen(&files, 2, err, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (posix_spawn(&pid, program, &files, NULL, argv, environ) != 0)
        fail_msg("cannot run %s", program);
    posix_spawn_file_actions_destroy(&files);
    r.status = wait_status(pid);
    r.out = read_file("stdout", &r.out_size);
    r.err = read_file("stderr", NULL);
    return r;
}

#define RUN(...) run_args((const char *const[]){__VA_ARGS__, NULL}, NULL)
#define RUN_WITH(input, ...) run_args((const char *const[]){__VA_ARGS__, NULL}, input)

static inline void expect_ok(const Result *r)
{
    if (r->status != 0 || r->err[0])
        fail_msg("status %d, messages: %s", r->status, r->err);
}

/* The data without its comments: two ways to say one scene differ in the first line. */
static inline const char *body(const char *csv)
{
    while (*csv == '#')
        csv += strcspn(csv, "\n") + 1;
    return csv;
}

static inline void expect_same(Result a, Result b)
{
    expect_ok(&a);
    expect_ok(&b);
    assert_string_equal(body(a.out), body(b.out));
    forget(&a);
    forget(&b);
}

/* Bad input: status 2, this message, nothing on standard output. */
static inline void expect_error(Result r, const char *message)
{
    if (r.status != 2 || strcmp(r.err, message) != 0 || r.out_size)
        fail_msg("status %d, %zu bytes of output\n%s   instead of\n%s", r.status, r.out_size, r.err,
                 message);
    forget(&r);
}

/* Setup and teardown of a group: a folder of its own. */
static inline int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/etascope-cli-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static inline int remove_folder(void **state)
{
    (void)state;
    char path[400];
    struct dirent *e;
    DIR *dir = opendir(folder);
    while (dir && (e = readdir(dir)) != NULL) {
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        unlink(path);
    }
    if (dir)
        closedir(dir);
    return rmdir(folder);
}

/* build/MODE/tests/unit/test_cli -> build/MODE/etascope */
static inline void find_program(const char *self)
{
    const char *given = getenv("ETASCOPE");
    const char *tests = strstr(self, "/tests/unit/");
    if (given)
        snprintf(program, sizeof program, "%s", given);
    else if (tests)
        snprintf(program, sizeof program, "%.*s/etascope", (int)(tests - self), self);
    else
        snprintf(program, sizeof program, "build/release/etascope");
}

#endif
