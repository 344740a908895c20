/* SPDX-License-Identifier: MIT
 * fuzz_scene: any text as a scene. What is accepted prints, the print reads back as the same scene,
 * and prints the same again; a run of it stays in its promises. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/timeline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

long fuzz_events;
const size_t fuzz_size = 12;

enum { TEXT_MOST = 1 << 16, PRINT_MOST = 1 << 20, ROWS = 400 };

static char text[TEXT_MOST];
static char printed[PRINT_MOST], again[PRINT_MOST];
static Scene scene, second, third;

/* Random bytes hardly ever are a scene: half of the inputs choose from these pieces. */
static const char *const pieces[] = {
    "surface=himmelblau ", "surface='x^2+a*y^2:a=3' ", "surface=pass ", "window=-1,1,-1,1 ",
    "start=-1,-4 ", "optimizer=adam:beta1=0.9 ", "optimizer=nadam ", "schedule=cosine ",
    "schedule=step:gamma=0.5 ", "eta0=0.1 ", "schedule=multistep:milestones=30/80 ",
    "schedule=plateau ", "schedule='0.1*exp(-t/50)' ", "eta0=1e-9 ", "schedule=one_cycle ",
    "steps=100 ", "steps=1000000 ", "noise=0.5 ", "seed=18446744073709551615 ", "warmup=20 ",
    "warmup_factor=0.25 ", "batch=8 ", "\n", "\n", "; ", "\nat 120 eta0=0.2 ",
    "\nat 50 schedule=cosine:eta_min=0.01 ", "\nat 50 optimizer=sgd:momentum=0.9 ",
    "\nat 0 noise=2 ", "\nat 99 surface=himmelblau:a=12 ", "\nat 99 steps=200 ",
    "\nat 30 schedule=step ", "\nat 30 schedule='0.01*T/(t+1)' ", "\n# note\n",
    "\nat 120 schedule=step:gamma=0.9 noise=1 ", "at 999999999999 ", "'", "\"", "-", "nan", "=",
    ",", ":", "é", "held_out=", "data=x.csv ", "surface=", "0", "vs ", "\nvs eta0=0.2 ",
    "vs optimizer=adam ", "at 40 eta0=2 "};

static void make_text(const uint8_t *data, size_t size)
{
    size_t used = 0;
    bool raw = size > 0 && data[0] & 1;
    for (size_t i = 1; i < size; i++) {
        const char one[2] = {(char)data[i], '\0'};
        const char *piece = raw ? one : pieces[data[i] % (sizeof pieces / sizeof pieces[0])];
        if (used + strlen(piece) + 1 > sizeof text)
            break;
        memcpy(text + used, piece, strlen(piece));
        used += strlen(piece);
    }
    text[used] = '\0';
}

static void fault(const char *what)
{
    fprintf(stderr, "fuzz_scene: %s\n%s\n--\n%s\n--\n%s\n", what, text, printed, again);
    abort();
}

static void check_print(bool one_line)
{
    Error err = {0};
    Text out = text_over(printed, sizeof printed);
    scene_print(&scene, one_line, &out);
    if (out.full)
        fault("the print is too long");
    scene_default(&second);
    if (!scene_parse(&second, printed, NULL, &err)) {
        snprintf(again, sizeof again, "%s", err.message);
        fault("the print does not read back");
    }
    if (!scene_equal(&scene, &second))
        fault("the print reads back as another scene");
    out = text_over(again, sizeof again);
    scene_print(&second, one_line, &out);
    if (strcmp(printed, again) != 0)
        fault("the second print differs");
}

/* A runner added as another runs as that one does. */
static void check_runners(void)
{
    Error err = {0};
    for (int i = 0; i < scene_runners(&scene); i++) {
        if (!scene_of_runner(&scene, i, &second) || scene_runners(&second) != 1)
            fault("a runner is missing");
        if (scene_runners(&scene) == SCENE_RUNNERS || scene.edit_total > SCENE_EDITS / 2 || i > 1)
            continue;
        scene_copy(&third, &scene);
        if (!scene_add_runner(&third, &second, &err))
            fault("a runner of the scene's own is not taken");
        scene_remove_runner(&third, scene_runners(&scene));
        if (!scene_equal(&third, &scene))
            fault("a runner leaves traces");
    }
}

static void check_run(void)
{
    Error err = {0};
    Timeline *run = timeline_new();
    if (timeline_set(run, &scene, &err)) {
        timeline_advance(run, ROWS);
        const Row *r = timeline_rows(run);
        long ready = timeline_ready(run);
        if (ready < 1 || timeline_last(run) > timeline_steps(run))
            fault("the run has no rows, or too many");
        for (long t = 0; t + 1 < ready; t++)
            if (!(r[t].eta >= 0) || !isfinite(r[t].eta) || r[t].best > r[t].loss)
                fault("a rate below zero, or a best loss that is not the best");
        fuzz_events += ready;
    } else if (!err.message[0]) {
        fault("refused without a word");
    }
    timeline_free(run);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Error err = {0};
    make_text(data, size);
    scene_default(&scene);
    printed[0] = again[0] = '\0';
    if (!scene_parse(&scene, text, NULL, &err)) {
        if (!err.message[0] || strchr(err.message, '\n'))
            fault("refused without a word, or with a line end in it");
        return 0;
    }
    check_print(true);
    check_print(false);
    check_runners();
    check_run();
    return 0;
}
