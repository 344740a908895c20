/* SPDX-License-Identifier: MIT
 * font: see font.h. A glyph is a path: M moves, L draws a line, Q a quarter of an ellipse whose
 * corner comes first, O an ellipse (its width and height) around the point. Drawn for this program:
 * one grid, round bowls, open shapes that stay apart at 8 pixels. */
#include "view/font.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

typedef struct Glyph {
    uint32_t code;
    float width; /* of the ink; GAP is added behind */
    const char *path;
} Glyph;

static const double gap = 2;

static const Glyph glyphs[] = {
    {' ', 1.5f, ""},
    {'!', 0.2f, "M.1 7L.1 2M.1 0L.1 0"},
    {'"', 1.6f, "M.1 7L.1 5M1.5 7L1.5 5"},
    {'#', 4.4f, "M1.4 7L.8 0M3.6 7L3 0M0 4.8L4.4 4.8M0 2.2L4.4 2.2"},
    {'$', 4, "M3.7 5.4Q3.4 6.4 2 6.4Q.2 6.4 .2 5Q.2 3.8 2 3.5Q4 3.1 4 1.9Q4 .6 2 .6Q.4 .6 0 1.7"
     "M2 7.4L2 -.4"},
    {'%', 5.6f, "M1.2 5.6O2.4 2.8M4.4 1.4O2.4 2.8M4.6 7L1 0"},
    {'&', 4.8f, "M4.6 3Q4.4 0 2 0Q0 0 0 1.8Q0 3 1.6 3.9Q3 4.7 3 5.7Q3 7 2 7Q.9 7 .9 5.8Q.9 4.9 2 3.6L4.8 0"},
    {'\'', 0.2f, "M.1 7L.1 5"},
    {'(', 1.6f, "M1.5 7.6Q0 6 0 3Q0 .2 1.5 -1.6"},
    {')', 1.6f, "M.1 7.6Q1.6 6 1.6 3Q1.6 .2 .1 -1.6"},
    {'*', 3, "M1.5 6.8L1.5 3.6M.1 6L2.9 4.4M.1 4.4L2.9 6"},
    {'+', 3.6f, "M1.8 4.8L1.8 1.2M0 3L3.6 3"},
    {',', 0.6f, "M.5 0L.1 -1.4"},
    {'-', 2.2f, "M0 2.9L2.2 2.9"},
    {'.', 0.2f, "M.1 0L.1 0"},
    {'/', 2.8f, "M2.8 7.4L0 -.8"},
    {'0', 4, "M0 2L0 5Q0 7 2 7Q4 7 4 5L4 2Q4 0 2 0Q0 0 0 2"},
    {'1', 4, "M.7 5.5L2.4 7L2.4 0"},
    {'2', 4, "M.1 5.3Q.1 7 2 7Q3.9 7 3.9 5.3Q3.9 4.3 2.9 3.1L.1 0L4 0"},
    {'3', 4, "M.3 5.8Q.6 7 2 7Q3.8 7 3.8 5.3Q3.8 3.7 1.8 3.7Q4 3.7 4 1.9Q4 0 2 0Q.4 0 .1 1.4"},
    {'4', 4, "M3 0L3 7L0 2.2L4.2 2.2"},
    {'5', 4, "M3.7 7L.7 7L.4 3.7Q1 4.5 2.1 4.5Q4 4.5 4 2.3Q4 0 2 0Q.4 0 .1 1.3"},
    {'6', 4, "M3.7 6.1Q3.2 7 2.2 7Q0 7 0 3.4L0 2.2Q0 0 2 0Q4 0 4 2.2Q4 4.3 2 4.3Q.4 4.3 0 2.6"},
    {'7', 4, "M0 7L4 7L1.4 0"},
    {'8', 4, "M2 3.8Q.3 3.8 .3 5.4Q.3 7 2 7Q3.7 7 3.7 5.4Q3.7 3.8 2 3.8Q0 3.8 0 1.9Q0 0 2 0Q4 0 4 1.9Q4 3.8 2 3.8"},
    {'9', 4, "M.3 .9Q.8 0 1.8 0Q4 0 4 3.6L4 4.8Q4 7 2 7Q0 7 0 4.8Q0 2.7 2 2.7Q3.6 2.7 4 4.4"},
    {':', 0.2f, "M.1 4L.1 4M.1 .4L.1 .4"},
    {';', 0.6f, "M.3 4L.3 4M.5 .2L.1 -1.2"},
    {'<', 3.4f, "M3.4 5L0 3L3.4 1"},
    {'=', 3.6f, "M0 4L3.6 4M0 2L3.6 2"},
    {'>', 3.4f, "M0 5L3.4 3L0 1"},
    {'?', 3.4f, "M0 5.5Q.1 7 1.7 7Q3.4 7 3.4 5.4Q3.4 4.4 2.4 3.7Q1.6 3.1 1.6 2M1.6 0L1.6 0"},
    {'@', 6, "M4.3 3O2.6 3.2"
     "M4.3 4.6L4.3 2.4Q4.3 1.2 5.1 1.2Q6 1.2 6 3.2Q6 6.6 3.1 6.6Q0 6.6 0 3Q0 -.9 3.2 -.9Q4.4 -.9 5 -.5"},
    {'A', 5, "M0 0L2.5 7L5 0M.9 2.4L4.1 2.4"},
    {'B', 4.2f, "M0 0L0 7L2.2 7Q3.8 7 3.8 5.3Q3.8 3.7 2.2 3.7L0 3.7"
     "M2.2 3.7Q4.2 3.7 4.2 1.9Q4.2 0 2.2 0L0 0"},
    {'C', 4.8f, "M4.8 5.4Q4.2 7 2.5 7Q0 7 0 3.5Q0 0 2.5 0Q4.2 0 4.8 1.6"},
    {'D', 4.6f, "M0 0L0 7L1.6 7Q4.6 7 4.6 3.5Q4.6 0 1.6 0L0 0"},
    {'E', 3.8f, "M3.8 7L0 7L0 0L3.8 0M0 3.7L3.3 3.7"},
    {'F', 3.7f, "M3.7 7L0 7L0 0M0 3.6L3.2 3.6"},
    {'G', 5, "M4.8 5.5Q4.2 7 2.5 7Q0 7 0 3.5Q0 0 2.5 0Q5 0 5 3L3 3"},
    {'H', 4.6f, "M0 0L0 7M4.6 0L4.6 7M0 3.6L4.6 3.6"},
    {'I', 0.2f, "M.1 0L.1 7"},
    {'J', 3, "M3 7L3 1.8Q3 0 1.4 0Q.2 0 0 1.3"},
    {'K', 4.4f, "M0 0L0 7M4.2 7L0 2.8M1.5 4.2L4.4 0"},
    {'L', 3.6f, "M0 7L0 0L3.6 0"},
    {'M', 5.6f, "M0 0L0 7L2.8 2L5.6 7L5.6 0"},
    {'N', 4.6f, "M0 0L0 7L4.6 0L4.6 7"},
    {'O', 5.2f, "M2.6 3.5O5.2 7"},
    {'P', 4, "M0 0L0 7L2.2 7Q4 7 4 5.1Q4 3.2 2.2 3.2L0 3.2"},
    {'Q', 5.2f, "M2.6 3.5O5.2 7M3.4 1.6L5.2 -.4"},
    {'R', 4.3f, "M0 0L0 7L2.2 7Q4 7 4 5.2Q4 3.4 2.2 3.4L0 3.4M2.2 3.4L4.3 0"},
    {'S', 4.2f, "M4 5.7Q3.6 7 2.1 7Q.2 7 .2 5.3Q.2 4 2.1 3.7Q4.2 3.3 4.2 1.8Q4.2 0 2.1 0Q.4 0 0 1.4"},
    {'T', 4.6f, "M0 7L4.6 7M2.3 7L2.3 0"},
    {'U', 4.6f, "M0 7L0 2.3Q0 0 2.3 0Q4.6 0 4.6 2.3L4.6 7"},
    {'V', 4.8f, "M0 7L2.4 0L4.8 7"},
    {'W', 7, "M0 7L1.7 0L3.5 6.2L5.3 0L7 7"},
    {'X', 4.6f, "M0 7L4.6 0M4.6 7L0 0"},
    {'Y', 4.6f, "M0 7L2.3 3.4L4.6 7M2.3 3.4L2.3 0"},
    {'Z', 4.4f, "M.1 7L4.3 7L0 0L4.4 0"},
    {'[', 1.4f, "M1.4 7.5L0 7.5L0 -1.5L1.4 -1.5"},
    {'\\', 2.8f, "M0 7.4L2.8 -.8"},
    {']', 1.4f, "M0 7.5L1.4 7.5L1.4 -1.5L0 -1.5"},
    {'^', 3, "M0 4.6L1.5 7L3 4.6"},
    {'_', 4, "M0 -1.2L4 -1.2"},
    {'`', 1.2f, "M0 7L1.2 5.8"},
    {'a', 3.5f, "M3.5 0L3.5 5M3.5 2.5Q3.5 5 1.75 5Q0 5 0 2.5Q0 0 1.75 0Q3.5 0 3.5 2.5"},
    {'b', 3.5f, "M0 0L0 7.3M0 2.5Q0 5 1.75 5Q3.5 5 3.5 2.5Q3.5 0 1.75 0Q0 0 0 2.5"},
    {'c', 3.2f, "M3.2 4Q2.7 5 1.75 5Q0 5 0 2.5Q0 0 1.75 0Q2.7 0 3.2 1"},
    {'d', 3.5f, "M3.5 0L3.5 7.3M3.5 2.5Q3.5 5 1.75 5Q0 5 0 2.5Q0 0 1.75 0Q3.5 0 3.5 2.5"},
    {'e', 3.5f, "M0 2.6L3.5 2.6Q3.5 5 1.75 5Q0 5 0 2.5Q0 0 1.8 0Q2.8 0 3.3 .9"},
    {'f', 2.4f, "M2.5 7.2Q1 7.5 1 5.8L1 0M0 4.9L2.2 4.9"},
    {'g', 3.5f, "M3.5 5L3.5 -.2Q3.5 -2 1.75 -2Q.6 -2 .2 -1.3"
     "M3.5 2.5Q3.5 5 1.75 5Q0 5 0 2.5Q0 0 1.75 0Q3.5 0 3.5 2.5"},
    {'h', 3.3f, "M0 0L0 7.3M0 2.9Q0 5 1.7 5Q3.3 5 3.3 3.2L3.3 0"},
    {'i', 0.2f, "M.1 0L.1 5M.1 6.9L.1 6.9"},
    {'j', 1.3f, "M1.2 5L1.2 -.6Q1.2 -2 -.1 -2M1.2 6.9L1.2 6.9"},
    {'k', 3.2f, "M0 0L0 7.3M3 5L0 2M1.1 3.1L3.2 0"},
    {'l', 1.2f, "M.1 7.3L.1 1.2Q.1 0 1.2 .1"},
    {'m', 5.6f, "M0 0L0 5M0 3Q0 5 1.5 5Q2.8 5 2.8 3.4L2.8 0M2.8 3Q2.8 5 4.3 5Q5.6 5 5.6 3.4L5.6 0"},
    {'n', 3.3f, "M0 0L0 5M0 2.9Q0 5 1.7 5Q3.3 5 3.3 3.2L3.3 0"},
    {'o', 3.6f, "M1.8 2.5O3.6 5"},
    {'p', 3.5f, "M0 -2L0 5M0 2.5Q0 5 1.75 5Q3.5 5 3.5 2.5Q3.5 0 1.75 0Q0 0 0 2.5"},
    {'q', 3.5f, "M3.5 -2L3.5 5M3.5 2.5Q3.5 5 1.75 5Q0 5 0 2.5Q0 0 1.75 0Q3.5 0 3.5 2.5"},
    {'r', 2, "M0 0L0 5M0 2.8Q0 5 2 5"},
    {'s', 3, "M2.8 4.1Q2.6 5 1.5 5Q.1 5 .1 3.8Q.1 2.9 1.5 2.6Q3 2.3 3 1.3Q3 0 1.5 0Q.3 0 0 1"},
    {'t', 2.3f, "M.9 6.6L.9 1.4Q.9 0 2.3 .1M0 4.9L2.2 4.9"},
    {'u', 3.3f, "M0 5L0 1.8Q0 0 1.6 0Q3.3 0 3.3 2.1M3.3 5L3.3 0"},
    {'v', 3.4f, "M0 5L1.7 0L3.4 5"},
    {'w', 5.2f, "M0 5L1.3 0L2.6 4.5L3.9 0L5.2 5"},
    {'x', 3.3f, "M0 5L3.3 0M3.3 5L0 0"},
    {'y', 3.4f, "M0 5L1.75 .1M3.4 5L1.5 -1Q1.2 -2 .1 -2"},
    {'z', 3.2f, "M.1 5L3.1 5L0 0L3.2 0"},
    {'{', 1.8f, "M1.8 7.5Q.8 7.5 .8 6.2L.8 4.2Q.8 3 0 3Q.8 3 .8 1.8L.8 -.2Q.8 -1.5 1.8 -1.5"},
    {'|', 0.2f, "M.1 7.6L.1 -1.6"},
    {'}', 1.8f, "M0 7.5Q1 7.5 1 6.2L1 4.2Q1 3 1.8 3Q1 3 1 1.8L1 -.2Q1 -1.5 0 -1.5"},
    {'~', 3.6f, "M0 2.6Q.2 3.6 1 3.6Q1.5 3.6 1.8 3Q2.1 2.4 2.6 2.4Q3.4 2.4 3.6 3.4"},
    {0x00B1, 3.6f, "M1.8 5.4L1.8 2M0 3.7L3.6 3.7M0 .4L3.6 .4"},
    {0x00B7, 0.2f, "M.1 2.9L.1 2.9"},
    {0x00BD, 5.4f, "M0 6.2L.9 7L.9 3.8M4.8 7L.8 0"
     "M3.2 2.4Q3.3 3.2 4.2 3.2Q5.2 3.2 5.2 2.4Q5.2 1.8 4.4 1.1L3.2 0L5.4 0"},
    {0x00D7, 2.8f, "M.1 4.3L2.7 1.7M2.7 4.3L.1 1.7"},
    {0x0394, 5, "M0 0L2.5 7L5 0L0 0"},
    {0x03B1, 4, "M3.9 5Q3.2 0 1.7 0Q0 0 0 2.5Q0 5 1.7 5Q3.2 5 4 0"},
    {0x03B2, 3.6f, "M0 -2L0 5.2Q0 7.2 1.7 7.2Q3.3 7.2 3.3 5.6Q3.3 4.1 1.4 4"
     "M1.4 4Q3.6 4 3.6 2Q3.6 0 1.8 0Q.5 0 0 1"},
    {0x03B3, 3.5f, "M0 5Q.9 5 1.7 1.2L1.7 -2M3.5 5L1.7 .6"},
    {0x03B5, 3, "M3 4.2Q2.6 5 1.6 5Q.2 5 .2 3.8Q.2 2.7 1.7 2.7Q0 2.7 0 1.4Q0 0 1.6 0Q2.7 0 3.1 .8"},
    {0x03B7, 3.3f, "M0 0L0 5M0 2.9Q0 5 1.7 5Q3.3 5 3.3 3.2L3.3 -2"},
    {0x03B8, 3.4f, "M1.7 3.6O3.4 7.2M0 3.6L3.4 3.6"},
    {0x03BB, 3.6f, "M.2 7.2Q1 7.2 1.4 6L3.6 0M1.9 4.4L0 0"},
    {0x03BC, 3.4f, "M0 5L0 -2M0 1.8Q0 0 1.6 0Q3.3 0 3.3 2.1M3.3 5L3.3 0"},
    {0x03C0, 4, "M0 4.8L4 4.8M1.2 4.8L.9 0M2.9 4.8L2.9 1Q2.9 0 3.9 .1"},
    {0x03C3, 3.9f, "M3.9 5L1.7 5Q0 5 0 2.4Q0 0 1.7 0Q3.4 0 3.4 2.4Q3.4 4.6 1.9 5"},
    {0x03C4, 3.4f, "M0 4.8L3.4 4.8M1.6 4.8L1.6 1.2Q1.6 0 2.8 .1"},
    {0x2013, 3.4f, "M0 2.9L3.4 2.9"},
    {0x2014, 5.6f, "M0 2.9L5.6 2.9"},
    {0x2016, 1.8f, "M.2 7L.2 0M1.6 7L1.6 0"},
    {0x2022, 1.6f, "M.8 3O.9 .9M.8 3O.3 .3"},
    {0x2026, 3.8f, "M.3 0L.3 0M1.9 0L1.9 0M3.5 0L3.5 0"},
    {0x2032, 0.8f, "M.7 7L.1 5"},
    {0x2190, 5, "M5 2.9L0 2.9M2 4.7L0 2.9L2 1.1"},
    {0x2191, 3.4f, "M1.7 0L1.7 6M0 4.2L1.7 6L3.4 4.2"},
    {0x2192, 5, "M0 2.9L5 2.9M3 4.7L5 2.9L3 1.1"},
    {0x2193, 3.4f, "M1.7 6L1.7 0M0 1.8L1.7 0L3.4 1.8"},
    {0x2202, 3.6f, "M.8 6.6Q1.2 7.2 1.9 7.2Q3.6 7.2 3.6 3Q3.6 0 1.8 0Q0 0 0 2.2Q0 4.4 1.8 4.4Q3.2 4.4 3.5 2.8"},
    {0x2207, 5, "M0 7L2.5 0L5 7L0 7"},
    {0x2212, 3.4f, "M0 2.9L3.4 2.9"},
    {0x221A, 4, "M0 3L1 3L2 0L3.4 7.4L4.4 7.4"},
    {0x221E, 6, "M1.5 2.9O3 2.8M4.5 2.9O3 2.8"},
    {0x2248, 3.6f, "M0 3.6Q.2 4.6 1 4.6Q1.5 4.6 1.8 4Q2.1 3.4 2.6 3.4Q3.4 3.4 3.6 4.4"
     "M0 1.4Q.2 2.4 1 2.4Q1.5 2.4 1.8 1.8Q2.1 1.2 2.6 1.2Q3.4 1.2 3.6 2.2"},
    {0x2264, 3.4f, "M3.4 6L0 4L3.4 2M0 .4L3.4 .4"},
    {0x2265, 3.4f, "M0 6L3.4 4L0 2M0 .4L3.4 .4"},
    {0x25B6, 4, "M.2 5.6L3.8 3L.2 .4L.2 5.6M1.2 4L2.6 3L1.2 2L1.2 4"},
    {0x25CB, 4.4f, "M2.2 3O4.2 4.2"},
    {0x25CF, 4.4f, "M2.2 3O4.2 4.2M2.2 3O2.8 2.8M2.2 3O1.4 1.4"},
    {0x25E6, 2.6f, "M1.3 3O2.2 2.2"},
    {0x2605, 5, "M2.5 6.6L3.3 4.1L5 3.9L3.7 2.4L4.1 .2L2.5 1.4L.9 .2L1.3 2.4L0 3.9L1.7 4.1L2.5 6.6M2.5 5L2.5 2M1.4 3.3L3.6 3.3M1.8 2L3.2 3"},
    {0x2715, 4, "M.2 5L3.8 1.4M3.8 5L.2 1.4"},
    {0x2713, 4, "M0 2.6L1.4 .8L4 5.6"},
    {0x03C1, 3.5f, "M0 -2L0 2.5Q0 5 1.75 5Q3.5 5 3.5 2.5Q3.5 0 1.75 0Q0 0 0 2.5"},
    {0x0302, 0, "M-3 6L-2 7.2L-1 6"},
    {0x2196, 3.8f, "M3.6 .6L.2 4.8M.2 2.2L.2 4.8L2.8 4.8"},
    {0x2197, 3.8f, "M.2 .6L3.6 4.8M1 4.8L3.6 4.8L3.6 2.2"},
    {0x2198, 3.8f, "M.2 4.8L3.6 .6M3.6 3.2L3.6 .6L1 .6"},
    {0x2199, 3.8f, "M3.6 4.8L.2 .6M.2 3.2L.2 .6L2.8 .6"},
    {0x2260, 3.6f, "M0 4L3.6 4M0 2L3.6 2M3 5.4L.6 .6"},
    {0x230A, 1.4f, "M0 7L0 -1.5L1.4 -1.5"},
    {0x230B, 1.4f, "M1.4 7L1.4 -1.5L0 -1.5"},
    {0x25A0, 4, "M.4 .8L3.6 .8L3.6 4.8L.4 4.8L.4 .8M.4 1.8L3.6 1.8M.4 2.8L3.6 2.8M.4 3.8L3.6 3.8"},
    {0x25B2, 4.6f, "M.2 .6L4.4 .6L2.3 5L.2 .6M1.4 1.6L3.2 1.6L2.3 3.4L1.4 1.6M2.3 2.4L2.3 2"},
    {0x25B8, 3, "M.2 5L2.8 3L.2 1L.2 5M1 3.6L1.8 3L1 2.4L1 3.6"},
    {0x25BC, 4.6f, "M.2 5L4.4 5L2.3 .6L.2 5M1.4 4L3.2 4L2.3 2.2L1.4 4M2.3 3.4L2.3 3"},
    {0x25C6, 4.4f, "M2.2 .4L4.2 3L2.2 5.6L.2 3L2.2 .4M2.2 1.8L3.2 3L2.2 4.2L1.2 3L2.2 1.8"},
    {0x2606, 5, "M2.5 6.6L3.3 4.1L5 3.9L3.7 2.4L4.1 .2L2.5 1.4L.9 .2L1.3 2.4L0 3.9L1.7 4.1L2.5 6.6"},
    {0x2717, 3.8f, "M.4 5.6L3.4 .8M3.4 5L.2 1.4"},
    {0x2718, 3.8f, "M.4 5.6L3.4 .8M3.4 5L.2 1.4"},
    {0xFFFD, 3.6f, "M0 0L0 6L3.6 6L3.6 0L0 0"},
};

