/* SPDX-License-Identifier: MIT
 * code: see code.h. The dialects write lines as long as they come; here they are broken. */
#include "code/code.h"

#include <string.h>

#include "code/parts.h"

const Dialect dialects[] = {
    {"pytorch", write_pytorch},
    {"keras", write_keras},
    {"optax", write_optax},
    {"timm", write_timm},
    {"transformers", write_transformers},
    {NULL, NULL},
};

/* ---- lines of at most a hundred characters ---- */

enum { LINE_MOST = 100, LINE_FAIR = 50 };

/* Reads Python, character by character: in a word in quotes, in how many brackets? */
typedef struct Depth {
    int brackets;
    char quote;
} Depth;

static void depth_read(Depth *d, char c)
{
    if (d->quote)
        d->quote = c == d->quote ? 0 : d->quote;
    else if (c == '"')
        d->quote = c;
    else if (strchr("([{", c))
        d->brackets++;
    else if (strchr(")]}", c))
        d->brackets--;
}

/* May the line end before text[i]: behind ", " or before " + "? */
static bool may_break(const char *text, size_t i, size_t length)
{
    bool comma = i > 0 && text[i - 1] == ',';
    bool sign = i + 2 < length && strchr("+-", text[i + 1]) && text[i + 2] == ' ';
    return text[i] == ' ' && (comma || sign);
}

/* Where to break a line that is too long: inside as few brackets as can be without leaving it half
 * empty, and as late as can be. 0: nowhere. *before is read up to there. */
static size_t break_of(const char *line, size_t length, int room, Depth *before)
{
    Depth now = *before;
    Depth best = {0};
    size_t at = 0;
    for (size_t i = 0; i < length && (int)i < room && (now.quote || line[i] != '#'); i++) {
        bool inside = !now.quote && now.brackets > 0;
        bool better = at < LINE_FAIR || now.brackets <= best.brackets;
        if (inside && better && may_break(line, i, length)) {
            at = i + 1;
            best = now;
        }
        depth_read(&now, line[i]);
    }
    *before = best;
    return at;
}

static void put_wrapped_line(FILE *out, const char *line, size_t length)
{
    int indent = (int)strspn(line, " ");
    int margin = 0;
    Depth depth = {0};
    bool too_long = length > LINE_MOST && line[0] != '#';
    const char *value = line + indent + strlen("return ");
    bool bare = too_long && strncmp(line + indent, "return ", strlen("return ")) == 0;
    if (bare) { /* brackets, so that it can be broken */
        fprintf(out, "%.*s(", (int)(value - line), line);
        length -= (size_t)(value - line);
        line = value;
        margin = indent + (int)strlen("return (");
        depth.brackets = 1;
    }
    while (too_long && length + (size_t)margin > LINE_MOST) {
        size_t at = break_of(line, length, LINE_MOST - margin, &depth);
        if (!at)
            break;
        margin = bare ? indent + (int)strlen("return (") : indent + 4;
        fprintf(out, "%.*s\n%*s", (int)(at - 1), line, margin, "");
        line += at;
        length -= at;
    }
    fprintf(out, bare ? "%.*s)\n" : "%.*s\n", (int)length, line);
}

static void put_wrapped(FILE *out, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        put_wrapped_line(out, text, length);
        text += length + (text[length] == '\n');
    }
}

bool code_write(FILE *out, const Dialect *d, const Timeline *t, Error *err)
{
    Sheet s;
    bool ok = (sheet_open(&s) || error_set(err, 0, 0, "out of memory")) && d->write(s.out, t, err);
    if (ok && fflush(s.out) == 0)
        put_wrapped(out, s.text);
    sheet_close(&s, NULL);
    return ok;
}
