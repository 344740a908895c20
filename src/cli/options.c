/* SPDX-License-Identifier: MIT
 * options: argv -> Cli. Scene keys are long options by their table; the rest is a table here. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/words.h"
#include "cli/cli.h"
#include "code/code.h"
#include "core/named.h"
#include "out/cast.h"
#include "store/file.h"

enum { DIALECTS_MOST = 8 };

const VerbInfo cli_verbs[] = {
    {"run", "[NAME] [scene options] [--runner B]", "the run as CSV on standard output",
     "run B4 --eta0 0.03 | head", VERB_RUN, true, words_of_scenes},
    {"code", "[NAME] [scene options] [--dialect NAME]",
     "the run as a program for PyTorch, or schedule and optimizer for another framework",
     "code B4 > b4.py", VERB_CODE, true, words_of_scenes},
    {"show", "[NAME] [scene options] [--size 120x36] [--at-step N] [--panel NAME] [--format NAME]",
     "one frame of the stage, or the whole run as a recording (cast); no terminal needed", "show B4 --at-step 40 --format ansi", VERB_SHOW,
     true, words_of_scenes},
    {"find", "[NAME] [scene options] [--eta 1e-4:1:41] [--schedules a,b] [--seeds 1..20] [--range]",
     "which rate? loss over a grid of rates, or a range test; L1 to L12d, M1, M2, noisy, pass",
     "find --surface pass --steps 80 --schedules constant,cosine", VERB_FIND, true, words_of_finds},
    {"race",
     "[NAME] [scene options] [--preset NAME] [--to LOSS] [--seeds A..B] [--format text|csv]",
     "the runners side by side, and whether the comparison is fair",
     "race B1 --preset optimizers", VERB_RACE, true, words_of_scenes},
    {"map", "[scene options] [--what basin|sweep] [--x NAME=LO:HI --y NAME=LO:HI] [--shard I/N]",
     "where every start ends, or every pair of settings", "map --scene B4 --size 60x30", VERB_MAP,
     true, NULL},
    {"learn", "[LESSON|FILE] [--notes]", "the lessons and demonstrations", "learn 3", VERB_LEARN, false, words_of_lessons},
    {"check", "[FILE...] | --run SCENE... --goal '...'",
     "prove lessons; or does each run meet the goal?", "check --run B4 --goal 'loss < 0.01'",
     VERB_CHECK, false, NULL},
    {"list", "[surfaces|schedules|optimizers|scenes|finds|lessons|keys|commands]",
     "what there is, from the tables", "list schedules", VERB_LIST, false, NULL},
    {"completion", "bash|zsh|fish", "completion for a shell, to be read by it",
     "completion bash > ~/.local/share/bash-completion/completions/etascope", VERB_COMPLETION,
     false, NULL},
    {"help", "[COMMAND|man]", "this help, or that of a command", "help find", VERB_HELP, false,
     NULL},
    {.name = NULL},
};

static bool bad_value(const char *value, const char *expected, Error *err)
{
    return error_set(err, 1, 1, "'%.80s' is not %s", value, expected);
}

static bool find_word(const char *value, const char *const *words, int *index, Error *err)
{
    Near near;
    char hint[64];
    char all[160];
    Text list = text_over(all, sizeof all);
    near_start(&near, value, strlen(value));
    for (int i = 0; words[i]; i++) {
        if (strcmp(words[i], value) == 0) {
            *index = i;
            return true;
        }
        near_try(&near, words[i]);
        text_add(&list, "%s%s", !i ? "" : words[i + 1] ? ", " : " or ", words[i]);
    }
    if (!near_best(&near))
        return error_set(err, 1, 1, "'%.80s' is not one of %s", value, all);
    return error_set(err, 1, 1, "unknown value '%.80s'%s", value,
                     near_hint(&near, hint, sizeof hint));
}

/* ---- readers of the table's rows ---- */

#define READER(name) \
    static bool name(Cli *c, const OptionInfo *o, const char *value, Error *err)

static void *field_of(Cli *c, const OptionInfo *o)
{
    return (char *)c + o->offset;
}

READER(read_flag)
{
    (void)value, (void)err;
    *(bool *)field_of(c, o) = true;
    return true;
}

