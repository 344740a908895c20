/* SPDX-License-Identifier: MIT
 * vt: see vt.h */
#include "e2e/vt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"

#define LIMIT 5.0 /* s */

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* --- the program's side --- */

static void redirect(const char *path, int to)
{
    int fd = open(path, O_RDWR);
    dup2(fd, to);
    close(fd);
}

static void pipe_in(const char *text)
{
    int end[2];
    size_t size = strlen(text);
    if (pipe(end) != 0 || write(end[1], text, size) != (ssize_t)size)
        _exit(126);
    dup2(end[0], STDIN_FILENO);
    close(end[0]);
    close(end[1]);
}

static void run_program(const VtSpawn *s)
{
    signal(SIGHUP, s->ignore_hup ? SIG_IGN : SIG_DFL);
    signal(SIGINT, SIG_DFL); /* a test in the background of a script ignores it */
    signal(SIGQUIT, SIG_DFL);
    if (s->input)
        pipe_in(s->input);
    if (s->no_input)
        redirect("/dev/null", STDIN_FILENO);
    if (s->no_output)
        redirect("/dev/null", STDOUT_FILENO);
    execve(s->argv[0], (char *const *)s->argv, (char *const *)s->env);
    _exit(127);
}

/* What a shell does: its job has the terminal until it stops or ends. */
static void run_shell(const VtSpawn *s, int hear, int say)
{
    struct termios own;
    int status;
    char byte;
    signal(SIGTTOU, SIG_IGN);
    tcgetattr(STDIN_FILENO, &own);
    pid_t job = fork();
    if (job == 0) {
        setpgid(0, 0);
        tcsetpgrp(STDIN_FILENO, getpid());
        signal(SIGTTOU, SIG_DFL);
        run_program(s);
    }
    setpgid(job, job);
    tcsetpgrp(STDIN_FILENO, job);
    while (waitpid(job, &status, WUNTRACED) == job && WIFSTOPPED(status)) {
        tcsetpgrp(STDIN_FILENO, getpgrp());
        tcsetattr(STDIN_FILENO, TCSADRAIN, &own);
        if (write(say, "s", 1) != 1 || read(hear, &byte, 1) != 1)
            kill(job, SIGKILL);
        tcsetpgrp(STDIN_FILENO, job);
        kill(-job, SIGCONT);
    }
    if (WIFSIGNALED(status)) {
        signal(WTERMSIG(status), SIG_DFL);
        raise(WTERMSIG(status));
    }
    _exit(WEXITSTATUS(status));
}

static void run_child(const Vt *v, const VtSpawn *s, int error, int hear, int say)
{
    close(v->master);
    setsid();
    ioctl(v->slave, TIOCSCTTY, 0);
    dup2(v->slave, STDIN_FILENO);
    dup2(v->slave, STDOUT_FILENO);
    dup2(error, STDERR_FILENO);
    close(v->slave);
    if (s->job)
        run_shell(s, hear, say);
    run_program(s);
}

/* --- the terminal's side --- */

static int on_property(VTermProp property, VTermValue *value, void *user)
{
    Vt *v = user;
    if (property == VTERM_PROP_ALTSCREEN)
        v->alternate = value->boolean;
    else if (property == VTERM_PROP_CURSORVISIBLE)
        v->cursor = value->boolean;
    else if (property == VTERM_PROP_MOUSE)
        v->mouse = value->number;
    else if (property == VTERM_PROP_TITLE)
        sscanf(value->string, "eta frame=%ld key=%ld size=%dx%d", &v->frame, &v->key,
               &v->title_cols, &v->title_rows);
    return 1;
}

static void on_answer(const char *bytes, size_t size, void *user)
{
    Vt *v = user;
    if (!v->silent && write(v->master, bytes, size) < 0)
        v->silent = true;
}