/* Small figures above and below the line are the large ones at 0.6 of their size. */
static const struct {
    uint32_t code, of;
    float up;
} small[] = {
    {0x00B9, '1', 3.2f}, {0x00B2, '2', 3.2f}, {0x00B3, '3', 3.2f}, {0x207B, 0x2212, 3.4f},
    {0x2080, '0', -1.5f}, {0x2081, '1', -1.5f}, {0x2082, '2', -1.5f}, {0x2083, '3', -1.5f},
    {0x2099, 'n', -1.5f}, {0x2070, '0', 3.2f}, {0x209C, 't', -1.5f}, {0x208A, '+', -1.5f},
    {0x1D62, 'i', -1.5f}, {0x1D58, 'u', 3.2f}, {0x207F, 'n', 3.2f}, {0x1D57, 't', 3.2f},
};

/* A glyph as it stands on the line. */
typedef struct Set {
    const Glyph *glyph;
    double scale, up;
} Set;

static const Glyph *glyph_of(uint32_t code)
{
    size_t lo = 0, hi = sizeof glyphs / sizeof glyphs[0];
    for (size_t i = lo; i < hi; i++)
        if (glyphs[i].code == code)
            return &glyphs[i];
    return NULL;
}

static bool find_set(uint32_t code, Set *set)
{
    for (size_t i = 0; i < sizeof small / sizeof small[0]; i++)
        if (small[i].code == code) {
            *set = (Set){glyph_of(small[i].of), 0.6, (double)small[i].up};
            return true;
        }
    *set = (Set){glyph_of(code), 1, 0};
    if (set->glyph)
        return true;
    set->glyph = glyph_of(0xFFFD);
    return false;
}

