/* SPDX-License-Identifier: MIT
 * axis: ticks and scales. */
#include "view/axis.h"

#include <math.h>
#include <stdio.h>

#include "base/text.h"

/* The smallest 1-2-5 step >= raw. */
static double nice_step(double raw)
{
    double power = pow(10, floor(log10(raw)));
    double lead = raw / power;
    return power * (lead <= 1.0000001 ? 1 : lead <= 2.0000001 ? 2 : lead <= 5.0000001 ? 5 : 10);
}

Scale scale_linear(double lo, double hi)
{
    if (!isfinite(lo) || !isfinite(hi) || lo > hi || fabs(lo) > 1e300 || fabs(hi) > 1e300)
        return (Scale){0, 1, 0, false};
    double least = fmax(fmax(fabs(lo), fabs(hi)) * 1e-9, 1e-300);
    if (hi - lo < least) {
        double pad = lo == 0 ? 1 : 0.5 * fabs(lo);
        return (Scale){lo >= 0 ? fmax(0, lo - pad) : lo - pad, hi + pad, 0, false};
    }
    double step = nice_step((hi - lo) / 5);
    return (Scale){step * floor(lo / step + 1e-9), step * ceil(hi / step - 1e-9), 0, false};
}

Scale scale_log(double lo, double hi, double base, int decades)
{
    double top = hi - base, low = lo - base;
    if (!(top > 0))
        top = 1;
    top = fmin(top, 1e300);
    double least = fmax(top * pow(10, -decades), 1e-300);
    if (!(low > least))
        low = least;
    if (top / low < 10) {
        top *= 3;
        low /= 3;
    }
    return (Scale){low, top, base, true};
}

double scale_at(const Scale *s, double value)
{
    if (!s->log)
        return (value - s->lo) / (s->hi - s->lo);
    double above = value - s->base;
    if (isnan(above))
        return (double)NAN;
    if (!(above > 0))
        return -(double)INFINITY;
    return log10(above / s->lo) / log10(s->hi / s->lo);
}

static void linear_labels(Ticks *t, double step)
{
    int places = (int)-floor(log10(step) + 1e-9);
    double big = t->count ? fmax(fabs(t->value[0]), fabs(t->value[t->count - 1])) : 0;
    for (int i = 0; i < t->count; i++) {
        double v = t->value[i];
        if (v != 0 && (big >= 1e5 || places > 4))
            number_show(t->label[i], v, 2);
        else
            snprintf(t->label[i], AXIS_LABEL, "%.*f", v == 0 || places < 0 ? 0 : places, v);
    }
}

static void log_label(char label[AXIS_LABEL], int power)
{
    if (power >= 0 && power <= 3)
        snprintf(label, AXIS_LABEL, "%.0f", pow(10, power));
    else if (power < 0 && power >= -2)
        snprintf(label, AXIS_LABEL, "%.*f", -power, pow(10, power));
    else
        snprintf(label, AXIS_LABEL, "1e%d", power);
}

static Ticks linear_ticks(const Scale *s, int want)
{
    Ticks t = {0};
    double step = nice_step((s->hi - s->lo) / (want > 1 ? want - 1 : 1));
    for (double k = ceil(s->lo / step - 1e-9); t.count < AXIS_TICKS; k++) {
        if (k * step > s->hi + 1e-9 * step)
            break;
        t.value[t.count++] = k * step + 0.0; /* no -0 */
    }
    linear_labels(&t, step);
    return t;
}

/* Within a decade or two: 1, 2 and 5 times its powers; within less, equal steps. */
static Ticks near_log_ticks(const Scale *s, int want)
{
    static const double leads[] = {1, 2, 5};
    Ticks t = {0};
    for (int power = (int)floor(log10(s->lo)); pow(10, power) <= s->hi; power++)
        for (int i = 0; i < 3 && t.count < AXIS_TICKS; i++) {
            double v = leads[i] * pow(10, power);
            if (v < s->lo * (1 - 1e-9) || v > s->hi * (1 + 1e-9))
                continue;
            snprintf(t.label[t.count], AXIS_LABEL, v < 1e-3 || v >= 1e4 ? "%.0e" : "%g", v);
            t.value[t.count++] = v;
        }
    return t.count >= 2 && t.count <= want ? t : linear_ticks(s, want);
}

static Ticks log_ticks(const Scale *s, int want)
{
    Ticks t = {0};
    int from = (int)ceil(log10(s->lo) - 1e-9), to = (int)floor(log10(s->hi) + 1e-9);
    int every = 1;
    if (to <= from)
        return near_log_ticks(s, want);
    while ((to - from) / every + 1 > want)
        every++;
    /* counted from the top: the highest decade is where a run begins */
    int power = to - (to - from) / every * every;
    for (; power <= to && t.count < want; power += every) {
        t.value[t.count] = pow(10, power);
        log_label(t.label[t.count++], power);
    }
    return t;
}

/* One tick is no scale: then the next finer step. */
Ticks axis_ticks(const Scale *s, int want)
{
    Ticks t = {0};
    want = want < 1 ? 1 : want > AXIS_TICKS - 2 ? AXIS_TICKS - 2 : want;
    if (s->log)
        return log_ticks(s, want);
    if (!(s->hi > s->lo) || !isfinite(s->hi - s->lo))
        return t;
    for (int more = 0; more <= 2 && t.count < 2; more++)
        t = linear_ticks(s, want + more);
    return t;
}

/* Equal parts where they are round numbers (0 80 160; 0 100 200 300), else 1-2-5 and the last. */
Ticks axis_steps(long last, int want)
{
    Ticks t = {0};
    want = want < 2 ? 2 : want > AXIS_TICKS ? AXIS_TICKS : want;
    last = last < 1 ? 1 : last;
    double step = nice_step(fmax((double)last / (want - 1), 1));
    for (int parts = want - 1 > 5 ? 5 : want - 1; parts >= 2; parts--) {
        if (last % parts == 0 && last / parts % 10 == 0) {
            step = (double)last / parts;
            break;
        }
    }
    for (double v = 0; v < (double)last - 0.6 * step && t.count < want - 1; v += step)
        t.value[t.count++] = v;
    t.value[t.count++] = (double)last;
    for (int i = 0; i < t.count; i++)
        snprintf(t.label[i], AXIS_LABEL, "%.0f", t.value[i]);
    return t;
}
