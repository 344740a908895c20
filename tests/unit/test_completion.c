/* SPDX-License-Identifier: MIT
 * test_completion: what `etascope completion` offers, against the tables, and a real bash
 * that reads its script. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "cli/cli.h"
#include "core/named.h"

#include "command.h"
#include "needs.h"

/* For the line that stands first exactly the others, in this order. */
static void expect_words(const char *const *words)
{
    const char *line = *words++;
    Result r = RUN("completion", "words", line);
    const char *at = r.out;
    expect_ok(&r);
    for (; *words; words++) {
        size_t n = strcspn(at, "\n");
        if (n != strlen(*words) || strncmp(at, *words, n) != 0)
            fail_msg("'%s': '%.*s' instead of '%s'", line, (int)n, at, *words);
        at += n + 1;
    }
    assert_string_equal(at, "");
    forget(&r);
}

#define EXPECT_WORDS(...) expect_words((const char *const[]){__VA_ARGS__, NULL})

static void each_kind_of_word(void **state)
{
    (void)state;
    EXPECT_WORDS("etascope sh", "show");
    EXPECT_WORDS("./etascope help fi", "find");
    EXPECT_WORDS("etascope run E1", "E1", "E1k");
    EXPECT_WORDS("etascope find L12", "L12a", "L12b", "L12c", "L12d");
    EXPECT_WORDS("etascope learn too", "too-low", "too-high");
    EXPECT_WORDS("etascope list s", "surfaces", "schedules", "scenes");
    EXPECT_WORDS("etascope completion ", "bash", "zsh", "fish");
    EXPECT_WORDS("etascope --th", "--theme=");
    EXPECT_WORDS("etascope run --si");
    EXPECT_WORDS("etascope find --sw", "--sweep=");
    EXPECT_WORDS("etascope check --g", "--goal=");
    EXPECT_WORDS("etascope show --theme=", "--theme=dark", "--theme=light", "--theme=contrast",
                 "--theme=mono");
    EXPECT_WORDS("etascope show --theme ", "dark", "light", "contrast", "mono");
    EXPECT_WORDS("etascope find --format=cs", "--format=csv");
    EXPECT_WORDS("etascope --schedule=plat", "--schedule=plateau");
    EXPECT_WORDS("etascope --schedule plateau:factor=0.5,thr", "plateau:factor=0.5,threshold=",
                 "plateau:factor=0.5,threshold_mode=");
    EXPECT_WORDS("etascope --schedule=plateau:threshold_mode=a",
                 "--schedule=plateau:threshold_mode=abs");
    EXPECT_WORDS("etascope --optimizer=adam:beta", "--optimizer=adam:beta1=",
                 "--optimizer=adam:beta2=");
    EXPECT_WORDS("etascope --surface=bowl20", "--surface=bowl20", "--surface=bowl20k");
    EXPECT_WORDS("etascope find --schedules=constant,tri", "--schedules=constant,triangular",
                 "--schedules=constant,triangular2");
    EXPECT_WORDS("etascope --at='5 eta0=1' --map vi", "viridis");
    EXPECT_WORDS("etascope --data=");
    EXPECT_WORDS("etascope nonsense x");
    EXPECT_WORDS("");
}

/* What stands between the bars of an option's value is what it takes. */
static void literal_values_are_taken(void **state)
{
    (void)state;
    for (const OptionInfo *o = cli_options; o->name; o++) {
        char line[80];
        snprintf(line, sizeof line, "etascope find --%s=", o->name);
        if (!o->value || o->names || !strchr(o->value, '|') || !(o->verbs >> VERB_FIND & 1))
            continue;
        Result r = RUN("completion", "words", line);
        for (char *word = strtok(r.out, "\n"); word; word = strtok(NULL, "\n")) {
            Result taken = RUN("find", word, "--steps=12", "--eta=0.01:1:3", "--size=40x12");
            if (strcmp(word, "--sweep=max_lr") != 0 && (taken.status != 0 || taken.err[0]))
                fail_msg("%s is offered, yet %s", word, taken.err);
            forget(&taken);
        }
        forget(&r);
    }
}

static void words_of_a_shell(const char *shell, const char *script)
{
    char command[2000];
    char programs[512];
    snprintf(programs, sizeof programs, "command -v %s >/dev/null 2>&1", shell);
    if (!need(shell, system(programs) == 0))
        return;
    snprintf(programs, sizeof programs, "%s", program);
    *strrchr(programs, '/') = '\0';
    snprintf(command, sizeof command, "PATH=\"%s:$PATH\" %s -c '%s' >%s/words 2>/dev/null", programs,
             shell, script, folder);
    if (system(command) != 0)
        fail_msg("%s failed", command);
    char *words = read_file("words", NULL);
    assert_string_equal(words, "cosine\ncosine_restarts\ncosine_wave\n");
    free(words);
}

/* bash begins a word behind the equals sign. */
static void bash_completes(void **state)
{
    (void)state;
    words_of_a_shell("bash", "eval \"$(etascope completion bash)\"; COMP_WORDS=(etascope); "
                             "COMP_LINE=\"etascope show --schedule=cos\"; COMP_POINT=${#COMP_LINE}; "
                             "_etascope; printf \"%s\\n\" \"${COMPREPLY[@]}\"");
}

static void scripts_are_printed(void **state)
{
    (void)state;
    static const char *const shells[] = {"bash", "zsh", "fish"};
    for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++) {
        Result r = RUN("completion", shells[i]);
        expect_ok(&r);
        assert_non_null(strstr(r.out, "completion words"));
        forget(&r);
    }
    expect_error(RUN("completion", "ksh"),
                 "etascope: command line:1:1: which shell? bash, zsh or fish\n");
    expect_error(RUN("completion"), "etascope: command line:1:1: which shell? bash, zsh or fish\n");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_word),
        cmocka_unit_test(literal_values_are_taken),
        cmocka_unit_test(bash_completes),
        cmocka_unit_test(scripts_are_printed),
    };
    (void)argc;
    find_program(argv[0]);
    return cmocka_run_group_tests_name("completion", tests, make_folder, remove_folder);
}