READER(read_text)
{
    (void)err;
    *(const char **)field_of(c, o) = value;
    return true;
}

/* One of its words, kept as such; or the index of one, as an enumeration counts. */
READER(read_word)
{
    int i = 0;
    bool ok = find_word(value, o->words, &i, err);
    *(const char **)field_of(c, o) = o->words[i];
    return ok;
}

READER(read_index)
{
    int i = 0;
    bool ok = find_word(value, o->words, &i, err);
    memcpy(field_of(c, o), &i, sizeof i);
    return ok;
}

static bool read_count(long *out, const char *value, long lo, long hi, Error *err)
{
    double v;
    if (!number_parse(value, strlen(value), &v) || v != floor(v))
        return bad_value(value, "a whole number", err);
    if (v < (double)lo || v > (double)hi)
        return error_set(err, 1, 1, "'%.80s' is out of bounds (%ld to %ld)", value, lo, hi);
    *out = (long)v;
    return true;
}

READER(read_at_step)
{
    return read_count(field_of(c, o), value, 0, STEPS_MAX, err);
}

READER(read_frames)
{
    return read_count(field_of(c, o), value, 1, 1000000000, err);
}

READER(read_size)
{
    const char *x = strchr(value, 'x');
    double cols;
    double rows;
    (void)o;
    if (c->verb == VERB_MAP)
        return map_size(c, value, err);
    if (!x || !number_parse(value, (size_t)(x - value), &cols) ||
        !number_parse(x + 1, strlen(x + 1), &rows) || cols != floor(cols) || rows != floor(rows))
        return bad_value(value, "a size like 120x36", err);
    if (cols < 20 || rows < 6 || cols > 1000 || rows > 500)
        return error_set(err, 1, 1, "'%s' is out of bounds (20x6 to 1000x500)", value);
    c->cols = (int)cols;
    c->rows = (int)rows;
    return true;
}

READER(read_dialect)
{
    const char *words[DIALECTS_MOST + 1] = {NULL};
    (void)o;
    for (int i = 0; i < DIALECTS_MOST && dialects[i].name; i++)
        words[i] = dialects[i].name;
    return find_word(value, words, &c->dialect, err);
}

READER(read_pixels)
{
    const char *x = strchr(value, 'x');
    double width;
    double height;
    (void)o;
    if (!x || !number_parse(value, (size_t)(x - value), &width) ||
        !number_parse(x + 1, strlen(x + 1), &height) || width != floor(width) ||
        height != floor(height))
        return bad_value(value, "a size like 900x600", err);
    if (width < 60 || height < 40 || width > 8000 || height > 8000)
        return error_set(err, 1, 1, "'%s' is out of bounds (60x40 to 8000x8000)", value);
    c->width = (int)width;
    c->height = (int)height;
    return true;
}

READER(read_panel)
{
    Near near;
    char hint[64];
    (void)o;
    near_start(&near, value, strlen(value));
    for (const PlotsPanel *p = plots_panels; p->name; p++) {
        near_try(&near, p->name);
        if (strcmp(value, p->name) == 0) {
            c->panel = p;
            return true;
        }
    }
    return error_set(err, 1, 1, "unknown panel '%.80s'%s", value,
                     near_hint(&near, hint, sizeof hint));
}

READER(read_cast_version)
{
    int i = 0;
    bool ok = find_word(value, o->words, &i, err);
    c->cast_version = CAST_VERSION + i;
    return ok;
}

READER(read_exec)
{
    (void)o;
    if (c->execs == EXECS)
        return error_set(err, 1, 1, "more than %d --exec options", EXECS);
    c->exec[c->execs++] = value;
    return true;
}

READER(read_runner)
{
    char letter = value[0];
    (void)o;
    if (letter >= 'a' && letter <= 'z')
        letter = (char)(letter - 'a' + 'A');
    if (letter < 'A' || letter >= 'A' + SCENE_RUNNERS || value[1])
        return bad_value(value, "a runner, A to F", err);
    c->runner = letter - 'A';
    return true;
}

