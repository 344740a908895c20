/* SPDX-License-Identifier: MIT
 * theme: colour roles, colour maps and glyph sets, resolved for one output into a plain Paint.
 *
 * A view asks for a role ("the limit line") and never for a colour. Contrast is by construction:
 * a theme uses only the part of a colour map on whose every cell the path stands >= 3:1 (WCAG 2.1,
 * relative luminance); tests/unit/test_theme.c proves it for every theme, map and mode. */
#ifndef ETA_VIEW_THEME_H
#define ETA_VIEW_THEME_H

#include "view/canvas.h"

typedef enum ThemeId { THEME_DARK, THEME_LIGHT, THEME_CONTRAST, THEME_MONO, THEMES } ThemeId;
typedef enum MapId { MAP_INFERNO, MAP_VIRIDIS, MAP_CIVIDIS, MAP_GREY, MAPS } MapId;
typedef enum ColorMode { MODE_TRUECOLOR, MODE_256, MODE_16, MODE_8, MODE_MONO, MODES } ColorMode;
typedef enum GlyphSet {
    GLYPHS_BRAILLE,
    GLYPHS_OCTANT, /* drawn as braille; the frame's braille becomes octants at the end */
    GLYPHS_QUADRANT,
    GLYPHS_ASCII,
    GLYPH_SETS
} GlyphSet;

/* Words for options and settings; each list ends with NULL. */
extern const char *const theme_names[THEMES + 1];
extern const char *const map_names[MAPS + 1];
extern const char *const mode_names[MODES + 1];
extern const char *const glyph_names[GLYPH_SETS + 1];

/* Grounds a role must be readable on (>= 3:1). 0: decoration, or a ground itself. */
enum { ON_BACK = 1, ON_CARD = 2, ON_SELECT = 4, ON_MAP = 8 };

/* X(id, grounds, dark, light, contrast, 16-colour dark, 16-colour light, attributes in mono) */
#define THEME_ROLES(X)                                                                             \
    X(BACK, 0, 0x0E1116, 0xFAF9F6, 0x000000, 0, 15, 0)                                             \
    X(CARD, 0, 0x1A1F29, 0xEEEBE3, 0x1C1C1C, 0, 15, 0)                                             \
    X(SELECT, 0, 0x2B3B57, 0xCADDF3, 0xFFFFFF, 4, 4, CELL_REVERSE)                                 \
    X(TRACK, 0, 0x262D39, 0xE0DDD4, 0x444444, 8, 7, 0)                                             \
    X(FRAME, 0, 0x3B4350, 0xBFBDB6, 0x9E9E9E, 8, 8, CELL_DIM)                                      \
    X(TEXT, ON_BACK | ON_CARD, 0xE4E8EE, 0x24272E, 0xFFFFFF, 15, 0, 0)                             \
    X(DIM, ON_BACK | ON_CARD, 0x8A93A3, 0x686D76, 0xD0D0D0, 7, 8, CELL_DIM)                        \
    X(TITLE, ON_BACK | ON_CARD, 0xF5F7FA, 0x101216, 0xFFFFFF, 15, 0, CELL_BOLD)                    \
    X(ACCENT, ON_BACK | ON_CARD, 0xFFCB6B, 0x8F5200, 0xFFFF00, 11, 5, CELL_BOLD)                   \
    X(PROMPT, ON_BACK | ON_CARD, 0x7CBEFF, 0x0B5FB8, 0x66CCFF, 14, 4, CELL_BOLD)                   \
    X(CHOSEN, ON_SELECT, 0xFFFFFF, 0x0B1D33, 0x000000, 15, 15, CELL_REVERSE)                       \
    X(GOOD, ON_BACK | ON_CARD, 0x7EE2A8, 0x0F7B45, 0x66FF99, 10, 4, 0)                             \
    X(WARN, ON_BACK | ON_CARD, 0xFFCB6B, 0x8F5200, 0xFFFF00, 11, 5, CELL_UNDERLINE)                \
    X(BAD, ON_BACK | ON_CARD, 0xFF8078, 0xB3261E, 0xFF7777, 9, 1, CELL_BOLD)                       \
    X(ETA, ON_BACK | ON_CARD, 0x7CBEFF, 0x0B5FB8, 0x66CCFF, 14, 4, CELL_BOLD)                      \
    X(ETA_PLAN, 0, 0x3A5878, 0x9DBBDA, 0x3F7F9F, 6, 6, CELL_DIM)                                   \
    X(LIMIT, ON_BACK | ON_CARD, 0xC4605A, 0xB3403A, 0xFF7777, 9, 1, 0)                             \
    X(LOSS, ON_BACK | ON_CARD, 0x7EE2A8, 0x0F7B45, 0x66FF99, 10, 4, CELL_BOLD)                     \
    X(LOSS_PLAN, 0, 0x35584A, 0xA5CDB6, 0x3F9F5F, 2, 6, CELL_DIM)                                  \
    X(HELD_OUT, ON_BACK | ON_CARD, 0xC9A8FF, 0x7A3FB0, 0xFF99FF, 13, 5, 0)                         \
    X(TICK, ON_BACK | ON_CARD, 0xFFCB6B, 0x8F5200, 0xFFFF00, 11, 5, CELL_BOLD)                     \
    X(PATH, ON_MAP, 0xFFFFFF, 0x0A0A0C, 0xFFFFFF, 15, 0, CELL_BOLD)                                \
    X(PATH_OLD, ON_MAP, 0xDADCE2, 0x302D2C, 0xE4E4E4, 15, 0, 0)                                    \
    X(GHOST_A, ON_MAP, 0xA5ECFA, 0x0A2E5C, 0x00FFFF, 14, 4, 0)                                     \
    X(GHOST_B, ON_MAP, 0xFFE08A, 0x5C2A00, 0xFFFF00, 11, 0, 0)                                     \
    X(GHOST_C, ON_MAP, 0xF8D0F4, 0x561A62, 0xFFB8FF, 15, 4, 0)                                     \
    X(GHOST_D, ON_MAP, 0xB9F2A6, 0x0D3B12, 0x80FF80, 11, 0, 0)                                     \
    X(GHOST_E, ON_MAP, 0xFFD6C6, 0x6B1408, 0xFFC0A0, 15, 0, 0)                                     \
    X(HEAD, ON_MAP | ON_BACK, 0xFFD75F, 0x8E0A1C, 0xFFFF00, 11, 0, CELL_BOLD | CELL_REVERSE)       \
    X(START, ON_MAP, 0xFFFFFF, 0x0A0A0C, 0xFFFFFF, 15, 0, CELL_BOLD)                               \
    X(GLOBAL, ON_MAP, 0xFFFFFF, 0x0A0A0C, 0xFFFFFF, 15, 0, CELL_BOLD)                              \
    X(LOCAL, ON_MAP, 0xE8E8EE, 0x26221F, 0xFFFFFF, 15, 0, 0)                                       \
    X(SADDLE, ON_MAP, 0xDADCE2, 0x302D2C, 0xE4E4E4, 15, 0, 0)                                      \
    X(HOLE, 0, 0x2A303B, 0xD5D2C9, 0x606060, 8, 7, CELL_DIM)

