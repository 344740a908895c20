/* SPDX-License-Identifier: MIT
 * lesson: a lesson as a value, and the parser of lesson files. lessons/README.md tells an author
 * how to write one; every error of a file is reported in one go, with line, column and the nearest
 * word.
 *
 *     # 3 Too high, four looks                a title; "## KIND  TITLE" begins a step
 *     @lesson id=too-high minutes=9           @name begins a directive, indented lines continue it
 *     - [x] It falls.  @true up == 0          an answer; indented lines below are its feedback
 *     % a comment
 * Everything else is prose; a blank line ends a paragraph. Scenes are named in the scene grammar of
 * SPEC 1; goals have no names, so the two are never confused. */
#ifndef ETA_TEACH_LESSON_H
#define ETA_TEACH_LESSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "core/scene.h"
#include "teach/step_kind.h"

enum {
    LESSON_SIZE = 1 << 18, /* most bytes of a file */
    LESSON_STEPS = 24,
    LESSON_SCENES = 16,
    LESSON_ERRORS = 100,   /* reported of one file; more are counted */
    STEP_CAPTIONS = 4,
    STEP_ANSWERS = 5,
    STEP_GOALS = 3,
    STEP_HINTS = 3,
    STEP_SOLUTIONS = 4,
    STEP_FAILS = 8,
    STEP_PROOFS = 8,
    STEP_NOTES = 6,
    STEP_UNLOCKS = 16,
    STEP_BESIDE = 3,       /* scenes shown beside the run */
    BESIDE_NAME = 40,
    STEP_WORDS = 60,       /* of prose on one screen */
    SCREEN_WORDS = 90,     /* of prose, question and answers together */
    CAPTION_WORDS = 12,
    CLAIMS = 54,           /* rows of the claim table */
    CAPTION_END = -1,      /* a caption for the end of the run */
};

/* A piece of the file and where it stood. text is NULL where the directive is absent. */
typedef struct Passage {
    const char *text;
    long line;
    long column;
} Passage;

typedef struct Caption {
    long at;   /* shown from this row on; CAPTION_END */
    Passage said; /* {metric} is computed, {metric=number} is typed and proved */
    Passage truth; /* condition that must hold at that row */
} Caption;

typedef struct Answer {
    char mark; /* 'x' right, ' ' wrong, '?' don't know */
    Passage said;
    const char *feedback; /* "" if none */
    Passage belief;          /* misconception behind a wrong answer */
    Passage truth;           /* @true or @false CONDITION, on the scene that @run or @show names */
    bool holds;           /* @true */
} Answer;

typedef struct Step {
    const StepKind *kind;
    const char *id;      /* word, unique in the lesson */
    const char *title;
    const char *prose;   /* paragraphs joined by "\n\n", "" if none; *word* marks emphasis */
    long line;           /* of the heading */
    uint64_t claims;     /* bit n - 1: claim n */
    uint32_t given;      /* bits of the directives that stand in it, see lesson_parts.h */
    uint64_t checksum;   /* of the step's text: a revised step is marked in the progress */
    Passage show;           /* scene on the stage before the run or the answer */
    Passage run;            /* scene that plays */
    Passage beside;         /* scene shown as a ghost, or two or three as pins */
    double speed;        /* of @run: 1 = ten seconds a run, 0 = one key a step */
    Caption caption[STEP_CAPTIONS];
    int captions;
    Passage ask;
    Answer answer[STEP_ANSWERS];
    int answers;
    Passage number;         /* the answer is a number */
    double number_value;
    double number_tolerance; /* relative */
    Passage number_truth;   /* "SCENE: EXPRESSION" that must give it */
    Passage use;            /* scene the learner works on */
    Passage unlock;
    const char *unlocked[STEP_UNLOCKS]; /* scene keys or names of parameters */
    int unlocks;
    Passage goal[STEP_GOALS]; /* each must be met by a run; not all by the same */
    int goals;
    Passage limit;          /* holds at every row of every run */
    Passage hint[STEP_HINTS];
    int hints;
    Passage solution[STEP_SOLUTIONS]; /* settings; runs separated by "|" */
    int solutions;
    Passage fails[STEP_FAILS];
    int failing;
    long par;            /* gradient evaluations for the third star, 0: none */
    Passage fragile;        /* the author's reason why a narrow range is meant */
    Passage easy;           /* the author's reason why random keys may pass */
    Passage why;            /* shown after success */
    Passage from;           /* review: LESSON/STEP */
    Passage proof[STEP_PROOFS]; /* "SCENE: CONDITION" that the prose relies on */
    int proofs;
    Passage note[STEP_NOTES]; /* for the teacher */
    int notes;
} Step;

typedef struct LessonScene {
    const char *name;
    Passage text;        /* scene grammar; like=NAME begins from another scene */
} LessonScene;

typedef struct Lesson {
    const char *file;
    const char *title; /* "Too high, four looks" */
    int number;        /* of the title, 0: none */
    const char *id;
    long id_line;
    double minutes;
    Passage needs;        /* id of the lesson before, may be absent */
    bool quick;        /* in the short path: 20 minutes at a good reading speed */
    bool demo;         /* kind=demo: shown to a class by a speaker, keeps no progress */
    bool big;          /* @big: in big type from the start */
    uint64_t claims;   /* of the heading and all steps */
    const char *intro; /* prose before the first step */
    LessonScene scene[LESSON_SCENES];
    int scenes;
    Step step[LESSON_STEPS];
    int steps;
    /* the strings follow in the same allocation */
} Lesson;

typedef struct LessonError {
    Error error;
    bool warning;
} LessonError;

typedef struct ErrorList {
    LessonError item[LESSON_ERRORS];
    int count;
    int errors;   /* of them, and of those that did not fit */
    int warnings;
    int dropped;  /* did not fit */
} ErrorList;

void errors_start(ErrorList *list);
void errors_add(ErrorList *list, bool warning, const char *file, long line, long column,
                const char *format, ...) __attribute__((format(printf, 6, 7)));
/* "FILE:3:4: error: message" */
void errors_line(const LessonError *e, Text *out);

/* Parse a file's text. NULL if there are errors (warnings do not count). free() it. */
Lesson *lesson_parse(const char *file, const char *text, ErrorList *list);

/* The scene of a name: of the lesson, else a named one. */
bool lesson_scene(const Lesson *l, const char *name, size_t length, Scene *out, Error *err);
bool lesson_has_scene(const Lesson *l, const char *name, size_t length);
/* "SCENE: rest": the length of the scene's name, 0 if the text does not begin with a known one;
 * *rest points behind the colon and blanks (at the text if there is none). */
size_t lesson_scene_prefix(const Lesson *l, const char *text, const char **rest);
int lesson_step_find(const Lesson *l, const char *id, size_t length); /* -1: none */
/* The scene a step's conditions speak about: @run, @use or @show; NULL: none. */
const Passage *step_subject(const Step *s);
/* The k-th scene of @beside (one: a ghost; more: pins), "" behind the last; false then. */
bool step_beside(const Step *s, int k, char out[BESIDE_NAME]);
/* Prose without emphasis marks. */
void lesson_plain(const char *prose, Text *out);
int lesson_words(const char *text);

#endif
