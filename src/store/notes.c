/* SPDX-License-Identifier: MIT
 * notes: see notes.h */
#include "store/notes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"

enum { FILE_MOST = 4 << 20, FILE_LONG = 1 << 19, LINE_MOST = NOTE_SCENE + 160, FIELDS = 5 };

bool notes_path(char out[HOME_PATH])
{
    return home_path(out, "XDG_STATE_HOME", ".local/state", "notebook");
}

/* ---- lines -------------------------------------------------------------------------------- */

/* The newest comes to the front; an equal scene, or the oldest, gives way. */
static void put_first(Notes *n, const Note *note)
{
    int at = 0;
    while (at < n->count && strcmp(n->row[at].scene, note->scene) != 0)
        at++;
    if (at == NOTES)
        at--;
    else if (at == n->count)
        n->count++;
    memmove(n->row + 1, n->row, sizeof n->row[0] * (size_t)at);
    n->row[0] = *note;
}

/* A field into its room; false: too long for it. */
static bool copy_field(char *to, size_t size, const char *from, size_t length)
{
    if (length >= size)
        return false;
    memcpy(to, from, length);
    to[length] = '\0';
    return true;
}

/* A line of ours into a note. */
static bool read_line(const char *line, size_t length, Note *note)
{
    const char *field[FIELDS + 1] = {line};
    int fields = 1;
    double steps;
    for (const char *c = line; c < line + length && fields < FIELDS; c++)
        if (*c == '\t')
            field[fields++] = c + 1;
    field[FIELDS] = line + length + 1;
#define LENGTH(I) ((size_t)(field[(I) + 1] - field[I] - 1))
    if (fields < FIELDS || !number_parse(field[1], LENGTH(1), &steps) || !(steps >= 0) ||
        !(steps < 1e9) || !number_parse(field[2], LENGTH(2), &note->loss))
        return false;
    note->steps = (long)steps;
    return copy_field(note->date, sizeof note->date, line, LENGTH(0)) &&
           copy_field(note->verdict, sizeof note->verdict, field[3], LENGTH(3)) && LENGTH(4) > 0 &&
           copy_field(note->scene, sizeof note->scene, field[4], LENGTH(4));
#undef LENGTH
}

static void write_line(const Note *note, Text *out)
{
    text_add(out, "%s\t%ld\t", note->date, note->steps);
    text_number(out, note->loss);
    text_add(out, "\t%s\t%s\n", note->verdict, note->scene);
}

/* What is not ours is passed over; so is a last line without an end. */
static void read_text(Notes *n, const char *text)
{
    Note note;
    n->count = 0;
    for (const char *end; (end = strchr(text, '\n')); text = end + 1)
        if (read_line(text, (size_t)(end - text), &note))
            put_first(n, &note);
}

/* ---- files -------------------------------------------------------------------------------- */

/* The notes alone, instead of a file that has grown long. */
static bool shorten(const Notes *n, Error *err)
{
    char *text = malloc((size_t)NOTES * LINE_MOST + 1);
    if (!text)
        return error_set(err, 0, 0, "out of memory");
    Text out = text_over(text, (size_t)NOTES * LINE_MOST + 1);
    for (int i = n->count - 1; i >= 0; i--)
        write_line(&n->row[i], &out);
    bool ok = file_write(n->path, text, out.used, err);
    free(text);
    return ok;
}

static bool read_locked(Notes *n, Error *err)
{
    char *text;
    size_t size;
    if (!file_read(n->path, FILE_MOST, &text, &size, err)) {
        n->path[0] = '\0';
        return false;
    }
    read_text(n, text);
    free(text);
    return size <= FILE_LONG || shorten(n, err);
}

bool notes_read(Notes *n, Error *err)
{
    if (!n->path[0] || (access(n->path, F_OK) != 0 && errno == ENOENT))
        return true;
    int lock = file_lock(n->path);
    bool ok = read_locked(n, err);
    if (lock >= 0)
        close(lock);
    return ok;
}

static bool fail(Error *err, const char *path, int why)
{
    error_set(err, 0, 0, "%s", strerror(why));
    error_in(err, path);
    return false;
}

/* Where the last whole line ends: what a crash has left behind it is cut off. */
static off_t whole_lines(int fd)
{
    char piece[512];
    for (off_t end = lseek(fd, 0, SEEK_END); end > 0;) {
        off_t from = end > (off_t)sizeof piece ? end - (off_t)sizeof piece : 0;
        ssize_t got = pread(fd, piece, (size_t)(end - from), from);
        for (ssize_t i = got - 1; i >= 0; i--)
            if (piece[i] == '\n')
                return from + i + 1;
        if (got < end - from)
            return lseek(fd, 0, SEEK_END);
        end = from;
    }
    return 0;
}

/* All of it behind the last whole line, or nothing: a full disk takes a piece back. */
static bool append(const char *path, const char *line, size_t size, Error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(err, path, errno);
    off_t end = whole_lines(fd);
    bool ok = ftruncate(fd, end) == 0 && pwrite(fd, line, size, end) == (ssize_t)size;
    int why = errno ? errno : ENOSPC;
    if (!ok && ftruncate(fd, end) != 0)
        why = errno;
    ok = close(fd) == 0 && ok;
    return ok || fail(err, path, why);
}

bool notes_add(Notes *n, const Note *note, Error *err)
{
    char line[LINE_MOST];
    Text out = text_over(line, sizeof line);
    Note dated = *note;
    time_t now = time(NULL);
    struct tm tm;
    if (!dated.date[0] && localtime_r(&now, &tm))
        strftime(dated.date, sizeof dated.date, "%Y-%m-%d", &tm);
    put_first(n, &dated);
    if (!n->path[0])
        return true;
    write_line(&dated, &out);
    errno = 0;
    if (!folders_make(n->path, err))
        return false;
    int lock = file_lock(n->path);
    bool ok = append(n->path, line, out.used, err);
    if (lock >= 0)
        close(lock);
    return ok;
}
