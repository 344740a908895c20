/* SPDX-License-Identifier: MIT
 * xml: is this text well-formed XML? A tiny reader for tests; include cmocka.h first. */
#ifndef ETA_TESTS_UNIT_XML_H
#define ETA_TESTS_UNIT_XML_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

typedef struct Xml {
    const char *at;
    int deep;
    char open[16][16]; /* names of the open elements */
    const char *wrong; /* NULL: well-formed so far */
} Xml;

static bool xml_word(Xml *x, char *out, size_t size)
{
    size_t n = strspn(x->at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-");
    if (n == 0 || n >= size)
        return false;
    memcpy(out, x->at, n);
    out[n] = '\0';
    x->at += n;
    return true;
}

/* Characters up to one of `ends`: no '<', entities of the five, no control characters, UTF-8. */
static void xml_characters(Xml *x, const char *ends)
{
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
    while (*x->at && !strchr(ends, *x->at) && !x->wrong) {
        bool known = *x->at != '&';
        for (size_t i = 0; i < 5; i++)
            known |= strncmp(x->at, entities[i], strlen(entities[i])) == 0;
        uint32_t code = utf8_next(&x->at);
        if (!known || code == '<')
            x->wrong = "a bare & or <";
        if ((code < 0x20 && code != '\n') || code == 0xFFFD || (code & 0xFFFE) == 0xFFFE)
            x->wrong = "not a character";
    }
}

static void xml_tag(Xml *x)
{
    char name[16];
    bool closing = *++x->at == '/';
    x->at += closing;
    if (!xml_word(x, name, sizeof name)) {
        x->wrong = "no name";
    } else if (closing) {
        if (x->deep == 0 || strcmp(x->open[--x->deep], name) != 0 || *x->at++ != '>')
            x->wrong = "closes what is not open";
        return;
    }
    while (!x->wrong && *x->at == ' ') {
        char attribute[24];
        x->at++;
        if (!xml_word(x, attribute, sizeof attribute) || *x->at++ != '=' || *x->at++ != '"')
            x->wrong = "not an attribute";
        else
            xml_characters(x, "\"");
        if (!x->wrong && *x->at++ != '"')
            x->wrong = "an open attribute";
    }
    bool empty = *x->at == '/';
    x->at += empty;
    if (!x->wrong && (*x->at++ != '>' || x->deep == 16))
        x->wrong = "an open tag";
    if (!x->wrong && !empty)
        strcpy(x->open[x->deep++], name);
}

static void check_xml(const char *text)
{
    Xml x = {.at = text};
    while (*x.at && !x.wrong) {
        if (*x.at == '<')
            xml_tag(&x);
        else
            xml_characters(&x, "<");
        if (!x.wrong && x.deep == 0 && *x.at && strcmp(x.at, "\n") != 0)
            x.wrong = "something behind the end";
    }
    if (x.wrong || x.deep)
        fail_msg("%s at '%.60s'", x.wrong ? x.wrong : "not closed", x.at);
}

#endif
