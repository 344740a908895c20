/* SPDX-License-Identifier: MIT
 * term: see term.h */
#include "tty/term.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

static bool refuse(const char *why, const char *name)
{
    fprintf(stderr, "etascope: ");
    fprintf(stderr, why, name);
    fputc('\n', stderr);
    return false;
}

static bool has(const char *capability)
{
    const char *s = tigetstr(capability);
    return s && s != (const char *)-1 && *s;
}

bool term_string(const char *capability, char *out, unsigned size)
{
    const char *s = has(capability) ? tigetstr(capability) : "";
    unsigned used = 0;
    while (*s && used + 1 < size) {
        const char *end = s[0] == '$' && s[1] == '<' ? strchr(s, '>') : NULL;
        if (end)
            s = end + 1;
        else
            out[used++] = *s++;
    }
    out[used] = '\0';
    return used > 0;
}

/* UTF-8 and every kind of glyph we draw one cell wide; the width says nothing about fonts. */
static bool utf8_usable(void)
{
    static const wchar_t glyphs[] = L"\u2580\u2584\u2588\u2598\u259f\u28ff\u25cf\u25cb\u2605"
                                    L"\u2500\u256e\u03b7\u2192\u2026\u25b2\u2715";
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        return false;
    for (const wchar_t *g = glyphs; *g; g++)
        if (wcwidth(*g) != 1)
            return false;
    return true;
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text);
    size_t m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

/* Direct colours known from the environment or from terminfo; `screen` never by guess. */
static bool truecolor(const char *name)
{
    const char *promise = getenv("COLORTERM");
    if (strncmp(name, "screen", 6) == 0)
        promise = NULL;
    if (promise && (strcmp(promise, "truecolor") == 0 || strcmp(promise, "24bit") == 0))
        return true;
    return tigetflag("RGB") > 0 || tigetnum("RGB") > 0 || has("RGB") || tigetflag("Tc") > 0 ||
           ends_with(name, "-direct");
}

static ColorMode detect_colors(const char *name, int palette)
{
    const char *no = getenv("NO_COLOR");
    if (no && *no)
        return MODE_MONO;
    if (truecolor(name))
        return MODE_TRUECOLOR;
    return palette >= 256 ? MODE_256 : palette >= 16 ? MODE_16 : palette >= 8 ? MODE_8 : MODE_MONO;
}

static void describe(Term *t, int colors, bool ascii)
{
    char cup[64];
    char sgr0[64];
    term_string("cup", cup, sizeof cup);
    term_string("sgr0", sgr0, sizeof sgr0);
    t->ecma = strncmp(cup, "\033[", 2) == 0 && strstr(sgr0, "\033[");
    int palette = tigetnum("colors");
    t->palette = palette > 0 ? palette : 0;
    t->direct = t->palette > 256;
    t->utf8 = !ascii && utf8_usable();
    t->mode = colors < 0 ? detect_colors(t->name, t->palette) : (ColorMode)colors;
}

bool term_look(Term *t, int colors, bool ascii)
{
    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C");
    t->name = getenv("TERM");
    if (!isatty(STDIN_FILENO))
        return refuse("standard input is not a terminal", "");
    if (!isatty(STDOUT_FILENO))
        return refuse("standard output is not a terminal (try 'etascope show' or 'run')", "");
    if (!t->name || !*t->name)
        return refuse("no terminal type: TERM is not set", "");
    int found = 0;
    if (setupterm(NULL, STDOUT_FILENO, &found) != OK)
        return refuse("unknown terminal type '%s'", t->name);
    bool usable = has("cup") && has("clear");
    describe(t, colors, ascii);
    del_curterm(cur_term); /* newterm makes its own */
    return usable || refuse("terminal type '%s' cannot move the cursor", t->name);
}