READER(read_format)
{
    (void)o;
    if (c->verb == VERB_MAP)
        return map_format(c, value, err);
    c->format = format_find(value, c->verb == VERB_FIND || c->verb == VERB_RACE, err);
    if (c->format && c->verb == VERB_RACE && c->format->draw &&
        c->format != format_find("text", true, err))
        return error_set(err, 1, 1, "'%s' is not one of text, csv", value);
    return c->format != NULL;
}

READER(read_clock)
{
    int i = 0;
    bool ok = find_word(value, o->words, &i, err);
    c->virtual_clock = i == 1;
    return ok;
}

/* A setting of `find`: there it has its reader, too. */
READER(read_find)
{
    const FindKey *key = find_key_find(o->name, strlen(o->name));
    return key->read(&c->find, value ? value : "", err);
}

/* The same for `map`. */
READER(read_map)
{
    return map_option_find(o->name, strlen(o->name))->read(c, value, err);
}

READER(read_preset)
{
    Near near;
    char hint[64];
    (void)o;
    c->preset = race_preset_find(value, strlen(value));
    near_start(&near, value, strlen(value));
    for (const RacePreset *p = race_presets; p->name; p++)
        near_try(&near, p->name);
    return c->preset || error_set(err, 1, 1, "unknown preset '%.80s'%s", value,
                                  near_hint(&near, hint, sizeof hint));
}

READER(read_to)
{
    (void)o;
    if (!number_parse(value, strlen(value), &c->race.to) || isnan(c->race.to))
        return bad_value(value, "a loss", err);
    return true;
}

static bool load_scene(Cli *c, const char *value, Error *err);

READER(read_scene)
{
    (void)o;
    return load_scene(c, value, err);
}

READER(read_at)
{
    (void)o;
    c->has_scene = true;
    return scene_parse_edit(&c->scene, value, err);
}

READER(read_vs)
{
    (void)o;
    c->has_scene = true;
    return scene_parse_runner(&c->scene, value, err);
}

static const char *const color_words[] = {"auto", "truecolor", "256", "16", "8", "mono", NULL};
static const char *const render_words[] = {"auto", "ncurses", "ansi", NULL};
static const char *const glyphs_words[] = {"auto", "braille", "octant", "quadrant", "ascii", NULL};
static const char *const picture_words[] = {"auto", "kitty", "cells", NULL};
static const char *const cast_words[] = {"2", "3", NULL};
static const char *const clock_words[] = {"real", "virtual", NULL};

/* Which commands heed an option. */
enum {
    STAGE = 1u << VERB_STAGE,
    RUN = 1u << VERB_RUN,
    SHOW = 1u << VERB_SHOW,
    FIND = 1u << VERB_FIND,
    MAP = 1u << VERB_MAP,
    RACE = 1u << VERB_RACE,
    LEARN = 1u << VERB_LEARN,
    CHECK = 1u << VERB_CHECK,
    CODE = 1u << VERB_CODE,
    SCENE = STAGE | RUN | SHOW | FIND | MAP | CODE | RACE,
    SCENE_WORD = RUN | SHOW | CODE | RACE, /* a word names the scene */
    SCENE_NEEDED = SCENE_WORD | FIND | MAP, /* without one: B1 */
    SCREEN = STAGE | LEARN,
    DRAWN = SHOW | FIND | MAP,
    PICTURE = SCREEN | DRAWN,
    ALL = -1,
};