static void open_terminal(Vt *v)
{
    static const VTermScreenCallbacks callbacks = {.settermprop = on_property};
    v->cursor = true;
    v->term = vterm_new(v->rows, v->cols);
    vterm_set_utf8(v->term, 1);
    vterm_output_set_callback(v->term, on_answer, v);
    v->screen = vterm_obtain_screen(v->term);
    vterm_screen_set_callbacks(v->screen, &callbacks, v);
    vterm_screen_enable_altscreen(v->screen, 1);
    vterm_screen_reset(v->screen, 1);
}

static bool open_pipe(int end[2])
{
    if (pipe(end) != 0)
        return false;
    fcntl(end[0], F_SETFD, FD_CLOEXEC);
    fcntl(end[1], F_SETFD, FD_CLOEXEC);
    return true;
}

bool vt_start(Vt *v, const VtSpawn *s)
{
    struct winsize size = {.ws_row = (unsigned short)s->rows, .ws_col = (unsigned short)s->cols};
    int hear[2] = {-1, -1}, say[2] = {-1, -1}, error[2];
    *v = (Vt){.cols = s->cols, .rows = s->rows, .frame = -1, .key = -1, .silent = s->silent};
    if (openpty(&v->master, &v->slave, NULL, NULL, &size) != 0 || !open_pipe(error))
        return false;
    if (s->job && (!open_pipe(hear) || !open_pipe(say)))
        return false;
    fcntl(v->master, F_SETFD, FD_CLOEXEC);
    fcntl(error[0], F_SETFL, O_NONBLOCK);
    tcgetattr(v->slave, &v->before);
    open_terminal(v);
    v->pid = fork();
    if (v->pid == 0)
        run_child(v, s, error[1], hear[0], say[1]);
    close(error[1]);
    v->error = error[0];
    v->tell = hear[1];
    v->told = say[0];
    return v->pid > 0;
}

void vt_stop(Vt *v)
{
    int fds[] = {v->master, v->slave, v->tell, v->told, v->error};
    if (!v->ended) {
        kill(v->pid, SIGKILL);
        waitpid(v->pid, NULL, 0);
    }
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
        if (fds[i] >= 0)
            close(fds[i]);
    vterm_free(v->term);
}

/* Bytes at the end that begin a character. */
static size_t cut_character(const char *bytes, size_t size)
{
    for (size_t back = 1; back <= 3 && back <= size; back++) {
        unsigned char b = (unsigned char)bytes[size - back];
        size_t need = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : b >= 0xC0 ? 2 : 1;
        if ((b & 0xC0) != 0x80)
            return need > back ? back : 0;
    }
    return 0;
}

/* Bytes at the end that begin a character or an OSC. libvterm 0.1.4 wants both whole: it loses
 * a title that comes in two pieces, as one in a hundred does. */
static size_t cut_piece(const char *bytes, size_t size)
{
    for (size_t back = 1; back < VT_CUT && back <= size; back++) {
        const char *at = bytes + size - back;
        if (*at == '\007')
            break;
        if (*at == '\033')
            return back == 1 || at[1] == ']' ? back : cut_character(bytes, size);
    }
    return cut_character(bytes, size);
}

/* libvterm prints the rest of an APC that comes in two pieces: it gets none. Returns the bytes left;
 * one more than there are at most. */
static size_t drop_apc(Vt *v, char *to, const char *from, size_t count)
{
    enum { OUTSIDE, ESCAPED, INSIDE, ENDING };
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        bool escape = from[i] == '\033';
        if (v->apc == INSIDE || v->apc == ENDING) {
            v->apc = escape ? ENDING : v->apc == ENDING && from[i] == '\\' ? OUTSIDE : INSIDE;
        } else if (v->apc == ESCAPED && from[i] == '_') {
            v->apc = INSIDE;
        } else {
            if (v->apc == ESCAPED)
                to[n++] = '\033';
            v->apc = escape ? ESCAPED : OUTSIDE;
            if (!escape)
                to[n++] = from[i];
        }
    }
    return n;
}

