/* SPDX-License-Identifier: MIT
 * theme: tables of colours and glyphs, and their resolution for one output. */
#include "view/theme.h"

#include <math.h>
#include <string.h>

const char *const theme_names[] = {"dark", "light", "contrast", "mono", NULL};
const char *const map_names[] = {"inferno", "viridis", "cividis", "grey", NULL};
const char *const mode_names[] = {"truecolor", "256", "16", "8", "mono", NULL};
const char *const glyph_names[] = {"braille", "octant", "quadrant", "ascii", NULL};

typedef struct RoleRow {
    uint32_t grounds, dark, light, contrast;
    uint8_t dark16, light16, attr;
} RoleRow;

static const RoleRow roles[ROLES] = {
#define X(id, grounds, dark, light, contrast, dark16, light16, attr)                               \
    {grounds, dark, light, contrast, dark16, light16, attr},
    THEME_ROLES(X)
#undef X
};

/* 33 anchors of the published maps (inferno, viridis: van der Walt and Smith 2015; cividis: Nunez
 * et al. 2018; all CC0), equally spaced and close enough for straight lines in between. */
enum { ANCHORS = 33 };
static const uint32_t anchors[MAPS][ANCHORS] = {
    [MAP_INFERNO] = {0x000004, 0x040312, 0x0B0724, 0x150B37, 0x210C4A, 0x2F0A5B, 0x3D0965,
                     0x4A0C6B, 0x57106E, 0x63156E, 0x70196E, 0x7D1E6D, 0x89226A, 0x962766,
                     0xA32C61, 0xAF315B, 0xBB3755, 0xC63D4D, 0xD14545, 0xDA4F3C, 0xE35932,
                     0xEB6529, 0xF1721E, 0xF67F14, 0xF98D0A, 0xFB9B06, 0xFCAA0F, 0xFBBA1F,
                     0xF9C932, 0xF5D949, 0xF2E865, 0xF3F586, 0xFCFFA4},
    [MAP_VIRIDIS] = {0x440154, 0x470D60, 0x48186A, 0x482374, 0x472D7B, 0x453781, 0x424086,
                     0x3E4989, 0x3B528B, 0x375B8D, 0x33638D, 0x2F6B8E, 0x2C728E, 0x297A8E,
                     0x26828E, 0x23898E, 0x21918D, 0x1F978B, 0x1F9F88, 0x21A685, 0x27AD81,
                     0x31B57B, 0x3EBC74, 0x4DC26C, 0x5DC863, 0x6ECE58, 0x82D34D, 0x95D840,
                     0xAADC32, 0xC0DF25, 0xD5E21A, 0xEAE51A, 0xFDE725},
    [MAP_CIVIDIS] = {0x002051, 0x00265D, 0x012B65, 0x083169, 0x11366C, 0x1C3C6E, 0x26426E,
                     0x31476E, 0x3C4D6E, 0x47536D, 0x51586E, 0x5A5E6E, 0x62646F, 0x6A6A70,
                     0x727071, 0x797673, 0x7F7C75, 0x868276, 0x8C8877, 0x938E78, 0x9A9478,
                     0xA19B78, 0xA9A177, 0xB2A874, 0xBBAF71, 0xC5B66D, 0xCEBD68, 0xD8C462,
                     0xE2CB5C, 0xEBD355, 0xF3DA4F, 0xFAE249, 0xFDEA45},
    [MAP_GREY] = {0x080808, 0x101010, 0x171717, 0x1F1F1F, 0x272727, 0x2F2F2F, 0x363636,
                  0x3E3E3E, 0x464646, 0x4D4D4D, 0x555555, 0x5D5D5D, 0x656565, 0x6C6C6C,
                  0x747474, 0x7C7C7C, 0x848484, 0x8B8B8B, 0x939393, 0x9B9B9B, 0xA2A2A2,
                  0xAAAAAA, 0xB2B2B2, 0xBABABA, 0xC1C1C1, 0xC9C9C9, 0xD1D1D1, 0xD9D9D9,
                  0xE0E0E0, 0xE8E8E8, 0xF0F0F0, 0xF7F7F7, 0xFFFFFF},
};