const OptionInfo cli_options[] = {
    {"scene", "NAME|FILE|-", "a named scene, a scene file or standard input; options override it",
     SCENE, .read = read_scene, .pass = -1, .names = words_of_scenes},
    {"at", "'STEP key=value ...'", "an edit that holds from STEP on (may be repeated)", SCENE,
     .read = read_at, .pass = 1},
    {"vs", "'key=value ... [at STEP key=value ...]'", "a further runner, B to F (may be repeated)",
     SCENE, .read = read_vs, .pass = 1},
    {"runner", "A|B|...|F", "whose rows are printed (A)", RUN | CODE, .read = read_runner},
    {"exec", "'command; command'",
     "command lines to run first, as at the ':' prompt (show: at --at-step)", SCREEN | SHOW,
     .read = read_exec},
    {"run", "'SCENE'|FILE|NAME", "the run that is to meet --goal", CHECK, .read = read_text,
     .offset = offsetof(Cli, run), .names = words_of_scenes},
    {"notes", NULL, "the speaker's notes, following a demonstration in another terminal", LEARN,
     .read = read_flag, .offset = offsetof(Cli, notes)},
    {"no-config", NULL, "do not read the settings file", SCREEN, .read = read_flag,
     .offset = offsetof(Cli, no_config)},
    {"no-save", NULL, "keep neither progress in lessons nor the notebook", SCREEN, .read = read_flag,
     .offset = offsetof(Cli, no_save)},
    {"goal", "'loss<0.01 by 80'", "what the run must fulfil; the verdict is printed on quit",
     STAGE | CHECK, .read = read_text, .offset = offsetof(Cli, goal)},
    {"size", "COLSxROWS", "size of the frame (120x36), of a map in pixels (200x120)", DRAWN,
     .read = read_size},
    {"at-step", "N", "the step to show (the end of the run)", SHOW, .read = read_at_step,
     .offset = offsetof(Cli, at_step)},
    {"format", "NAME", "an output format (text)", DRAWN | RACE, .read = read_format,
     .names = words_of_formats},
    {"record", "FILE", "write the session, in cells, as an asciicast while it happens", SCREEN,
     .read = read_text, .offset = offsetof(Cli, record)},
    {"cast-version", "2|3", "the version of an asciicast (2, which most players read)", SCREEN | SHOW,
     .read = read_cast_version, .words = cast_words},
    {"panel", "map|eta|loss|hop|fit", "that panel alone, as a figure (svg, png)", SHOW,
     .read = read_panel, .names = words_of_panels},
    {"pixels", "WIDTHxHEIGHT", "size of a png (ten by twenty a cell) and of figures (900x600)",
     DRAWN, .read = read_pixels},
    {"dialect", "NAME", "the framework to write for (pytorch)", CODE, .read = read_dialect,
     .names = words_of_dialects},
    {"eta", "LO:HI:N|LO:HI:xF", "N rates, or F times each (eta0/100:eta0*100, ten a decade)", FIND,
     .read = read_find},
    {"schedules", "NAME[:...],...", "the schedules to compare (constant and the scene's)", FIND,
     .read = read_find, .names = words_of_schedules},
    {"seeds", "A..B", "a run for each seed (find: 1..20 with noise; race: each runner's own)",
     FIND | RACE,
     .read = read_find},
    {"metric", "final|tail|best", "what counts (tail with noise, else final)", FIND,
     .read = read_find},
    {"good", "LOSS", "a rate is good below it (9/10 of the way, in log, to the best)", FIND,
     .read = read_find},
    {"share", "P", "... in this share of the runs (0.5, the median)", FIND, .read = read_find},
    {"jitter", "P", "starts off by up to this share, another for every seed (0)", FIND,
     .read = read_find},
    {"sweep", "eta0|max_lr|...", "the rate that runs over the grid (eta0)", FIND,
     .read = read_find},
    {"others", "scale|stay", "the schedule's other rates (scale with eta0, else stay)", FIND,
     .read = read_find},
    {"range", NULL, "range test, the rate rising from LO to HI within the run", FIND,
     .read = read_find},
    {"beta", "B", "smoothing of the range test (0.98)", FIND, .read = read_find},
    {"preset", "schedules|optimizers|rates|seeds", "these runners instead of the scene's", RACE,
     .read = read_preset, .names = words_of_presets},
    {"to", "LOSS", "the loss to be reached (the lowest known and 1 % of the first height)", RACE,
     .read = read_to},
    {"what", "basin|sweep", "a run from every start, or for every pair of settings (basin)", MAP,
     .read = read_map},
    {"view", "x0,x1,y0,y1", "the starts (the scene's window)", MAP, .read = read_map},
    {"x", "NAME=LO:HI[:log|:lin]", "the setting that changes from left to right", MAP,
     .read = read_map},
    {"y", "NAME=LO:HI[:log|:lin]", "the setting that changes from bottom to top", MAP,
     .read = read_map},
    {"threads", "N", "how many (all cores)", MAP, .read = read_map},
    {"shard", "I/N", "the I-th of N bands of rows; all bands in turn are the whole", MAP,
     .read = read_map},
    {"color", "auto|truecolor|256|16|8|mono", "colours (auto; NO_COLOR means mono)", PICTURE,
     .read = read_word, .offset = offsetof(Cli, color), .words = color_words},
    {"theme", "dark|light|contrast|mono", "theme (dark)", PICTURE, .read = read_index,
     .offset = offsetof(Cli, theme), .words = theme_names},
    {"map", "inferno|viridis|cividis|grey", "colour map (inferno)", PICTURE, .read = read_index,
     .offset = offsetof(Cli, map), .words = map_names},
    {"render", "auto|ncurses|ansi", "who draws on the terminal (auto)", SCREEN, .read = read_word,
     .offset = offsetof(Cli, render), .words = render_words},
    {"picture", "auto|kitty|cells", "figures as pictures of the terminal (auto: where it can)",
     SCREEN, .read = read_index, .offset = offsetof(Cli, picture), .words = picture_words},
    {"glyphs", "auto|braille|octant|quadrant|ascii", "what lines are drawn with (auto: braille, or"
     " octants where the terminal draws them)", SCREEN | SHOW, .read = read_index,
     .offset = offsetof(Cli, glyphs), .words = glyphs_words},
    {"ascii", NULL, "draw with ASCII only", PICTURE, .read = read_flag,
     .offset = offsetof(Cli, ascii)},
    {"no-mouse", NULL, "leave the mouse to the terminal", SCREEN, .read = read_flag,
     .offset = offsetof(Cli, no_mouse)},
    {"paused", NULL, "do not start playing", SCREEN, .read = read_flag,
     .offset = offsetof(Cli, paused)},
    {"frames", "N", "for tests: end after N frames", SCREEN, .read = read_frames,
     .offset = offsetof(Cli, frames)},
    {"clock", "real|virtual", "for tests: every frame advances exactly 1/60 s", SCREEN,
     .read = read_clock, .words = clock_words},
    {"marker", NULL, "for tests: the terminal's title tells the frame", SCREEN, .read = read_flag,
     .offset = offsetof(Cli, marker)},
    {"help", NULL, "this help", ALL, .read = read_flag, .offset = offsetof(Cli, help)},
    {"version", NULL, "the version", ALL, .read = read_flag, .offset = offsetof(Cli, version)},
    {.name = NULL},
};