void vt_feed(Vt *v, const char *fresh, size_t count)
{
    char bytes[VT_FEED + VT_CUT + 1]; /* one call of libvterm takes no more */
    memcpy(bytes, v->cut, v->cut_size);
    size_t size = v->cut_size + drop_apc(v, bytes + v->cut_size, fresh, count);
    v->cut_size = cut_piece(bytes, size);
    size -= v->cut_size;
    memcpy(v->cut, bytes + size, v->cut_size);
    if (v->heard)
        v->heard(v->heard_by, fresh, count);
    vterm_input_write(v->term, bytes, size);
    v->bytes += count;
    v->reads++;
    for (size_t i = 0; i < count; i++)
        v->high += (unsigned char)fresh[i] >= 0x80;
}

bool vt_pump(Vt *v, double seconds)
{
    char bytes[VT_FEED];
    struct pollfd in = {.fd = v->master, .events = POLLIN};
    if (v->master < 0 || poll(&in, 1, (int)(seconds * 1000)) <= 0)
        return false;
    ssize_t n = read(v->master, bytes, sizeof bytes);
    if (n <= 0)
        return false;
    vt_feed(v, bytes, (size_t)n);
    return true;
}

typedef bool Done(Vt *v, long a, long b);

static bool wait_until(Vt *v, Done *done, long a, long b)
{
    double until = now() + LIMIT;
    while (!done(v, a, b)) {
        if (now() > until)
            return false;
        vt_pump(v, 0.01);
    }
    return true;
}

static bool frame_done(Vt *v, long frame, long unused)
{
    (void)unused;
    return v->frame >= frame;
}

bool vt_wait_frame(Vt *v, long frame)
{
    return wait_until(v, frame_done, frame, 0);
}

static bool key_done(Vt *v, long key, long unused)
{
    (void)unused;
    return v->key >= key;
}

bool vt_wait_key(Vt *v, long key)
{
    return wait_until(v, key_done, key, 0);
}

static bool size_done(Vt *v, long cols, long rows)
{
    return v->title_cols == cols && v->title_rows == rows;
}

bool vt_wait_size(Vt *v, int cols, int rows)
{
    return wait_until(v, size_done, cols, rows);
}

bool vt_wait_text(Vt *v, const char *text)
{
    double until = now() + LIMIT;
    while (!vt_shows(v, text)) {
        if (now() > until)
            return false;
        vt_pump(v, 0.01);
    }
    return true;
}

static bool end_done(Vt *v, long a, long b)
{
    (void)a;
    (void)b;
    if (!v->ended && waitpid(v->pid, &v->status, WNOHANG) == v->pid)
        v->ended = true;
    return v->ended;
}

bool vt_wait_end(Vt *v)
{
    bool ended = wait_until(v, end_done, 0, 0);
    while (ended && vt_pump(v, 0))
        continue;
    return ended;
}

static bool stop_done(Vt *v, long a, long b)
{
    (void)a;
    (void)b;
    char byte;
    struct pollfd in = {.fd = v->told, .events = POLLIN};
    return poll(&in, 1, 0) > 0 && read(v->told, &byte, 1) == 1;
}

bool vt_wait_stopped(Vt *v)
{
    bool stopped = wait_until(v, stop_done, 0, 0);
    while (stopped && vt_pump(v, 0))
        continue;
    return stopped;
}

void vt_continue(Vt *v)
{
    if (write(v->tell, "c", 1) != 1)
        perror("vt_continue");
}

void vt_send(Vt *v, const char *bytes)
{
    if (write(v->master, bytes, strlen(bytes)) < 0)
        perror("vt_send");
}

void vt_resize(Vt *v, int cols, int rows)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
    v->cols = cols;
    v->rows = rows;
    vterm_set_size(v->term, rows, cols);
    ioctl(v->master, TIOCSWINSZ, &size);
}

