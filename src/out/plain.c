/* SPDX-License-Identifier: MIT
 * plain: Canvas -> lines of UTF-8 text, without colours; for `show`, pipes and tests. */
#include "base/text.h"
#include "out/format.h"

static int row_end(const Cell *line, int cols)
{
    while (cols > 0 && line[cols - 1].glyph == ' ')
        cols--;
    return cols;
}

/* One line a row, blanks at its end left out. */
static bool draw(const Picture *p, FILE *to)
{
    for (int row = 0; row < p->canvas->rows; row++) {
        const Cell *line = p->canvas->cell + (size_t)row * (size_t)p->canvas->cols;
        int end = row_end(line, p->canvas->cols);
        for (int col = 0; col < end; col++) {
            char bytes[4];
            fwrite(bytes, 1, (size_t)utf8_encode(line[col].glyph, bytes), to);
        }
        putc('\n', to);
    }
    return !ferror(to);
}

const Format format_text = {"text", "plain lines, without colours", draw, NULL, false, NULL};
