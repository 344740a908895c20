/* SPDX-License-Identifier: MIT
 * embed_gen: print the named files as the C table of base/embed.h. Runs during the build. */
#include <stdio.h>
#include <string.h>

static const char *shown_name(const char *path)
{
    return strncmp(path, "assets/", 7) == 0 ? path + 7 : path;
}

static int print_file(const char *path, int index)
{
    FILE *in = fopen(path, "rb");
    if (!in) {
        perror(path);
        return 1;
    }
    printf("static const char file_%d[] = {", index);
    int c;
    for (long n = 0; (c = getc(in)) != EOF; n++)
        printf(n % 20 ? "%d," : "\n%d,", c > 127 ? c - 256 : c);
    printf("0};\n");
    int failed = ferror(in);
    fclose(in);
    return failed;
}

int main(int argc, char **argv)
{
    printf("/* made by embed_gen */\n#include \"base/embed.h\"\n#include <string.h>\n");
    for (int i = 1; i < argc; i++)
        if (print_file(argv[i], i))
            return 1;
    printf("const Embedded embedded_files[] = {\n");
    for (int i = 1; i < argc; i++)
        printf("    {\"%s\", file_%d, sizeof file_%d - 1},\n", shown_name(argv[i]), i, i);
    printf("    {0, 0, 0},\n};\n"
           "const Embedded *embedded_find(const char *name)\n{\n"
           "    for (const Embedded *e = embedded_files; e->name; e++)\n"
           "        if (strcmp(e->name, name) == 0)\n            return e;\n"
           "    return 0;\n}\n");
    return ferror(stdout) ? 1 : 0;
}