/* The largest (light theme: smallest) luminance of a cell. 0.20 leaves white 4.2:1 and a ghost of
 * luminance 0.70 its 3:1; in the light theme a ball of luminance 0.06 has it from 0.28 up. */
static const double map_limit[THEMES] = {0.20, 0.29, 0.13, 0.13};

/* Palette ramps, made by hand: luminance rises from entry to entry, flat bands like those of a
 * topographic map. The nearest entries of the 6x6x6 cube do not even rise. First number: count. */
static const uint8_t ramp256_dark[MAPS][14] = {
    [MAP_INFERNO] = {8, 232, 17, 53, 54, 89, 90, 125, 161},
    [MAP_VIRIDIS] = {6, 233, 17, 18, 24, 25, 30},
    [MAP_CIVIDIS] = {7, 232, 17, 236, 238, 240, 60, 243},
    [MAP_GREY] = {12, 232, 233, 234, 235, 236, 237, 238, 239, 240, 241, 242, 243},
};
static const uint8_t ramp256_light[MAPS][14] = {
    [MAP_INFERNO] = {6, 208, 214, 220, 227, 229, 230},
    [MAP_VIRIDIS] = {7, 71, 72, 78, 114, 149, 191, 229},
    [MAP_CIVIDIS] = {7, 143, 144, 179, 185, 221, 227, 229},
    [MAP_GREY] = {9, 248, 249, 250, 251, 252, 253, 254, 255, 231},
};
static const uint8_t ramp256_contrast[MAPS][14] = {
    [MAP_INFERNO] = {6, 232, 17, 53, 54, 89, 90},
    [MAP_VIRIDIS] = {5, 232, 233, 17, 18, 24},
    [MAP_CIVIDIS] = {5, 232, 17, 236, 238, 240},
    [MAP_GREY] = {10, 232, 233, 234, 235, 236, 237, 238, 239, 240, 241},
};
static const uint8_t ramp16_dark[MAPS][6] = {{5, 0, 4, 5, 1, 9}, {3, 0, 4, 8}, {3, 0, 4, 8},
                                             {2, 0, 8}};
static const uint8_t ramp16_light[MAPS][6] = {{4, 6, 3, 11, 15}, {4, 6, 2, 7, 15}, {3, 6, 7, 15},
                                              {2, 7, 15}};
static const uint8_t ramp8_dark[MAPS][6] = {{4, 0, 4, 5, 1}, {3, 0, 4, 5}, {2, 0, 4}, {2, 0, 4}};
static const uint8_t ramp8_light[MAPS][6] = {{3, 6, 3, 7}, {3, 6, 2, 7}, {2, 6, 7}, {2, 6, 7}};

static const char shades_ascii[] = " .:-=+*#";

static const uint32_t marks[2][MARKS] = {
    {0x25CF, 0x25CB, 0x2605, 0x2715, 0x25E6, 0x2022, 0x2591, 0x256D, 0x256E, 0x2570, 0x256F,
     0x2500, 0x2502, 0x2534, 0x2191, 0x2193, 0x2588, 0x25B2},
    {'@', 'O', '*', 'x', '+', 'o', '/', '.', '.', '\'', '\'', '-', '|', '+', '^', 'v', '#', '^'},
};

/* --- light -------------------------------------------------------------------------------- */