void vt_hang_up(Vt *v)
{
    close(v->slave);
    close(v->master);
    v->slave = v->master = -1;
}

/* --- looking --- */

Cell vt_cell(const Vt *v, int col, int row)
{
    return vt_cell_of(v->screen, col, row);
}

const char *vt_row(const Vt *v, int row)
{
    static char line[4096];
    size_t used = 0, end = 0;
    for (int col = 0; col < v->cols && used + 8 < sizeof line; col++) {
        uint32_t glyph = vt_cell(v, col, row).glyph;
        used += (size_t)utf8_encode(glyph, line + used);
        if (glyph != ' ')
            end = used;
    }
    line[end] = '\0';
    return line;
}

bool vt_same_screen(const Vt *a, const Vt *b)
{
    int differ = 0;
    for (int row = 0; row < a->rows; row++) {
        for (int col = 0; col < a->cols; col++) {
            Cell x = vt_cell(a, col, row), y = vt_cell(b, col, row);
            if (!vt_looks_same(x, y) && differ++ < 5)
                printf("col %d row %d: U+%04X %07X %07X %X, U+%04X %07X %07X %X\n", col, row,
                       x.glyph, x.fg, x.bg, x.attr, y.glyph, y.fg, y.bg, y.attr);
        }
    }
    return differ == 0 && a->rows == b->rows && a->cols == b->cols;
}

static bool looks_the_same(const Vt *a, const Vt *b)
{
    for (int row = 0; row < a->rows; row++)
        for (int col = 0; col < a->cols; col++)
            if (!vt_looks_same(vt_cell(a, col, row), vt_cell(b, col, row)))
                return false;
    return a->rows == b->rows && a->cols == b->cols;
}

bool vt_wait_same(Vt *a, Vt *b)
{
    double until = now() + LIMIT;
    while (!looks_the_same(a, b)) {
        if (now() > until)
            return vt_same_screen(a, b); /* to print where */
        vt_pump(a, 0.005);
        vt_pump(b, 0.005);
    }
    return true;
}

bool vt_shows(const Vt *v, const char *text)
{
    for (int row = 0; row < v->rows; row++)
        if (strstr(vt_row(v, row), text))
            return true;
    return false;
}

void vt_print(const Vt *v)
{
    printf("frame %ld, key %ld, %dx%d\n", v->frame, v->key, v->title_cols, v->title_rows);
    for (int row = 0; row < v->rows; row++)
        printf("|%s\n", vt_row(v, row));
}

bool vt_modes_restored(const Vt *v)
{
    struct termios t;
    if (tcgetattr(v->slave, &t) != 0)
        return false;
    return t.c_iflag == v->before.c_iflag && t.c_oflag == v->before.c_oflag &&
           t.c_lflag == v->before.c_lflag && t.c_cflag == v->before.c_cflag &&
           memcmp(t.c_cc, v->before.c_cc, sizeof t.c_cc) == 0;
}

const char *vt_error(Vt *v)
{
    static char text[4096];
    ssize_t n = read(v->error, text, sizeof text - 1);
    text[n > 0 ? n : 0] = '\0';
    return text;
}

static long proc_number(pid_t pid, const char *file, const char *name)
{
    char path[64], line[256];
    long value = -1;
    snprintf(path, sizeof path, "/proc/%ld/%s", (long)pid, file);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, name, strlen(name)) == 0)
            value = atol(line + strlen(name));
    if (f)
        fclose(f);
    return value;
}

long vt_switches(const Vt *v)
{
    return proc_number(v->pid, "status", "voluntary_ctxt_switches:");
}

long vt_writes(const Vt *v)
{
    return proc_number(v->pid, "io", "syscw:");
}

long vt_peak(const Vt *v)
{
    return proc_number(v->pid, "status", "VmHWM:");
}

double vt_cpu(const Vt *v)
{
    long ns = proc_number(v->pid, "schedstat", "");
    return ns < 0 ? -1 : 1e-9 * (double)ns;
}
