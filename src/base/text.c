/* SPDX-License-Identifier: MIT
 * text: see text.h */
#include "base/text.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Text text_over(char *storage, size_t size)
{
    storage[0] = '\0';
    return (Text){.at = storage, .size = size};
}

/* Drop the bytes of a UTF-8 character that was cut in its middle. */
static void text_trim(Text *t)
{
    size_t n = t->used;
    size_t back = 0;
    while (back < 4 && n > back && ((unsigned char)t->at[n - 1 - back] & 0xC0) == 0x80)
        back++;
    if (n > back) {
        unsigned char lead = (unsigned char)t->at[n - 1 - back];
        size_t need = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
        if (need > back)
            t->used = n - 1 - back;
    }
    t->at[t->used] = '\0';
}

void text_put(Text *t, const char *bytes, size_t count)
{
    if (t->full)
        return; /* nothing may follow a cut */
    size_t room = t->size - 1 - t->used;
    bool cut = count > room;
    if (cut)
        count = room;
    memcpy(t->at + t->used, bytes, count);
    t->used += count;
    t->at[t->used] = '\0';
    if (cut) {
        t->full = true;
        text_trim(t);
    }
}

void text_add(Text *t, const char *format, ...)
{
    va_list args;
    if (t->full)
        return;
    va_start(args, format);
    size_t room = t->size - t->used;
    int n = vsnprintf(t->at + t->used, room, format, args);
    va_end(args);
    if (n < 0)
        return;
    if ((size_t)n < room) {
        t->used += (size_t)n;
        return;
    }
    t->used = t->size - 1;
    t->full = true;
    text_trim(t);
}

void number_print(char out[NUMBER_TEXT], double value)
{
    if (isnan(value) || isinf(value)) {
        snprintf(out, NUMBER_TEXT, "%s", isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
        return;
    }
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(out, NUMBER_TEXT, "%.*g", digits, value);
        if (strtod(out, NULL) == value)
            break;
    }
    /* 1e+06 reads better as 1000000 in a command line */
    if (strchr(out, 'e') && fabs(value) < 1e7 && fabs(value) >= 1 && value == floor(value))
        snprintf(out, NUMBER_TEXT, "%.0f", value);
}

void text_number(Text *t, double value)
{
    char number[NUMBER_TEXT];
    number_print(number, value);
    text_add(t, "%s", number);
}

void number_show(char out[NUMBER_TEXT], double value, int digits)
{
    if (!isfinite(value)) {
        snprintf(out, NUMBER_TEXT, "%s", isnan(value) ? "nan" : value > 0 ? "∞" : "-∞");
        return;
    }
    double size = fabs(value);
    if (size == 0) {
        snprintf(out, NUMBER_TEXT, "0");
    } else if (size < 1e-3 || size >= 1e5) {
        snprintf(out, NUMBER_TEXT, "%.*e", digits - 1, value);
        char *e = strchr(out, 'e'); /* e-05 -> e-5, e+12 -> e12 */
        if (e) {
            int power = atoi(e + 1);
            snprintf(e, (size_t)(NUMBER_TEXT - (e - out)), "e%d", power);
        }
    } else {
        int before = (int)floor(log10(size)) + 1;
        int after = digits - before;
        snprintf(out, NUMBER_TEXT, "%.*f", after < 0 ? 0 : after, value);
    }
}

void number_brief(char out[NUMBER_TEXT], double value, int digits)
{
    number_show(out, value, digits);
    char *mantissa_end = strchr(out, 'e');
    char *end = mantissa_end ? mantissa_end : out + strlen(out);
    char *cut = end;
    if (!memchr(out, '.', (size_t)(end - out)))
        return;
    while (cut[-1] == '0')
        cut--;
    if (cut[-1] == '.')
        cut--;
    memmove(cut, end, strlen(end) + 1);
}

bool number_parse(const char *text, size_t length, double *value)
{
    char copy[64];
    if (length == 0 || length >= sizeof copy)
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    if (isspace((unsigned char)copy[0]) || strpbrk(copy, "xXpP("))
        return false;
    char *end;
    *value = strtod(copy, &end);
    return end == copy + length;
}

const char *text_until(const char *at, const char *marks)
{
    for (char quote = 0; *at && (quote || !strchr(marks, *at)); at++)
        if (quote ? *at == quote : *at == '\'' || *at == '"')
            quote = quote ? 0 : *at;
    return at;
}

Slice slice_of(const char *at, size_t length)
{
    return (Slice){at, length, 1};
}

bool slice_cut(Slice *p, char mark, Slice *rest)
{
    const char *found = memchr(p->at, mark, p->length);
    if (!found)
        return false;
    size_t n = (size_t)(found - p->at);
    rest->at = found + 1;
    rest->length = p->length - n - 1;
    rest->column = p->column + (long)utf8_count(p->at, n + 1);
    p->length = n;
    return true;
}

bool slice_pair(Slice *rest, Slice *key, Slice *value)
{
    Slice next = {0};
    *key = *rest;
    *value = (Slice){0};
    if (!rest->at)
        return false;
    slice_cut(key, ',', &next);
    slice_cut(key, '=', value);
    *rest = next;
    return true;
}

uint32_t utf8_next(const char **text)
{
    const unsigned char *s = (const unsigned char *)*text;
    if (!s[0])
        return 0;
    int extra = s[0] < 0x80 ? 0 : s[0] >= 0xF0 && s[0] < 0xF5 ? 3 : s[0] >= 0xE0 && s[0] < 0xF0 ? 2
              : s[0] >= 0xC2 && s[0] < 0xE0 ? 1 : -1;
    uint32_t code = extra <= 0 ? s[0] : s[0] & (0x3Fu >> extra);
    for (int i = 1; i <= extra; i++) {
        if ((s[i] & 0xC0) != 0x80) {
            extra = -1;
            break;
        }
        code = code << 6 | (s[i] & 0x3Fu);
    }
    *text += extra < 0 ? 1 : extra + 1;
    return extra < 0 ? 0xFFFD : code;
}

int utf8_encode(uint32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

size_t utf8_count(const char *text, size_t bytes)
{
    size_t n = 0;
    for (size_t i = 0; i < bytes; i++)
        n += ((unsigned char)text[i] & 0xC0) != 0x80;
    return n;
}