static double linear_of(double byte)
{
    double v = byte / 255.0;
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static unsigned byte_of(double linear)
{
    double v = linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow(linear, 1 / 2.4) - 0.055;
    return (unsigned)lround(255 * fmin(fmax(v, 0), 1));
}

/* xterm's palette, 0..15 its defaults, which a user can change. */
static uint32_t palette_rgb(unsigned i)
{
    static const uint32_t first[16] = {0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD,
                                       0x00CDCD, 0xE5E5E5, 0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00,
                                       0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF};
    static const uint8_t cube[6] = {0, 95, 135, 175, 215, 255};
    if (i < 16)
        return first[i];
    if (i >= 232)
        return (8 + 10 * (i - 232)) * 0x010101u;
    i -= 16;
    return (uint32_t)cube[i / 36] << 16 | (uint32_t)cube[i / 6 % 6] << 8 | cube[i % 6];
}

uint32_t color_rgb(Color c, uint32_t other)
{
    if (c == COLOR_DEFAULT)
        return other;
    return color_is_index(c) ? palette_rgb(c & 0xFF) : c & 0xFFFFFF;
}

double color_luminance(Color c)
{
    if (c == COLOR_DEFAULT)
        return (double)NAN;
    uint32_t rgb = color_rgb(c, 0);
    return 0.2126 * linear_of(rgb >> 16 & 0xFF) + 0.7152 * linear_of(rgb >> 8 & 0xFF) +
           0.0722 * linear_of(rgb & 0xFF);
}

double color_contrast(Color a, Color b)
{
    double la = color_luminance(a), lb = color_luminance(b);
    return (fmax(la, lb) + 0.05) / (fmin(la, lb) + 0.05);
}

Color color_nearest_256(uint32_t rgb)
{
    unsigned best = 16;
    long nearest = 0x7FFFFFFF;
    for (unsigned i = 16; i < 256; i++) {
        uint32_t p = palette_rgb(i);
        long r = (long)(rgb >> 16 & 0xFF) - (long)(p >> 16 & 0xFF);
        long g = (long)(rgb >> 8 & 0xFF) - (long)(p >> 8 & 0xFF);
        long b = (long)(rgb & 0xFF) - (long)(p & 0xFF);
        long far = 3 * r * r + 6 * g * g + 2 * b * b;
        if (far < nearest) {
            nearest = far;
            best = i;
        }
    }
    return COLOR_INDEX | best;
}

Color paint_mean(const Paint *p, Color a, Color b)
{
    if (a == b || (a | b) > 0xFFFFFF)
        return b;
    Color mean = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
        unsigned sum = p->linear[a >> shift & 0xFF] + (unsigned)p->linear[b >> shift & 0xFF];
        mean |= (Color)p->encode[sum / 32] << shift;
    }
    return mean;
}

Color paint_scale(const Paint *p, Color c, double factor)
{
    if (c > 0xFFFFFF)
        return c;
    Color out = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
        double light = fmin(p->linear[c >> shift & 0xFF] * factor, 65535);
        out |= (Color)p->encode[(int)(light / 16)] << shift;
    }
    return out;
}

/* A stroke can be an upper half block too; its ink, never a colour of the map, is no ground. */
static double luminance_of(const Paint *p, Color c)
{
    return (0.2126 * p->linear[c >> 16 & 255] + 0.7152 * p->linear[c >> 8 & 255] +
            0.0722 * p->linear[c & 255]) / 65535;
}

Color paint_quiet(const Paint *p, Color ink, Color ground, double contrast)
{
    if (ink > 0xFFFFFF || ground > 0xFFFFFF)
        return ink;
    double a = luminance_of(p, ink);
    double b = luminance_of(p, ground);
    double want = a > b ? contrast * (b + 0.05) - 0.05 : (b + 0.05) / contrast - 0.05;
    double part = a == b ? 1 : (want - b) / (a - b);
    Color out = 0;
    if (!(part > 0 && part < 1))
        return ink;
    for (int shift = 0; shift < 24; shift += 8) {
        double mixed = part * p->linear[ink >> shift & 255] +
                       (1 - part) * p->linear[ground >> shift & 255];
        out |= (Color)p->encode[(int)(mixed / 16 + 0.5)] << shift;
    }
    return out;
}

Color paint_under(const Paint *p, const Cell *cell)
{
    if (cell->glyph != 0x2580)
        return cell->bg;
    for (int i = ROLE_PATH; i <= ROLE_GHOST_E; i++)
        if (cell->fg == p->role[i])
            return cell->bg;
    return paint_mean(p, cell->fg, cell->bg);
}

/* --- resolution --------------------------------------------------------------------------- */

static Color grey_of(uint32_t rgb)
{
    return byte_of(color_luminance(rgb)) * 0x010101u;
}

