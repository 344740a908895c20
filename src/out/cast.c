/* SPDX-License-Identifier: MIT
 * cast: see cast.h */
#include "out/cast.h"

#include <math.h>
#include <string.h>

#include "out/ansi.h"
#include "out/format.h"

#define HIDE_CURSOR "\033[?25l"

static void put_string(FILE *to, const char *data, size_t size)
{
    putc('"', to);
    for (const char *c = data; c < data + size; c++) {
        unsigned char byte = (unsigned char)*c;
        if (byte < 0x20 || byte == 0x7f)
            fprintf(to, "\\u%04x", byte);
        else if (byte == '"' || byte == '\\')
            fprintf(to, "\\%c", byte);
        else
            putc(byte, to);
    }
    putc('"', to);
}

bool cast_begin(Cast *c, FILE *to, int version, int cols, int rows, const char *title)
{
    *c = (Cast){.to = to, .version = version};
    if (version == CAST_VERSION)
        fprintf(to, "{\"version\": 2, \"width\": %d, \"height\": %d, ", cols, rows);
    else
        fprintf(to, "{\"version\": 3, \"term\": {\"cols\": %d, \"rows\": %d}, ", cols, rows);
    fputs("\"title\": ", to);
    put_string(to, title, strlen(title));
    fputs("}\n", to);
    return !ferror(to);
}

bool cast_event(Cast *c, double at, CastCode code, const char *data, size_t size)
{
    if (c->version == CAST_VERSION) {
        long long us = llround(1e6 * at);
        fprintf(c->to, "[%lld.%06lld", us / 1000000, us % 1000000);
    } else {
        long long ms = llround(1e3 * at) - c->told;
        c->told += ms;
        fprintf(c->to, "[%lld.%03lld", ms / 1000, ms % 1000);
    }
    fprintf(c->to, ", \"%c\", ", code);
    put_string(c->to, data, size);
    fputs("]\n", c->to);
    return !ferror(c->to);
}

/* ---- a run as a film ---------------------------------------------------------------------- */

static bool put_frame(Cast *c, Ansi *ansi, const Canvas *canvas, double at)
{
    AnsiBytes bytes = ansi_frame(ansi, canvas, false);
    return bytes.size == 0 || cast_event(c, at, CAST_OUTPUT, bytes.at, bytes.size);
}

static bool film(const Film *f, FILE *to)
{
    Ansi ansi;
    Cast c;
    FilmFrame frame;
    Canvas canvas = {0};
    ansi_init(&ansi, f->mode, true);
    bool ok = canvas_resize(&canvas, f->cols, f->rows) && ansi_resize(&ansi, f->cols, f->rows) &&
              cast_begin(&c, to, f->version, f->cols, f->rows, f->title) &&
              cast_event(&c, 0, CAST_OUTPUT, HIDE_CURSOR, sizeof HIDE_CURSOR - 1);
    while (ok && f->next(f->ctx, &canvas, &frame)) {
        ok = put_frame(&c, &ansi, &canvas, frame.at);
        for (int i = 0; ok && i < frame.markers; i++)
            ok = cast_event(&c, frame.at, CAST_MARKER, frame.marker[i], strlen(frame.marker[i]));
    }
    ansi_release(&ansi);
    canvas_release(&canvas);
    return ok;
}

const Format format_cast = {"cast", "show: the run played, an asciicast", NULL, NULL, false, film};