typedef enum Role {
#define X(id, ...) ROLE_##id,
    THEME_ROLES(X)
#undef X
    ROLES
} Role;

typedef enum Mark {
    MARK_HEAD, MARK_START, MARK_GLOBAL, MARK_LOCAL, MARK_SADDLE, MARK_KNOT, MARK_HOLE,
    MARK_TOP_LEFT, MARK_TOP_RIGHT, MARK_BOTTOM_LEFT, MARK_BOTTOM_RIGHT, MARK_ACROSS, MARK_DOWN,
    MARK_TICK, MARK_UP_ARROW, MARK_DOWN_ARROW, MARK_BAR, MARK_CARET, MARKS
} Mark;

enum { PAINT_LEVELS = 32, SHADE_HOLE = 255 };

/* Everything a drawing function needs to know about colours and glyphs. About 6 KB, no pointers. */
typedef struct Paint {
    ThemeId theme;
    MapId map;
    ColorMode mode;
    GlyphSet glyphs;
    Color role[ROLES];
    uint32_t attr[ROLES];         /* CELL_* bits that go with a role; 0 where colour says it */
    int levels;                   /* of the heat ramp, 2..PAINT_LEVELS */
    bool dither;                  /* few levels: 4x4 Bayer between neighbours */
    bool shades;                  /* no colour at all: heat as characters */
    Color heat[PAINT_LEVELS];     /* low loss first */
    Color contour[PAINT_LEVELS];  /* line on a cell of that level */
    uint32_t shade[PAINT_LEVELS]; /* glyph by level, where `shades` */
    uint32_t mark[MARKS];
    uint16_t linear[256];         /* sRGB byte -> linear light, 0..65535 */
    uint8_t encode[4097];         /* linear light / 16 -> sRGB byte */
} Paint;

Paint paint_make(ThemeId theme, MapId map, ColorMode mode, GlyphSet glyphs);

/* Level of a shade 0..254 for the pixel (px,py); pixels matter only when dithering. */
static inline int paint_level(const Paint *p, int shade, int px, int py)
{
    static const uint8_t bayer[16] = {0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5};
    if (!p->dither)
        return shade * p->levels / 255;
    int fine = shade * (p->levels - 1);
    int step = fine / 255, rest = fine % 255;
    return step + (rest * 16 > 255 * bayer[(py & 3) * 4 + (px & 3)] + 127);
}
/* The colour of a shade 0..254 between the levels of the ramp; direct colour only. */
Color paint_heat(const Paint *p, double shade);
/* Mean of two colours in linear light; the second where either is not direct. */
Color paint_mean(const Paint *p, Color a, Color b);
/* Direct colour times `factor` in linear light; others unchanged. */
Color paint_scale(const Paint *p, Color c, double factor);
/* Ink mixed into the ground in linear light, as quiet as `contrast` allows; direct colours only. */
Color paint_quiet(const Paint *p, Color ink, Color ground, double contrast);
/* The ground a new glyph on this cell stands on: the mean of the pixels of a half block. */
Color paint_under(const Paint *p, const Cell *cell);

/* 0xRRGGBB of a colour: indices are taken from xterm's palette, COLOR_DEFAULT is `other`. */
uint32_t color_rgb(Color c, uint32_t other);
/* WCAG 2.1 relative luminance (0..1) and contrast (1..21) of a colour; NaN for
 * COLOR_DEFAULT. */
double color_luminance(Color c);
double color_contrast(Color a, Color b);
Color color_nearest_256(uint32_t rgb); /* of the 240 fixed entries */

/* Replace what ASCII cannot show by its nearest look ("η" n, "→" >, "…" .): the last step of a
 * frame. */
void canvas_to_ascii(Canvas *c);

#endif