/* Options of `find`, `map`, `race` alone are foreign elsewhere: --eta is a mistyped --eta0 there. */
static bool is_foreign(const OptionInfo *o, Verb verb)
{
    return !(o->verbs & ~(FIND | MAP | RACE)) && !(o->verbs >> verb & 1);
}

/* What the same thing is called elsewhere. */
static const struct {
    const char *other;
    const char *here;
} synonyms[] = {
    {"lr", "eta0=RATE"},
    {"learning-rate", "eta0=RATE"},
    {"learning_rate", "eta0=RATE"},
    {"alpha", "eta0=RATE"},
    {"epochs", "steps=T"},
    {"iterations", "steps=T"},
    {"momentum", "optimizer=momentum:momentum=0.9"},
    {"beta1", "optimizer=adam:beta1=0.9"},
    {"batch-size", "batch=ROWS"},
    {"batch_size", "batch=ROWS"},
    {"function", "surface=FORMULA"},
    {"loss", "surface=FORMULA"},
    {"weight-decay", "optimizer=adamw:weight_decay=0.01"},
};

static const char *synonym(const char *word, size_t length)
{
    for (size_t i = 0; i < sizeof synonyms / sizeof synonyms[0]; i++)
        if (word_is(word, length, synonyms[i].other))
            return synonyms[i].here;
    return NULL;
}

static bool unknown_option(const char *word, size_t length, Verb verb, Error *err)
{
    Near near;
    char hint[80] = "";
    near_start(&near, word, length);
    for (const OptionInfo *o = cli_options; o->name; o++)
        if (!is_foreign(o, verb))
            near_try(&near, o->name);
    for (int i = 0; i < SCENE_KEYS; i++)
        near_try(&near, scene_keys[i].name);
    const char *best = synonym(word, length);
    if (!best)
        best = near_best(&near);
    if (best)
        snprintf(hint, sizeof hint, " (did you mean '--%s'?)", best);
    return error_set(err, 1, 1, "unknown option '--%.*s'%s", (int)(length > 60 ? 60 : length), word,
                     hint);
}

