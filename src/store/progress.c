/* SPDX-License-Identifier: MIT
 * progress: see progress.h */
#include "store/progress.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "store/file.h"

enum { FILE_MOST = 4 << 20, LINE_MOST = 320 };

static const char head[] = "# etascope progress; one line a step, written by the program\n";

bool progress_path(char out[PROGRESS_PATH])
{
    return home_path(out, "XDG_STATE_HOME", ".local/state", "progress");
}

/* ---- rows --------------------------------------------------------------------------------- */

static StepRecord *find(const Progress *p, const char *lesson, const char *step)
{
    for (int i = 0; i < p->count; i++)
        if (strcmp(p->row[i].lesson, lesson) == 0 && strcmp(p->row[i].step, step) == 0)
            return &p->row[i];
    return NULL;
}

const StepRecord *progress_find(const Progress *p, const char *lesson, const char *step)
{
    const StepRecord *row = find(p, lesson, step);
    return row && !row->removed ? row : NULL;
}

static StepRecord *make(Progress *p, const char *lesson, const char *step)
{
    StepRecord *row = find(p, lesson, step);
    if (row)
        return row;
    if (p->count == PROGRESS_ROWS)
        return NULL;
    if (p->count == p->room) {
        int room = p->room ? 2 * p->room : 64;
        StepRecord *larger = realloc(p->row, (size_t)room * sizeof *larger);
        if (!larger)
            return NULL;
        p->row = larger;
        p->room = room;
    }
    row = &p->row[p->count++];
    memset(row, 0, sizeof *row);
    snprintf(row->lesson, sizeof row->lesson, "%s", lesson);
    snprintf(row->step, sizeof row->step, "%s", step);
    return row;
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

/* Finished stays finished, whoever finished it. The text's checksum and the review are the newer
 * one's. */
static void merge_row(StepRecord *to, const StepRecord *newer)
{
    to->done = to->done || newer->done;
    to->first = to->first || newer->first;
    to->par = to->par || newer->par;
    to->tries = larger(to->tries, newer->tries);
    to->hints = larger(to->hints, newer->hints);
    to->due = newer->due;
    to->interval = newer->interval;
    if (newer->done) {
        to->checksum = newer->checksum;
        memcpy(to->date, newer->date, sizeof to->date);
    }
}

bool progress_put(Progress *p, const StepRecord *row)
{
    StepRecord *to = make(p, row->lesson, row->step);
    time_t now = time(NULL);
    struct tm tm;
    if (!to)
        return false;
    if (to->removed) { /* reset, then done again */
        StepRecord fresh = {.removed = false};
        memcpy(fresh.lesson, to->lesson, sizeof fresh.lesson);
        memcpy(fresh.step, to->step, sizeof fresh.step);
        *to = fresh;
    }
    StepRecord newer = *row;
    if (!newer.date[0] && localtime_r(&now, &tm))
        strftime(newer.date, sizeof newer.date, "%Y-%m-%d", &tm);
    merge_row(to, &newer);
    to->changed = true;
    return true;
}

int progress_reset(Progress *p, const char *lesson)
{
    int n = 0;
    for (int i = 0; i < p->count; i++) {
        StepRecord *row = &p->row[i];
        if (row->removed || (lesson && strcmp(row->lesson, lesson) != 0))
            continue;
        row->removed = row->changed = true;
        n++;
    }
    return n;
}

/* ---- text --------------------------------------------------------------------------------- */

/* name=value of a line's word */
static bool read_field(StepRecord *row, char *word)
{
    char *equal = strchr(word, '=');
    if (!equal)
        return false;
    *equal = '\0';
    const char *v = equal + 1;
    if (strcmp(word, "sum") == 0)
        row->checksum = strtoull(v, NULL, 16);
    else if (strcmp(word, "date") == 0)
        snprintf(row->date, sizeof row->date, "%.10s", v);
    else if (strcmp(word, "tries") == 0)
        row->tries = atoi(v);
    else if (strcmp(word, "hints") == 0)
        row->hints = atoi(v);
    else if (strcmp(word, "due") == 0)
        row->due = atoi(v);
    else if (strcmp(word, "interval") == 0)
        row->interval = atoi(v);
    else
        return false;
    return true;
}

static bool read_flag(StepRecord *row, const char *word)
{
    bool *flag = strcmp(word, "done") == 0    ? &row->done
                 : strcmp(word, "first") == 0 ? &row->first
                 : strcmp(word, "par") == 0   ? &row->par
                                              : NULL;
    if (flag)
        *flag = true;
    return flag != NULL;
}

/* A line into a row; false: not one of ours. */
static bool read_row(const char *line, size_t length, StepRecord *row)
{
    char copy[LINE_MOST];
    char *save;
    if (length >= sizeof copy)
        return false;
    memcpy(copy, line, length);
    copy[length] = '\0';
    memset(row, 0, sizeof *row);
    char *lesson = strtok_r(copy, " \t\r", &save);
    char *step = lesson ? strtok_r(NULL, " \t\r", &save) : NULL;
    if (!step || strlen(lesson) >= RECORD_ID || strlen(step) >= RECORD_ID)
        return false;
    snprintf(row->lesson, sizeof row->lesson, "%s", lesson);
    snprintf(row->step, sizeof row->step, "%s", step);
    for (char *word; (word = strtok_r(NULL, " \t\r", &save));)
        if (!read_flag(row, word) && !read_field(row, word))
            return false;
    return true;
}

/* A file that was cut (by another program) ends in half a line: it is left out. */
static bool read_text(Progress *p, const char *text, size_t size)
{
    StepRecord row;
    p->other = malloc(size + 1);
    if (!p->other)
        return false;
    size_t used = 0;
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        bool whole = line[length] == '\n';
        if (length && *line != '#' && whole) {
            if (read_row(line, length, &row)) {
                StepRecord *to = make(p, row.lesson, row.step);
                if (!to)
                    return false;
                *to = row;
            } else {
                memcpy(p->other + used, line, length + 1);
                used += length + 1;
            }
        }
        line += length + whole;
    }
    p->other[used] = '\0';
    return true;
}