bool font_has(uint32_t code)
{
    Set set;
    return find_set(code, &set);
}

static double advance_of(const Set *set)
{
    return set->glyph->width > 0 ? set->scale * ((double)set->glyph->width + gap) : 0; /* an accent */
}

double font_width(const char *text, double height)
{
    double width = 0;
    Set set;
    for (uint32_t code; (code = utf8_next(&text)) != 0;) {
        find_set(code, &set);
        width += advance_of(&set);
    }
    return width > 0 ? (width - gap) * height / FONT_CAPITAL : 0;
}

/* --- paths --------------------------------------------------------------------------------- */

enum { ARC = 6, POINTS = 64 };

typedef struct Nib {
    Vec2 point[POINTS];
    int count;
    Vec2 at;      /* of the glyph on the line */
    double scale;
    FontStroke *stroke;
    void *to;
} Nib;

static void nib_lift(Nib *n)
{
    if (n->count)
        n->stroke(n->to, n->point, n->count);
    n->count = 0;
}

static void nib_to(Nib *n, Vec2 p)
{
    if (n->count == POINTS) {
        Vec2 last = n->point[POINTS - 1];
        nib_lift(n);
        n->point[n->count++] = last;
    }
    n->point[n->count++] = vec_add(n->at, vec_scale(n->scale, p));
}