const OptionInfo *cli_option_find(const char *name, size_t length)
{
    for (const OptionInfo *o = cli_options; o->name; o++)
        if (word_is(name, length, o->name))
            return o;
    return NULL;
}

_Static_assert(sizeof cli_options / sizeof cli_options[0] <= 64, "Cli.given has a bit for each");

bool cli_given(const Cli *c, const char *option)
{
    return c->given >> (cli_option_find(option, strlen(option)) - cli_options) & 1;
}

int cli_key_find(const char *name, size_t length)
{
    char key[32];
    if (length >= sizeof key)
        return -1;
    for (size_t i = 0; i < length; i++)
        key[i] = name[i] == '-' ? '_' : name[i];
    return scene_key_find(key, length);
}

/* One argument: what it is and its value, which may be the next argument. */
typedef struct Argument {
    const char *name; /* behind the dashes, NULL: a plain word */
    size_t length;
    int key; /* scene key, -1: none */
    const OptionInfo *option;
    const char *value;
} Argument;

static bool next_argument(int argc, char **argv, int *i, Verb verb, Argument *a, Error *err)
{
    char *word = argv[(*i)++];
    *a = (Argument){.key = -1, .value = word};
    if (strcmp(word, "-h") == 0)
        word = "--help";
    if (strcmp(word, "-V") == 0)
        word = "--version";
    if (word[0] != '-' || word[1] == '\0')
        return true;
    if (word[1] != '-')
        return error_set(err, 1, 1, "unknown option '%.60s' (options begin with '--')", word);
    a->name = word + 2;
    a->length = strcspn(a->name, "=");
    a->key = cli_key_find(a->name, a->length);
    a->option = cli_option_find(a->name, a->length);
    if (a->key < 0 && (!a->option || is_foreign(a->option, verb)))
        return unknown_option(a->name, a->length, verb, err);
    bool wants = a->key >= 0 || a->option->value;
    a->value = a->name[a->length] == '=' ? a->name + a->length + 1 : NULL;
    if (!wants && a->value)
        return error_set(err, 1, 1, "option '--%s' takes no value", a->option->name);
    if (wants && !a->value) {
        if (*i >= argc)
            return error_set(err, 1, 1, "option '--%s' needs a value", a->name);
        a->value = argv[(*i)++];
    }
    return true;
}

static bool load_text(Cli *c, const char *path, Error *err)
{
    char *text;
    size_t size;
    char folder[SCENE_PATH] = "";
    if (!file_read(path, SCENE_FILE_MOST, &text, &size, err))
        return false;
    const char *slash = strrchr(path, '/');
    if (slash && (size_t)(slash - path) < sizeof folder)
        memcpy(folder, path, (size_t)(slash - path));
    bool ok = scene_parse(&c->scene, text, folder, err);
    free(text);
    c->scene_file = strcmp(path, "-") == 0 ? "standard input" : path;
    if (!ok)
        error_in(err, c->scene_file);
    return ok;
}

/* A name of the table, "-", or a file; instead of what was loaded before. */
static bool load_scene(Cli *c, const char *value, Error *err)
{
    const NamedScene *named = named_find(value, strlen(value));
    c->has_scene = true;
    c->scene_file = NULL;
    scene_default(&c->scene);
    if (named) {
        bool ok = named_load(named, &c->scene, err);
        c->scene_file = named->id;
        error_in(err, named->id);
        return ok;
    }
    c->reopen = strcmp(value, "-") == 0;
    bool file = c->reopen || strchr(value, '/') || strchr(value, '.');
    if (file)
        return load_text(c, value, err);
    FILE *in = fopen(value, "rb");
    if (in) {
        fclose(in);
        return load_text(c, value, err);
    }
    return named_unknown(value, strlen(value), err);
}

static bool in_option(Error *err, const Argument *a)
{
    char name[64];
    snprintf(name, sizeof name, "--%.*s", (int)(a->length > 50 ? 50 : a->length), a->name);
    error_in(err, name);
    return false;
}

