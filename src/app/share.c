/* SPDX-License-Identifier: MIT
 * share: see share.h */
#include "app/share.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/say.h"
#include "app/session.h"
#include "store/file.h"

enum { FILE_MOST = 1 << 20 /* bytes of a scene file */ };

static const char head[] = "# etascope scene\n";

bool share_put(Share *s, const char *text)
{
    Text out = text_over(s->text, sizeof s->text);
    text_put(&out, text, strlen(text));
    s->fresh = !out.full;
    return s->fresh;
}

const char *share_take(Share *s)
{
    bool fresh = s->fresh;
    s->fresh = false;
    return fresh ? s->text : NULL;
}

/* ---- files ---- */

static bool read_scene(const char *path, Scene *scene, bool *empty, Error *err)
{
    char *text;
    size_t size;
    char folder[HOME_PATH] = "";
    const char *slash = strrchr(path, '/');
    if (!file_read(path, FILE_MOST, &text, &size, err))
        return false;
    if (slash) /* of the file, for the data that it names */
        snprintf(folder, sizeof folder, "%.*s", (int)(slash > path ? slash - path : 1), path);
    scene_default(scene);
    bool ok = scene_parse(scene, text, folder, err);
    *empty = scene->given == 0 && scene->edit_total == 0 && scene->runner_count == 0;
    free(text);
    error_in(err, path);
    return ok;
}

/* A file that is no scene stays as it is. */
static bool may_replace(Session *s, const char *path, Error *err)
{
    Error ignored = {0};
    bool empty;
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return true;
    if (read_scene(path, &s->scratch, &empty, &ignored) && !empty)
        return true;
    return error_set(err, 1, 1, "'%.100s' is no scene; 'save! %.100s' writes over it", path, path);
}

/* Data files are found from the scene file's folder, wherever that is. */
static bool whole_paths(Session *s, const char *text, Error *err)
{
    char here[HOME_PATH];
    if (!getcwd(here, sizeof here))
        return error_set(err, 0, 0, "the working folder has no name");
    scene_default(&s->scratch);
    return scene_parse(&s->scratch, text, here, err);
}

static bool write_scene(Session *s, const char *path, Error *err)
{
    static const size_t size = FILE_MOST;
    char *text = malloc(size);
    if (!text)
        return error_set(err, 0, 0, "out of memory");
    Text out = text_over(text, size);
    scene_print(&s->scene, false, &out);
    bool ok = !strchr(path, '/') || whole_paths(s, text, err);
    out = text_over(text, size);
    text_add(&out, "%s", head);
    if (ok)
        scene_print(strchr(path, '/') ? &s->scratch : &s->scene, false, &out);
    if (out.used && text[out.used - 1] != '\n')
        text_add(&out, "\n");
    ok = ok && file_write(path, text, out.used, err);
    free(text);
    return ok;
}

static bool save(App *a, const char *args, bool over, Error *err)
{
    char path[HOME_PATH];
    if (!*args)
        return bad_argument(err, args, "a file name");
    if (!file_place(path, NULL, args))
        return error_set(err, 1, 1, "file name too long");
    if (!over && !may_replace(a->session, path, err))
        return false;
    if (!write_scene(a->session, path, err))
        return false;
    say(a, "saved: 'etascope --scene %s' and ':open %s' bring it back", args, args);
    return true;
}

static bool run_save(App *a, const char *args, Error *err)
{
    return save(a, args, false, err);
}

static bool run_save_over(App *a, const char *args, Error *err)
{
    return save(a, args, true, err);
}

static bool run_open(App *a, const char *args, Error *err)
{
    Session *s = a->session;
    char path[HOME_PATH];
    bool empty;
    if (!*args)
        return bad_argument(err, args, "a scene file");
    if (!file_place(path, NULL, args))
        return error_set(err, 1, 1, "file name too long");
    if (!gate_allows_scene(a->gate, err) || !read_scene(path, &s->scratch, &empty, err) ||
        !changed(a, session_scene(s, NULL, &s->scratch, err)))
        return false;
    say(a, "opened %s", args);
    return true;
}

/* ---- the clipboard ---- */

static bool run_copy(App *a, const char *args, Error *err)
{
    Share *s = a->share;
    Text out = text_over(s->text, sizeof s->text);
    (void)args;
    (void)err;
    scene_print(&a->session->scene, true, &out);
    s->fresh = !out.full;
    if (out.full)
        say_warn(a, "this scene is too long for the clipboard: ':save FILE' keeps it");
    else
        say(a, "copied: %s", s->text);
    return true;
}

const Command share_commands[] = {
    {"copy", "", "scenes", "the scene line, shown and copied", run_copy, 0,
     NULL},
    {"save", "FILE", "scenes", "write the scene with its runners", run_save, 0, NULL},
    {"save!", "FILE", "scenes", "the same over a file that is no scene", run_save_over, 0, NULL},
    {"open", "FILE", "scenes", "read a scene from a file", run_open, 0, NULL},
    {.name = NULL},
};