/* A conic of weight sqrt(1/2): exactly a quarter of an ellipse where the corner is a right one. */
static void nib_arc(Nib *n, Vec2 a, Vec2 corner, Vec2 b)
{
    for (int k = 1; k <= ARC; k++) {
        double t = (double)k / ARC, wa = (1 - t) * (1 - t), wc = 2 * sqrt(0.5) * t * (1 - t), wb = t * t;
        double all = wa + wc + wb;
        nib_to(n, vec2((wa * a.x + wc * corner.x + wb * b.x) / all,
                       (wa * a.y + wc * corner.y + wb * b.y) / all));
    }
}

static void nib_ellipse(Nib *n, Vec2 c, Vec2 size)
{
    double rx = size.x / 2, ry = size.y / 2;
    nib_lift(n);
    nib_to(n, vec2(c.x + rx, c.y));
    nib_arc(n, vec2(c.x + rx, c.y), vec2(c.x + rx, c.y + ry), vec2(c.x, c.y + ry));
    nib_arc(n, vec2(c.x, c.y + ry), vec2(c.x - rx, c.y + ry), vec2(c.x - rx, c.y));
    nib_arc(n, vec2(c.x - rx, c.y), vec2(c.x - rx, c.y - ry), vec2(c.x, c.y - ry));
    nib_arc(n, vec2(c.x, c.y - ry), vec2(c.x + rx, c.y - ry), vec2(c.x + rx, c.y));
}

static Vec2 read_point(const char **path)
{
    char *end;
    double x = strtod(*path, &end);
    double y = strtod(end, &end);
    *path = end;
    return vec2(x, y);
}

static void draw_path(Nib *n, const char *path)
{
    Vec2 last = vec2(0, 0);
    while (*path) {
        char verb = *path++;
        Vec2 p = read_point(&path);
        if (verb == 'M') {
            nib_lift(n);
            if (*path != 'O')
                nib_to(n, p);
        } else if (verb == 'L') {
            nib_to(n, p);
        } else if (verb == 'O') {
            nib_ellipse(n, last, p);
        } else {
            Vec2 corner = p;
            p = read_point(&path);
            nib_arc(n, last, corner, p);
        }
        last = p;
    }
    nib_lift(n);
}

void font_strokes(const char *text, double height, FontStroke *stroke, void *to)
{
    double unit = height / FONT_CAPITAL, x = 0;
    Set set;
    for (uint32_t code; (code = utf8_next(&text)) != 0;) {
        find_set(code, &set);
        Nib n = {.at = vec2(x, set.up * unit), .scale = set.scale * unit, .stroke = stroke, .to = to};
        draw_path(&n, set.glyph->path);
        x += advance_of(&set) * unit;
    }
}