/* The word after `find`: a named one brings scene and settings; options override them. */
static bool load_find(Cli *c, const char *value, Error *err)
{
    c->find_word = value;
    c->find_row = find_named(value, strlen(value));
    c->has_scene = true;
    if (!c->find_row) {
        find_named_unknown(value, strlen(value), err);
        error_in(err, "command line");
        return false;
    }
    c->scene_file = c->find_row->id;
    bool ok = find_named_load(c->find_row, &c->scene, &c->find, err);
    error_in(err, c->find_row->id);
    return ok;
}

static bool in_command_line(Error *err)
{
    error_in(err, "command line");
    return false;
}

/* A word that is no option: what the verb takes, or another list of names. */
static bool read_plain_word(Cli *c, char *word, int pass, Error *err)
{
    bool names_scene = SCENE_WORD >> c->verb & 1;
    if (pass < 0 && c->verb == VERB_FIND && !c->find_row)
        return load_find(c, word, err);
    if (pass < 0 && names_scene)
        return load_scene(c, word, err) || in_command_line(err);
    if (pass == 2 && !names_scene && !(c->verb == VERB_FIND && word == c->find_word))
        c->word[c->words++] = word; /* to the front of argv, behind the others */
    return true;
}

/* An option, in the pass that is its own: first the scene, then what overrides it, edits and
 * runners last, as an edit may name the surface. */
static bool read_argument(Cli *c, const Argument *a, int pass, Error *err)
{
    if (pass != (a->key < 0 ? a->option->pass : 0))
        return true;
    if (a->key < 0) {
        c->given |= UINT64_C(1) << (a->option - cli_options);
        return a->option->read(c, a->option, a->value, err);
    }
    c->has_scene = true;
    return scene_assign(&c->scene, (SceneKey)a->key, a->value, strlen(a->value), err);
}

static bool parse_pass(Cli *c, int argc, char **argv, int from, int pass, Error *err)
{
    for (int i = from; i < argc;) {
        Argument a;
        if (!next_argument(argc, argv, &i, c->verb, &a, err))
            return in_command_line(err);
        if (!a.name && !read_plain_word(c, argv[i - 1], pass, err))
            return false;
        if (a.name && !read_argument(c, &a, pass, err))
            return in_option(err, &a);
    }
    return true;
}

const VerbInfo *cli_verb_find(const char *word, Error *err)
{
    Near near;
    char hint[64];
    near_start(&near, word, strlen(word));
    for (const VerbInfo *v = cli_verbs; v->name; v++) {
        if (strcmp(v->name, word) == 0)
            return v;
        near_try(&near, v->name);
    }
    error_set(err, 1, 1, "unknown command '%.60s'%s", word, near_hint(&near, hint, sizeof hint));
    error_in(err, "command line");
    return NULL;
}

/* Edits that come too late are kept, and told of: one line a runner. */
static void warn_late_edits(const Scene *s)
{
    int told = -1;
    for (int i = 0; i < s->edit_total; i++) {
        const Edit *e = &s->edit[i];
        const Runner *r = e->runner ? &s->runner[e->runner - 1] : NULL;
        long steps = r && (r->given >> SCENE_STEPS & 1u) ? r->steps : s->steps;
        for (int k = 0; k < i; k++)
            if (s->edit[k].runner == e->runner && s->edit[k].key == SCENE_STEPS)
                steps = (long)s->edit[k].number;
        if (e->step < steps || told == e->runner)
            continue;
        told = e->runner;
        fprintf(stderr, "etascope: warning: 'at %ld' has no effect: %s has %ld steps\n", e->step,
                e->runner ? "the runner" : "the run", steps);
    }
}

