/* SPDX-License-Identifier: MIT
 * figure: a picture as plain data. Panels with axes hold heat, strokes, marks, bands, fences,
 * arrows, labels, all in data coordinates and colour roles. It knows no runs: plots.c makes figures
 * of runs, and three renderers draw them (cells, pixels, vector).
 *
 * Pixels and vector share this layout: figure_draw turns a figure into strokes, areas and words in
 * picture coordinates (x right, y down, from the upper left corner) and hands them to a pen.
 * A `unit` is the length that a pixel has at 900 x 600: widths and letters are given in it. */
#ifndef ETA_VIEW_FIGURE_H
#define ETA_VIEW_FIGURE_H

#include "base/vec.h"
#include "view/axis.h"
#include "view/canvas.h"
#include "view/field.h"
#include "view/theme.h"

enum {
    FIGURE_PANELS = 4,
    FIGURE_SHAPES = 360,
    FIGURE_TEXT = 96,
};

typedef struct Box {
    double x0, y0, x1, y1; /* left, upper, right, lower edge */
} Box;

/* --- data ---------------------------------------------------------------------------------- */

typedef enum LineStyle { LINE_SOLID, LINE_DASHED, LINE_DOTTED, LINE_SPARSE, LINE_STYLES } LineStyle;

/* The i-th point of a polyline; a NaN is a gap. */
typedef Vec2 StrokeAt(const void *from, long i);

typedef struct Stroke {
    StrokeAt *at;
    const void *from;       /* borrowed */
    long first, last;       /* points first..last; none where last < first */
    unsigned long revision; /* other points, other number: for renderers that keep what they drew */
    double width;           /* units */
    LineStyle style;
    double alpha; /* 0..1; of the old part where there is a bright one */
    long bright;  /* about so many newest points rise to `bright_role`; 0: one colour */
    Role bright_role;
    bool dots;      /* a dot at every point that stands apart from the one before */
    bool halo;      /* on a ground of its own */
    bool scattered; /* no line: a dot, or with MARK_SADDLE a ring, at every point */
} Stroke;

typedef enum ShapeKind {
    SHAPE_STROKE,
    SHAPE_BAND,  /* between `stroke.at` and `upper`, same points */
    SHAPE_MARK,  /* at `a`; outside the axes an arrow at the edge */
    SHAPE_FENCE, /* across the panel: a.x or a.y is NaN; its text at the end, b.y lines down */
    SHAPE_ARROW, /* from `a` to `b` */
    SHAPE_LABEL, /* text in the right margin, at the height of a.y; labels keep apart */
    SHAPE_WORDS, /* text beside `a` */
    SHAPE_TICK,  /* a caret under the axis at a.x */
} ShapeKind;

typedef struct Shape {
    ShapeKind kind;
    Role role;
    Vec2 a, b;
    Stroke stroke;
    StrokeAt *upper;
    Mark mark;
    char text[FIGURE_TEXT]; /* words; of a mark: a letter in its place */
    bool swatch;            /* a label of a key: with a square of `color` before it */
    Color color;
} Shape;

typedef struct FigureAxis {
    Scale scale;
    bool steps; /* whole steps 0..hi: first and last are labelled */
    char name[FIGURE_TEXT];
} FigureAxis;

/* A ground of even tiles, row by row from the upper left; 0xRRGGBB. */
typedef struct Tiles {
    int cols, rows;
    const Color *color; /* borrowed */
} Tiles;

typedef struct Panel {
    Box at; /* its share of the figure, 0..1 */
    char title[FIGURE_TEXT];
    char note[FIGURE_TEXT]; /* right of the title, quieter */
    FigureAxis x, y;
    const Field *heat; /* borrowed; NULL: none */
    const Tiles *tiles; /* in its place; borrowed; NULL: none */
    int first, shapes; /* Figure.shape; the first drawn lies lowest */
} Panel;

