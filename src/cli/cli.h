/* SPDX-License-Identifier: MIT
 * cli: the command line: options from tables, and the commands that need no terminal. */
#ifndef ETA_CLI_CLI_H
#define ETA_CLI_CLI_H

#include <stdbool.h>

#include "app/app.h"
#include "core/scene.h"
#include "lab/find.h"
#include "lab/maps.h"
#include "lab/race.h"
#include "out/format.h"
#include "view/plots.h"

enum { EXIT_HOLDS = 0, EXIT_NOT = 1, EXIT_INPUT = 2, EXIT_TERMINAL = 3 };

typedef enum Verb {
    VERB_STAGE, VERB_RUN, VERB_SHOW, VERB_FIND, VERB_LIST, VERB_HELP, VERB_LEARN, VERB_CHECK,
    VERB_MAP, VERB_COMPLETION, VERB_CODE, VERB_RACE
} Verb;

enum { EXECS = 32, SCENE_FILE_MOST = 1 << 20 /* bytes */ };

/* What the command line asked for. */
typedef struct Cli {
    Verb verb;
    bool has_scene;           /* any scene option was given */
    Scene scene;
    const char *scene_file;   /* what it was read from, for errors; NULL: options alone */
    int runner;               /* --runner: 0 is A */
    char **word;              /* words that are no options, after the verb; in argv */
    int words;
    const char *exec[EXECS];  /* lines of --exec, in order */
    int execs;
    int cols, rows;           /* --size */
    long at_step;             /* --at-step, -1: the end of the run */
    const Format *format;     /* --format */
    const char *record;       /* --record, NULL: nothing is recorded */
    int cast_version;         /* --cast-version */
    int dialect;              /* --dialect: index in dialects[] */
    const PlotsPanel *panel;  /* --panel, NULL: the whole stage */
    int width, height;        /* --pixels, 0: not given */
    const char *color;        /* --color: auto truecolor 256 16 8 mono */
    const char *goal;         /* --goal, NULL: none */
    const char *run;          /* --run of check: a scene line or name, NULL: lessons are checked */
    bool no_save;             /* --no-save */
    int glyphs;               /* --glyphs: a GlyphSet and 1; 0: automatic */
    int picture;              /* --picture: a TtyPicture */
    bool notes;               /* --notes of learn */
    bool no_config;           /* --no-config */
    uint64_t given;           /* bit per row of cli_options: it stands on the command line */
    const char *render;       /* --render: auto ncurses ansi */
    ThemeId theme;
    MapId map;
    bool ascii, no_mouse, paused, virtual_clock, marker, help, version;
    FindSpec find;            /* settings of `find` */
    const FindNamed *find_row; /* the named one; NULL: none */
    const char *find_word;    /* its argument */
    MapsSpec maps;            /* settings of `map` */
    RaceSpec race;            /* settings of `race`; its seeds are in `find` */
    const RacePreset *preset; /* --preset, NULL: none */
    bool sized;               /* --size was given */
    int threads;              /* --threads; 0: all cores */
    int shard, shards;        /* --shard i/n; 0: the whole */
    int map_format;           /* index of map's formats: text, csv, ppm */
    bool reopen;              /* the scene came from standard input */
    long frames;
} Cli;

/* Read the command line. false: err says what is wrong. Words move to the front of argv, as getopt
 * does it; argv must live as long as they are used. */
bool cli_parse(Cli *c, int argc, char **argv, Error *err);

/* Words to choose from: each is handed to `take`. */
typedef void Take(void *ctx, const char *word);
typedef void Words(Take *take, void *ctx);
Words words_of_scenes, words_of_finds, words_of_lessons, words_of_formats, words_of_panels,
    words_of_dialects, words_of_presets, words_of_schedules, words_of_optimizers, words_of_surfaces;

/* Rows of the options that are not scene keys, for help, the man page and completion. */
typedef struct OptionInfo OptionInfo;
struct OptionInfo {
    const char *name;   /* "--size" without the dashes */
    const char *value;  /* "120x36"; NULL: a switch */
    const char *text;
    int verbs;          /* bit per Verb that heeds it */
    /* Read its value (NULL: of a switch); error columns count from the value's first character. */
    bool (*read)(Cli *c, const OptionInfo *o, const char *value, Error *err);
    size_t offset;      /* of the field of Cli that simple ones set */
    const char *const *words; /* that may be its value; ends with NULL */
    Words *names;       /* the same from a table; neither: those between the bars of `value` */
    int pass;           /* -1: read before the others, 1: after them */
};
extern const OptionInfo cli_options[]; /* ends with name == NULL */
bool cli_given(const Cli *c, const char *option); /* does it stand on the command line? */
const OptionInfo *cli_option_find(const char *name, size_t length); /* NULL: none */
/* The scene key of an option: --warmup-factor and --warmup_factor are the same. -1: none. */
int cli_key_find(const char *name, size_t length);

typedef struct VerbInfo {
    const char *name;
    const char *args;
    const char *text;
    const char *example; /* behind "etascope" */
    Verb verb;
    bool takes_scene;    /* scene keys are options of it */
    Words *names;        /* its arguments; NULL: those between the bars of `args` */
} VerbInfo;
extern const VerbInfo cli_verbs[]; /* ends with name == NULL */
const VerbInfo *cli_verb_find(const char *word, Error *err); /* NULL: err says so */

/* Each returns the exit status. */
int cli_run(const Cli *c);
int cli_show(const Cli *c);
int cli_find(const Cli *c);
int cli_map(const Cli *c);
int cli_race(const Cli *c);
int cli_code(const Cli *c);
int cli_list(const Cli *c);
int cli_help(const Cli *c);
int cli_completion(const Cli *c);
/* The canvas on standard output, in the format asked for. */
void cli_draw(const Cli *c, const Canvas *canvas);
/* A figure, and --panel of the stage as one, in a format that has figures. false: out of memory. */
bool cli_put_figure(const Cli *c, const Figure *f);
bool cli_put_panel(const Cli *c, const App *app);
/* Name the source of an error that was found when a run of the scene was bound. */
void cli_scene_error(const Cli *c, Error *err);
/* The options that are those of `map` alone. */
typedef struct MapOption {
    const char *name;
    bool (*read)(Cli *c, const char *value, Error *err);
} MapOption;
const MapOption *map_option_find(const char *name, size_t length); /* NULL: none */
/* --size and --format of `map`. */
bool map_size(Cli *c, const char *value, Error *err);
bool map_format(Cli *c, const char *value, Error *err);
/* A finished standard output: 0, or 1 after a message; a closed pipe ends quietly. */
int cli_close(int status);
/* The shell command that restores a run: etascope --surface=... --at '...' */
void cli_print_command(const Scene *s, FILE *to);
/* Run the --exec lines. */
bool cli_exec(const Cli *c, App *app, Error *err);
/* The colour mode of --color where the terminal is not asked ("auto": truecolor). */
ColorMode cli_color(const Cli *c);

#endif