static void write_row(const StepRecord *r, Text *out)
{
    text_add(out, "%s %s%s%s%s tries=%d hints=%d", r->lesson, r->step, r->done ? " done" : "",
             r->first ? " first" : "", r->par ? " par" : "", r->tries, r->hints);
    if (r->due || r->interval)
        text_add(out, " due=%d interval=%d", r->due, r->interval);
    text_add(out, " sum=%016" PRIx64, r->checksum);
    if (r->date[0])
        text_add(out, " date=%s", r->date);
    text_add(out, "\n");
}

/* ---- files -------------------------------------------------------------------------------- */

static bool load(Progress *p, Error *err)
{
    char *text;
    size_t size;
    if (access(p->path, F_OK) != 0 && errno == ENOENT)
        return true;
    if (!file_read(p->path, FILE_MOST, &text, &size, err))
        return false;
    bool ok = read_text(p, text, size);
    free(text);
    return ok || error_set(err, 0, 0, "out of memory");
}

bool progress_open(Progress *p, const char *path, Error *err)
{
    memset(p, 0, sizeof *p);
    if (!path)
        return true;
    if (strlen(path) >= sizeof p->path)
        return error_set(err, 0, 0, "file name too long");
    snprintf(p->path, sizeof p->path, "%s", path);
    if (load(p, err))
        return true;
    progress_close(p); /* with the path gone, nothing is written over what could not be read */
    return false;
}

void progress_close(Progress *p)
{
    free(p->row);
    free(p->other);
    memset(p, 0, sizeof *p);
}

/* What is on the disk, with our changes over it. */
static bool merge(Progress *disk, const Progress *ours)
{
    for (int i = 0; i < ours->count; i++) {
        const StepRecord *row = &ours->row[i];
        if (!row->changed)
            continue;
        StepRecord *to =
            row->removed ? find(disk, row->lesson, row->step) : make(disk, row->lesson, row->step);
        if (row->removed) {
            if (to)
                *to = disk->row[--disk->count];
            continue;
        }
        if (!to)
            return false;
        merge_row(to, row);
    }
    return true;
}

static int by_name(const void *x, const void *y)
{
    const StepRecord *a = x;
    const StepRecord *b = y;
    int order = strcmp(a->lesson, b->lesson);
    return order ? order : strcmp(a->step, b->step);
}

static bool write_all(Progress *disk, Error *err)
{
    size_t other = disk->other ? strlen(disk->other) : 0;
    size_t size = sizeof head + other + (size_t)disk->count * LINE_MOST + 1;
    char *text = malloc(size);
    if (!text)
        return error_set(err, 0, 0, "out of memory");
    Text out = text_over(text, size);
    text_add(&out, "%s", head);
    if (disk->count)
        qsort(disk->row, (size_t)disk->count, sizeof disk->row[0], by_name);
    for (int i = 0; i < disk->count; i++)
        write_row(&disk->row[i], &out);
    if (other)
        text_put(&out, disk->other, other);
    bool ok = file_write(disk->path, text, out.used, err);
    free(text);
    return ok;
}

static bool anything_changed(const Progress *p)
{
    for (int i = 0; i < p->count; i++)
        if (p->row[i].changed)
            return true;
    return false;
}

bool progress_save(Progress *p, Error *err)
{
    Progress disk;
    if (!p->path[0] || !anything_changed(p))
        return true;
    if (!folders_make(p->path, err))
        return false;
    int fd = file_lock(p->path);
    bool ok = progress_open(&disk, p->path, err);
    if (ok) {
        ok = merge(&disk, p) || error_set(err, 0, 0, "out of memory");
        ok = ok && write_all(&disk, err);
    }
    if (fd >= 0)
        close(fd);
    if (!ok) {
        progress_close(&disk);
        return false;
    }
    progress_close(p);
    *p = disk;
    return true;
}
