/* SPDX-License-Identifier: MIT
 * text: see text.h */
#include "out/text.h"

#include "base/text.h"

static int row_end(const Cell *line, int cols)
{
    while (cols > 0 && line[cols - 1].glyph == ' ')
        cols--;
    return cols;
}

bool out_text(const Canvas *c, FILE *to)
{
    for (int row = 0; row < c->rows; row++) {
        const Cell *line = c->cell + (size_t)row * (size_t)c->cols;
        int end = row_end(line, c->cols);
        for (int col = 0; col < end; col++) {
            char bytes[4];
            fwrite(bytes, 1, (size_t)utf8_encode(line[col].glyph, bytes), to);
        }
        putc('\n', to);
    }
    return !ferror(to);
}