/* 8 colours: bright entries fall to their dark ones (dim text to white), and what stands on the
 * map takes the path's colour, the only one that is safe there. */
static unsigned index_8(const RoleRow *r, const RoleRow *path, bool light)
{
    unsigned i = r->grounds & ON_MAP ? (light ? path->light16 : path->dark16)
                                     : (light ? r->light16 : r->dark16);
    return i == 8 ? (light ? 0 : 7) : i & 7;
}

static Color role_color(ThemeId theme, ColorMode mode, int i)
{
    const RoleRow *r = &roles[i];
    bool light = theme == THEME_LIGHT;
    uint32_t rgb = light ? r->light : theme == THEME_DARK ? r->dark : r->contrast;
    unsigned index = light ? r->light16 : r->dark16;
    if (theme == THEME_MONO) {
        rgb = grey_of(rgb);
        index = index == 8 || index == 0 ? index : i == ROLE_SELECT ? 8 : 15;
    }
    if (mode == MODE_MONO)
        return COLOR_DEFAULT;
    if (mode == MODE_8 && theme == THEME_MONO)
        return COLOR_INDEX | (index == 15 ? 7 : 0);
    return mode == MODE_TRUECOLOR ? rgb
           : mode == MODE_256     ? color_nearest_256(rgb)
           : mode == MODE_16      ? COLOR_INDEX | index
                                  : COLOR_INDEX | index_8(r, &roles[ROLE_PATH], light);
}

/* Colour says most of it; without hues weight helps, without any colour attributes do it all. */
static uint32_t role_attr(ThemeId theme, ColorMode mode, int i)
{
    if (mode == MODE_MONO)
        return roles[i].attr;
    return theme == THEME_MONO || i == ROLE_TITLE ? roles[i].attr & CELL_BOLD : 0;
}

static Color map_at(MapId map, double t)
{
    double at = t * (ANCHORS - 1);
    int i = at >= ANCHORS - 1 ? ANCHORS - 2 : (int)at;
    double part = at - i;
    Color out = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
        double a = anchors[map][i] >> shift & 0xFF, b = anchors[map][i + 1] >> shift & 0xFF;
        out |= (Color)lround(a + part * (b - a)) << shift;
    }
    return out;
}

/* Where the map passes a luminance; it rises all along. */
static double map_where(MapId map, double luminance)
{
    double lo = 0, hi = 1;
    for (int i = 0; i < 30; i++) {
        double mid = 0.5 * (lo + hi);
        if (color_luminance(map_at(map, mid)) < luminance)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

/* A colour lifted towards white, in linear light, until it has a luminance; what white takes of its
 * hue is given back, which keeps the luminance where no channel is full. */
static Color lift(Color c, double luminance)
{
    double own = color_luminance(c), part = own < luminance ? (luminance - own) / (1 - own) : 0;
    Color out = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
        double light = linear_of(c >> shift & 0xFF);
        light += part * (1 - light);
        out |= (Color)byte_of(light + 1.2 * part * (light - luminance)) << shift;
    }
    return out;
}

/* Dark themes use the dark end of a map. The light one has all its hues, as pastels: its dark end is
 * lifted to the least luminance allowed, and the rest in proportion. */
static void heat_direct(Paint *p, MapId map)
{
    double limit = map_limit[p->theme], to = map_where(map, limit), lilac = map_where(map, 0.02);
    p->levels = PAINT_LEVELS;
    for (int i = 0; i < p->levels; i++) {
        double at = (double)i / (p->levels - 1);
        if (p->theme == THEME_LIGHT)
            p->heat[i] = lift(map_at(map, lilac + (1 - lilac) * at),
                              limit + 1e-3 + (0.93 - limit) * at);
        else
            p->heat[i] = map_at(map, to * at);
    }
}

Color paint_heat(const Paint *p, double shade)
{
    double at = fmin(fmax(shade, 0), 254) / 254 * (p->levels - 1);
    int i = at >= p->levels - 1 ? p->levels - 2 : (int)at;
    double part = at - i;
    Color out = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
        double a = p->heat[i] >> shift & 0xFF, b = p->heat[i + 1] >> shift & 0xFF;
        out |= (Color)lround(a + part * (b - a)) << shift;
    }
    return out;
}

