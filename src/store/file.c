/* SPDX-License-Identifier: MIT
 * file: see file.h */
#include "store/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LOCK_TRIES = 100 };

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

bool home_path(char out[HOME_PATH], const char *variable, const char *fallback, const char *name)
{
    const char *set = getenv(variable);
    const char *home = getenv("HOME");
    int n = -1;
    if (set && *set == '/') /* a relative one is to be ignored, says XDG */
        n = snprintf(out, HOME_PATH, "%s/etascope/%s", set, name);
    else if (home && *home)
        n = snprintf(out, HOME_PATH, "%s/%s/etascope/%s", home, fallback, name);
    return n > 0 && n < HOME_PATH;
}

bool file_place(char out[HOME_PATH], const char *folder, const char *name)
{
    const char *home = getenv("HOME");
    int n;
    if (home && strncmp(name, "~/", 2) == 0)
        n = snprintf(out, HOME_PATH, "%s%s", home, name + 1);
    else if (folder && *folder && *name != '/')
        n = snprintf(out, HOME_PATH, "%s/%s", folder, name);
    else
        n = snprintf(out, HOME_PATH, "%s", name);
    return n >= 0 && n < HOME_PATH;
}

bool folders_make(const char *path, Error *err)
{
    char folder[HOME_PATH];
    snprintf(folder, sizeof folder, "%s", path);
    for (char *c = folder + 1; (c = strchr(c, '/')); c++) {
        *c = '\0';
        if (mkdir(folder, 0700) != 0 && errno != EEXIST)
            return fail(err, folder, strerror(errno));
        *c = '/';
    }
    return true;
}

int file_lock(const char *path)
{
    char name[HOME_PATH + 8];
    snprintf(name, sizeof name, "%s.lock", path);
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    for (int i = 0; fd >= 0 && i < LOCK_TRIES; i++) {
        if (fcntl(fd, F_SETLK, &whole) == 0 || (errno != EACCES && errno != EAGAIN))
            break;
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    return fd;
}
