/* SPDX-License-Identifier: MIT
 * look: see look.h */
#include "app/look.h"

#include "app/command.h"
#include "app/say.h"

void look_repaint(Look *l)
{
    ThemeId theme = l->colors == MODE_MONO ? THEME_MONO : l->theme;
    l->paint = paint_make(theme, l->map, l->colors, l->glyphs);
}

/* Big type: the map, the rate's curve, two numbers and the verdict, a caption in large letters. */
static Layout big_layout(int cols, int rows)
{
    int side = cols >= 150 ? 66 : cols >= 100 ? 48 : 34;
    int caption = rows >= 42 ? 12 : rows >= 30 ? 9 : 6;
    int body = rows - 2 - caption;
    int curve = body * 3 / 10;
    if (cols < 64 || rows < 20)
        return layout_make(cols, rows); /* no room for anything bigger */
    return (Layout){
        .header = {0, 0, cols, 1},
        .map = {0, 1, cols - side, body},
        .eta = {cols - side, 1, side, curve},
        .now = {cols - side + 2, 2 + curve, side - 3, body - curve - 1},
        .status = {0, 1 + body, cols, caption},
        .footer = {0, rows - 1, cols, 1},
    };
}

/* The lesson's words beside the map, the two numbers below it. */
static Layout big_side_layout(int cols, int rows)
{
    Layout l = layout_lesson(cols, rows);
    int digits = rows >= 30 ? 9 : 6;
    int left = l.map.cols;
    int body = rows - 2 - l.status.rows;
    if (cols < 60 || body < digits + 8)
        return l;
    l.lesson = (Rect){left, 1, cols - left, body};
    l.map.rows = body - digits;
    l.now = (Rect){1, 1 + body - digits, left - 2, digits};
    l.eta = l.loss = (Rect){0};
    return l;
}

void look_arrange(Look *l)
{
    LayoutMake *const make[2][2] = {{layout_make, big_layout}, {layout_lesson, big_side_layout}};
    l->layout = layout_table(make[l->side != NULL][l->big], l->cols, l->rows, l->table_rows);
}

static void repaint(App *a)
{
    look_repaint(a->look);
    a->dirty = true;
}

static bool run_theme(App *a, const char *args, Error *err)
{
    int now = (int)a->look->theme;
    if (!pick_argument(args, theme_names, &now, err))
        return false;
    a->look->theme = (ThemeId)now;
    repaint(a);
    say(a, "theme: %s", theme_names[now]);
    return true;
}

static bool run_map(App *a, const char *args, Error *err)
{
    int now = (int)a->look->map;
    if (!pick_argument(args, map_names, &now, err))
        return false;
    a->look->map = (MapId)now;
    repaint(a);
    say(a, "colour map: %s", map_names[now]);
    return true;
}

static bool run_glyphs(App *a, const char *args, Error *err)
{
    Look *l = a->look;
    int now = (int)l->glyphs;
    if (!pick_argument(args, glyph_names, &now, err))
        return false;
    if (now == GLYPHS_OCTANT && !l->octants && args[0] != glyph_names[now][0])
        now++; /* the next one leaves out what the terminal may not draw */
    if (l->ascii_only && now != GLYPHS_ASCII) {
        say_warn(a, "this terminal can show ASCII only");
        return true;
    }
    l->glyphs = (GlyphSet)now;
    l->own_glyphs = true;
    repaint(a);
    if (now == GLYPHS_ASCII)
        say(a, "everything is drawn in: %s", glyph_names[now]);
    else
        say(a, "path drawn with: %s", glyph_names[now]);
    return true;
}

static bool run_big(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    a->look->big = !a->look->big;
    a->changed |= CHANGED_SIZE;
    say(a, a->look->big ? "big type: %s brings the stage back" : "the whole stage again",
        a->look->side ? "B" : "b");
    return true;
}

const Command look_commands[] = {
    {"map", "next|NAME", "looks", "another colour map", run_map, 0, map_names},
    {"theme", "next|NAME", "looks", "dark, light, high contrast, mono", run_theme, 0, theme_names},
    {"glyphs", "next|NAME", "looks", "braille, octants, quadrants or ASCII", run_glyphs, 0, glyph_names},
    {"big", "", "looks", "big type for the back row", run_big, 0, NULL},
    {.name = NULL},
};