typedef struct Figure {
    char title[2 * FIGURE_TEXT]; /* what a screen reader says */
    bool bare;                   /* nothing but what is inside the axes: words stand elsewhere */
    Panel panel[FIGURE_PANELS];
    int panels;
    Shape shape[FIGURE_SHAPES];
    int shapes;
} Figure;

/* A bare figure of one panel, and the cells of a screen that it stands on. */
typedef struct FigureSlot {
    const Figure *figure;
    Rect cells;         /* empty: it is not shown */
    unsigned long base; /* another number: heat, window or scale are others */
} FigureSlot;

/* Begin anew; the panel added fills the figure until it is told otherwise. */
void figure_start(Figure *f, const char *title);
Panel *figure_panel(Figure *f, const char *title, const char *note);
/* A shape of the last panel; where there is no room for more, one that is not drawn. */
Shape *figure_add(Figure *f, ShapeKind kind, Role role);

/* --- drawing ------------------------------------------------------------------------------- */

typedef struct Ink {
    Color color;
    double alpha;
} Ink;

typedef struct PenLine {
    Ink ink;
    double width;   /* picture units, as all lengths of a pen */
    double on, off; /* dash; off == 0: solid */
    bool closed;
    bool more; /* a piece of a stroke that goes on; one of no points ends it */
} PenLine;

typedef enum Anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END } Anchor;

typedef struct PenWords {
    const char *text;
    Vec2 at;       /* of the base line */
    double height; /* of capitals */
    Anchor anchor;
    bool bold;
    bool turned; /* reads upwards */
    Ink ink;
} PenWords;

/* What draws. Lines have round joins and ends; dots are discs of diameter `width`. */
typedef struct FigurePen {
    void *to;
    void (*clip)(void *to, Box box);
    void (*heat)(void *to, Box at, const Field *f);
    void (*tiles)(void *to, Box at, const Tiles *t);
    void (*fill)(void *to, const Vec2 *point, int count, Ink ink);
    void (*line)(void *to, const Vec2 *point, int count, const PenLine *line);
    void (*dots)(void *to, const Vec2 *point, int count, double width, Ink ink);
    void (*words)(void *to, const PenWords *words);
} FigurePen;

/* The unit of a picture of this size. */
double figure_unit(double width, double height);
/* The same of a figure over cells: by the height of a letter. */
double figure_cell_unit(int cell_height);
/* The inside of a panel's axes in the picture `at`. */
Box figure_plot(const Figure *f, int panel, Box at, double unit);
/* From data to the picture: x and y each through its scale. */
Vec2 figure_place(const Panel *panel, Box plot, Vec2 value);
void figure_draw(const Figure *f, Box at, double unit, const Paint *paint, const FigurePen *pen);

/* The same in parts, for a renderer that keeps what does not change (layer.h): a stroke's halo,
 * line and dots from one point to another, as bright as that stretch is, 0 old to 1 at the head;
 * and all shapes that are no strokes. */
typedef enum StrokePart { STROKE_HALO, STROKE_LINE, STROKE_DOTS, STROKE_PARTS } StrokePart;
typedef struct FigureView {
    const Figure *figure;
    int panel;
    Box at;
    double unit;
    const Paint *paint;
    const FigurePen *pen;
} FigureView;
void figure_stroke(const FigureView *v, const Shape *s, StrokePart part, long from, long to,
                   double bright);
Ink figure_stroke_ink(const FigureView *v, const Shape *s, StrokePart part, double bright);
void figure_base(const FigureView *v); /* heat and contours, or a plot's quiet lines */
void figure_marks(const FigureView *v);
/* The stretches of a stroke's bright end: number `i` of FIGURE_STRETCHES, from point *from to *to;
 * number 0 is all before. false: it is empty. */
enum { FIGURE_STRETCHES = 5 };
bool figure_stretch(const Stroke *s, int i, long *from, long *to);

#endif