static const uint8_t *palette_ramp(const Paint *p, MapId map)
{
    bool light = p->theme == THEME_LIGHT;
    if (p->mode == MODE_256)
        return light                    ? ramp256_light[map]
               : p->theme == THEME_DARK ? ramp256_dark[map]
                                        : ramp256_contrast[map];
    if (p->mode == MODE_16)
        return light ? ramp16_light[map] : ramp16_dark[map];
    return light ? ramp8_light[map] : ramp8_dark[map];
}

static void heat_palette(Paint *p, MapId map)
{
    const uint8_t *ramp = palette_ramp(p, map);
    p->levels = ramp[0];
    p->dither = p->mode != MODE_256;
    for (int i = 0; i < p->levels; i++)
        p->heat[i] = COLOR_INDEX | ramp[1 + i];
}

static void heat_shades(Paint *p)
{
    p->shades = true;
    p->levels = (int)sizeof shades_ascii - 1;
    for (int i = 0; i < p->levels; i++) {
        p->heat[i] = COLOR_DEFAULT;
        p->shade[i] = (unsigned char)shades_ascii[i];
    }
}

/* A contour takes the map's own colour a little further along the ramp: lighter lines in the
 * valleys, darker ones on the slopes, always quiet (about 1.4:1) and never a foreign hue; in
 * palettes the next band. On the bright map of the light theme it is the cell's colour, darker. */
static void contour_inks(Paint *p)
{
    double want = p->theme == THEME_CONTRAST ? 1.9 : 1.42;
    for (int i = 0; i < p->levels; i++) {
        if (p->theme == THEME_LIGHT && p->mode == MODE_TRUECOLOR) {
            p->contour[i] = paint_scale(p, p->heat[i], 0.68);
            continue;
        }
        int step = i < p->levels * 55 / 100 ? 1 : -1, at = i;
        while (at + step >= 0 && at + step < p->levels &&
               (at == i || p->mode == MODE_TRUECOLOR) &&
               color_contrast(p->heat[at], p->heat[i]) < want)
            at += step;
        p->contour[i] = p->heat[at];
    }
}

static void light_tables(Paint *p)
{
    for (unsigned i = 0; i < 256; i++)
        p->linear[i] = (uint16_t)lround(65535 * linear_of(i));
    unsigned byte = 0;
    double above = linear_of(0.5); /* from here on it is the next byte */
    for (unsigned i = 0; i <= 4096; i++) {
        while (i / 4096.0 >= above)
            above = linear_of(++byte + 0.5);
        p->encode[i] = (uint8_t)byte;
    }
}

Paint paint_make(ThemeId theme, MapId map, ColorMode mode, GlyphSet glyphs)
{
    Paint p = {.theme = theme, .map = map, .mode = mode, .glyphs = glyphs};
    light_tables(&p);
    for (int i = 0; i < ROLES; i++) {
        p.role[i] = role_color(theme, mode, i);
        p.attr[i] = role_attr(theme, mode, i);
    }
    if (mode == MODE_MONO)
        heat_shades(&p);
    else if (mode == MODE_TRUECOLOR)
        heat_direct(&p, theme == THEME_MONO ? MAP_GREY : map);
    else
        heat_palette(&p, theme == THEME_MONO ? MAP_GREY : map);
    contour_inks(&p);
    memcpy(p.mark, marks[glyphs == GLYPHS_ASCII], sizeof p.mark);
    return p;
}

/* --- ASCII -------------------------------------------------------------------------------- */

