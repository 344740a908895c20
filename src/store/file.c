/* SPDX-License-Identifier: MIT
 * file: see file.h */
#include "store/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(Error *err, const char *path, const char *what)
{
    error_set(err, 0, 0, "%s", what);
    error_in(err, path);
    return false;
}

/* Read to the end in doubling steps. */
static bool read_all(FILE *in, size_t most, char **text, size_t *size)
{
    size_t room = 1 << 14;
    size_t used = 0;
    char *buffer = malloc(room + 1);
    while (buffer) {
        used += fread(buffer + used, 1, room - used, in);
        if (used < room || used > most)
            break;
        room *= 2;
        char *larger = realloc(buffer, room + 1);
        if (!larger)
            free(buffer);
        buffer = larger;
    }
    if (!buffer)
        return false;
    buffer[used] = '\0';
    *text = buffer;
    *size = used;
    return true;
}

bool file_read(const char *path, size_t most, char **text, size_t *size, Error *err)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *in = standard ? stdin : fopen(path, "rb");
    struct stat st;
    if (!in)
        return fail(err, path, strerror(errno));
    if (fstat(fileno(in), &st) == 0 && S_ISDIR(st.st_mode)) {
        if (!standard)
            fclose(in);
        return fail(err, path, "is a directory");
    }
    bool ok = read_all(in, most, text, size);
    bool broken = ferror(in) != 0;
    if (!standard)
        fclose(in);
    if (!ok)
        return fail(err, path, "out of memory");
    const char *what = broken                           ? "cannot be read"
                       : *size > most                   ? "is too large"
                       : memchr(*text, '\0', *size) != NULL ? "is not a text file (it holds a NUL byte)"
                                                        : NULL;
    if (!what)
        return true;
    free(*text);
    *text = NULL;
    return fail(err, path, what);
}

bool file_write(const char *path, const char *text, size_t size, Error *err)
{
    char temporary[1100];
    int n = snprintf(temporary, sizeof temporary, "%s.%ld.tmp", path, (long)getpid());
    if (n < 0 || (size_t)n >= sizeof temporary)
        return fail(err, path, "file name too long");
    FILE *out = fopen(temporary, "wb");
    if (!out)
        return fail(err, path, strerror(errno));
    bool ok = fwrite(text, 1, size, out) == size && fflush(out) == 0 && fsync(fileno(out)) == 0;
    int why = errno;
    ok = fclose(out) == 0 && ok;
    if (ok && rename(temporary, path) == 0)
        return true;
    if (ok)
        why = errno;
    unlink(temporary);
    return fail(err, path, strerror(why));
}

bool file_folders(const char *path, Error *err)
{
    char folder[4096];
    if (strlen(path) >= sizeof folder)
        return error_set(err, 0, 0, "the path is too long");
    snprintf(folder, sizeof folder, "%s", path);
    for (char *c = folder + 1; (c = strchr(c, '/')); c++) {
        *c = '\0';
        if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
            error_set(err, 0, 0, "%s", strerror(errno));
            error_in(err, folder);
            return false;
        }
        *c = '/';
    }
    return true;
}