/* What can be said only when all is read. */
static bool check_options(Cli *c, Error *err)
{
    bool many = c->verb == VERB_LIST || c->verb == VERB_CHECK || c->verb == VERB_COMPLETION;
    bool one = c->verb == VERB_LEARN || c->verb == VERB_HELP;
    if (!many && c->words > one) {
        error_set(err, 1, 1, "unexpected argument '%.60s'", c->word[one]);
        return in_command_line(err);
    }
    if (c->notes && !c->words) {
        error_set(err, 1, 1, "--notes needs a demonstration: 'learn the-trap --notes'");
        return in_command_line(err);
    }
    if (c->runner >= scene_runners(&c->scene)) {
        error_set(err, 1, 1, "there is no runner '%c': the scene's last is '%c'", 'A' + c->runner,
                  'A' + scene_runners(&c->scene) - 1);
        error_in(err, "--runner");
        return false;
    }
    return true;
}

bool cli_parse(Cli *c, int argc, char **argv, Error *err)
{
    bool verb = argc > 1 && argv[1][0] != '-';
    memset(c, 0, sizeof *c);
    scene_default(&c->scene);
    find_spec_default(&c->find);
    c->maps = maps_spec_default();
    c->race.to = NAN;
    c->cols = 120;
    c->rows = 36;
    c->at_step = -1;
    c->cast_version = CAST_VERSION;
    c->format = format_find("text", false, err);
    c->color = "auto";
    c->render = "auto";
    const VerbInfo *v = verb ? cli_verb_find(argv[1], err) : NULL;
    if (verb && !v)
        return false;
    c->verb = v ? v->verb : VERB_STAGE;
    c->word = argv + (verb ? 2 : 1);
    for (int pass = -1; pass <= 2; pass++)
        if (!parse_pass(c, argc, argv, verb ? 2 : 1, pass, err))
            return false;
    if (!check_options(c, err))
        return false;
    warn_late_edits(&c->scene);
    if (!c->has_scene && SCENE_NEEDED >> c->verb & 1)
        return load_scene(c, "B1", err);
    return true;
}

/* A word for the shell: plain, or in quotes that the value does not hold. */
static void print_shell_word(const char *value, FILE *to)
{
    bool plain = value[0] && !strpbrk(value, " \t\n'\"\\$`*?[](){}<>|&;!#~");
    if (plain) {
        fputs(value, to);
        return;
    }
    fputc('\'', to);
    for (; *value; value++)
        if (*value == '\'')
            fputs("'\\''", to);
        else
            fputc(*value, to);
    fputc('\'', to);
}

void cli_print_command(const Scene *s, FILE *to)
{
    static const size_t size = SCENE_LINE + EXPR_TEXT;
    char *text = malloc(size);
    if (!text)
        return;
    fputs("etascope", to);
    for (int key = 0; key < SCENE_KEYS; key++) {
        Text t = text_over(text, size);
        if (!scene_given(s, (SceneKey)key))
            continue;
        scene_print_value(s, (SceneKey)key, &t);
        fprintf(to, " --%s=", scene_keys[key].name);
        print_shell_word(text, to);
    }
    for (int i = 0; i < s->edit_count; i++) {
        Text t = text_over(text, size);
        scene_print_edit(s, i, &t);
        fputs(" --at=", to);
        print_shell_word(text, to);
    }
    for (int i = 1; i < scene_runners(s); i++) {
        Text t = text_over(text, size);
        scene_runner_words(s, i, &t);
        fputs(" --vs=", to);
        print_shell_word(text, to);
    }
    fputc('\n', to);
    free(text);
}

ColorMode cli_color(const Cli *c)
{
    static const ColorMode modes[] = {MODE_TRUECOLOR, MODE_TRUECOLOR, MODE_256,
                                      MODE_16,        MODE_8,         MODE_MONO};
    for (int i = 0; color_words[i]; i++)
        if (strcmp(color_words[i], c->color) == 0)
            return modes[i];
    return MODE_TRUECOLOR;
}

/* Lines of --exec; ';' outside quotes ends one. */
bool cli_exec(const Cli *c, App *app, Error *err)
{
    for (int i = 0; i < c->execs; i++)
        for (const char *at = c->exec[i]; *at;) {
            char line[2048];
            const char *end = text_until(at, ";");
            Text t = text_over(line, sizeof line);
            text_put(&t, at, (size_t)(end - at));
            at = end + (*end == ';');
            if (!app_command(app, line, err)) {
                error_in(err, "--exec");
                return false;
            }
            app_advance(app, 0);
        }
    return true;
}