static const struct {
    uint32_t from;
    char to;
} looks[] = {
    {0x03B7, 'n'}, {0x03BB, 'l'}, {0x03B1, 'a'}, {0x03B2, 'b'}, {0x03B3, 'g'}, {0x03B5, 'e'},
    {0x03C0, 'p'}, {0x03B8, 'o'}, {0x03C3, 's'}, {0x03BC, 'u'}, {0x0394, 'D'}, {0x2207, 'g'},
    {0x2192, '>'},
    {0x2190, '<'}, {0x2191, '^'}, {0x2193, 'v'}, {0x2196, '\\'}, {0x2197, '/'}, {0x2198, '\\'},
    {0x2199, '/'}, {0x2026, '.'}, {0x2212, '-'}, {0x2013, '-'}, {0x2014, '-'}, {0x00B7, '.'},
    {0x00D7, 'x'}, {0x2265, '>'}, {0x2264, '<'}, {0x2248, '~'}, {0x221E, 'I'}, {0x2605, '*'},
    {0x2715, 'x'}, {0x25CF, '@'}, {0x25CB, 'O'}, {0x2022, 'o'}, {0x25E6, '+'}, {0x25B6, '>'},
    {0x25B2, '^'}, {0x25BC, 'v'}, {0x2016, '|'}, {0x221A, 'V'}, {0x00B2, '2'}, {0x2080, '0'},
    {0x2081, '1'}, {0x2082, '2'}, {0x00BD, '5'}, {0x2032, '\''}, {0x256D, '.'}, {0x256E, '.'},
    {0x2570, '\''}, {0x256F, '\''}, {0x2500, '-'}, {0x2502, '|'}, {0x2534, '+'}, {0x251C, '+'},
    {0x2524, '+'}, {0x2591, '/'}, {0x2592, '%'}, {0x25A0, '#'}, {0x2713, 'v'}, {0x25B8, '>'},
    {0x25C6, '#'}, {0x2606, '.'}, {0x2717, 'x'}, {0x2718, 'x'}, {0x2202, 'd'}, {0x2099, 'n'},
};

static uint32_t ascii_look(uint32_t glyph)
{
    for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++)
        if (looks[i].from == glyph)
            return (unsigned char)looks[i].to;
    if (glyph >= 0x2580 && glyph <= 0x259F)
        return '#';
    if (glyph > 0x2800 && glyph <= 0x28FF)
        return '.';
    return glyph == 0x2800 ? ' ' : '?';
}

/* A digit, a letter of any alphabet or what may close a factor. */
static bool is_operand(uint32_t glyph)
{
    return (glyph >= '0' && glyph <= '9') || (glyph >= 'a' && glyph <= 'z') ||
           (glyph >= 'A' && glyph <= 'Z') || (glyph >= 0x0391 && glyph <= 0x03C9) || glyph == ')' ||
           glyph == 0x2032 || (glyph >= 0x2080 && glyph <= 0x209C);
}

/* Between factors a dot is a product, before a value an arrow an assignment: "x:= 0.1*20". `at`:
 * two glyphs to each side and the one in question, blanks past the edges. */
static uint32_t ascii_sign(const uint32_t at[5])
{
    bool opens = is_operand(at[3]) || at[3] == '(' || at[3] == 0x221A;
    bool value = is_operand(at[4]) || at[4] == '-' || at[4] == '(' || at[4] == 0x2212;
    if (at[2] == 0x00B7 && is_operand(at[1]) && opens)
        return '*';
    if (at[2] == 0x2190 && at[1] == ' ' && at[3] == ' ' && is_operand(at[0]) && value)
        return '=';
    return ascii_look(at[2]);
}

void canvas_to_ascii(Canvas *c)
{
    for (int row = 0; row < c->rows; row++) {
        Cell *line = c->cell + (size_t)row * (size_t)c->cols;
        uint32_t at[5] = {' ', ' ', ' ', ' ', ' '}; /* slides along the row */
        for (int col = -2; col < c->cols; col++) {
            memmove(at, at + 1, 4 * sizeof at[0]);
            at[4] = col + 2 < c->cols ? line[col + 2].glyph : ' ';
            if (col >= 0 && line[col].glyph > 0x7E)
                line[col].glyph = ascii_sign(at);
            if (col > 0 && at[2] == 0x2190 && line[col].glyph == '=')
                line[col - 1].glyph = ':';
        }
    }
}
