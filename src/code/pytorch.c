/* SPDX-License-Identifier: MIT
 * pytorch: the run as a whole program for PyTorch, whose rows are those of `etascope run`. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "code/lives.h"
#include "code/loss_code.h"

enum { IMPORTS = 16 };

typedef struct Writer {
    Plan plan;
    Sheet functions; /* rates as functions of t */
    Sheet loop;
    FILE *out;                /* of `loop` */
    unsigned uses;            /* what formulas need */
    char import[IMPORTS][40]; /* classes of torch.optim.lr_scheduler */
    int imports;
    Error *err;
} Writer;

/* ---- schedules ---- */

static void import(Writer *w, const char *name, int length)
{
    for (int i = 0; i < w->imports; i++)
        if (strncmp(w->import[i], name, (size_t)length) == 0 && !w->import[i][length])
            return;
    assert(w->imports < IMPORTS);
    snprintf(w->import[w->imports++], sizeof w->import[0], "%.*s", length, name);
}

/* The function of stretch i's rate; its number is the step it holds from. */
static bool put_function(Writer *w, int i, char name[32])
{
    long from = w->plan.stretch[i].seg->from;
    if (w->plan.count > 1)
        snprintf(name, 32, "rate_from_%ld", from);
    else
        snprintf(name, 32, "rate");
    return put_rate_function(w->functions.out, name, &w->plan.stretch[i].piece, &w->uses, w->err);
}

static void put_class(Writer *w, const Stretch *s)
{
    Holes h = piece_holes(&s->piece, PY_MATH);
    if (s->kind == LIFE_JOINED) {
        import(w, "SequentialLR", 12);
        import(w, "LinearLR", 8);
        fprintf(w->out, "SequentialLR(opt, [LinearLR(opt, start_factor=");
        python_number(w->out, h.rate->warmup_factor);
        pattern_print(w->out, ", end_factor=1.0, total_iters=$W), ", &h);
    }
    import(w, s->shape->text, call_name(s->shape->text));
    pattern_print(w->out, s->shape->text, &h);
    if (s->kind == LIFE_JOINED)
        pattern_print(w->out, "], milestones=[$W])", &h);
    if (strstr(s->shape->text, "math."))
        w->uses |= USES_MATH;
}

static bool put_lambda(Writer *w, int i)
{
    char name[32];
    const Segment *seg = w->plan.stretch[i].seg;
    if (!put_function(w, i, name))
        return false;
    import(w, "LambdaLR", 8);
    fprintf(w->out, "LambdaLR(opt, lambda t: %s(t", name);
    if (seg->from)
        fprintf(w->out, " + %ld", seg->from);
    fputs(") / ", w->out);
    python_number(w->out, seg->rate.eta0);
    fputc(')', w->out);
    return true;
}

/* The settings of the class Plateau. */
static void put_plateau(Writer *w, const Stretch *s, const char *call)
{
    const Rate *r = &s->seg->rate;
    Holes h = piece_holes(&s->piece, PY_MATH);
    fprintf(w->out, "%s(eta0=", call);
    pattern_print(w->out,
                  "$eta0, factor=$factor, patience=$patience, threshold=$threshold, "
                  "threshold_mode=\"$threshold_mode\", cooldown=$cooldown, min_lr=$min_lr, "
                  "warmup=$W, warmup_factor=",
                  &h);
    python_number(w->out, r->warmup_factor);
    bool epochs = r->unit > 1;
    fprintf(w->out, ", every=%ld, since=%ld)\n", epochs ? s->seg->epochs.steps : 1,
            epochs ? s->seg->epochs.from : 0);
}

static void put_rate_of_group(Writer *w, const char *indent, double eta0)
{
    fprintf(w->out, "%sopt.param_groups[0].update(lr=", indent);
    python_number(w->out, eta0);
    fputs(", initial_lr=", w->out);
    python_number(w->out, eta0);
    fputs(")\n", w->out);
}

/* Once an epoch, where the schedule counts epochs. */
static void put_clock(Writer *w, const char *indent, const Stretch *s)
{
    const Segment *seg = s->seg;
    bool epochs = s->kind == LIFE_CLASS && seg->rate.unit > 1;
    bool plateau = !step_rate_is_closed(&seg->rate);
    if (w->plan.any_epochs)
        fprintf(w->out, "%severy, since = %ld, %ld  # steps between the schedule's\n", indent,
                epochs ? seg->rate.unit : 1, epochs && plateau ? seg->epochs.from : seg->from);
}

/* A schedule's life begins at stretch i. */
static bool put_life(Writer *w, int i, const char *indent)
{
    const Stretch *s = &w->plan.stretch[i];
    const Segment *seg = s->seg;
    bool is_class = life_has_scheduler(s->kind);
    bool by_hand = life_by_hand(s->kind);
    bool ok = true;
    char name[32];
    if (!by_hand && i > 0 && !seg->new_optimizer)
        put_rate_of_group(w, indent, seg->rate.eta0);
    if (is_class)
        fprintf(w->out, "%ssched = ", indent);
    if (s->kind == LIFE_LAMBDA)
        ok = put_lambda(w, i);
    else if (is_class)
        put_class(w, s);
    if (is_class)
        fputc('\n', w->out);
    else if (w->plan.any_sched)
        fprintf(w->out, "%ssched = None\n", indent);
    if (is_class)
        put_clock(w, indent, s);
    if (s->kind == LIFE_BY_HAND) {
        ok = put_function(w, i, name);
        fprintf(w->out, "%srate = %s\n", indent, name);
    } else if (s->kind == LIFE_PLATEAU) {
        fputs(indent, w->out);
        put_plateau(w, s, "rate = Plateau");
    } else if (w->plan.any_rate) {
        fprintf(w->out, "%srate = None\n", indent);
    }
    return ok;
}

/* The life goes on through an edit. */
static bool put_schedule_edit(Writer *w, int i, const char *indent)
{
    const Stretch *s = &w->plan.stretch[i];
    char name[32];
    if (same_rate(s, s - 1))
        return true;
    if (s->kind == LIFE_FLAT && !s->seg->new_optimizer) {
        put_rate_of_group(w, indent, s->seg->rate.eta0);
    } else if (s->kind == LIFE_BY_HAND) {
        if (!put_function(w, i, name))
            return false;
        fprintf(w->out, "%srate = %s\n", indent, name);
    } else if (s->kind == LIFE_PLATEAU) {
        fputs(indent, w->out);
        put_plateau(w, s, "rate.set");
    }
    return true;
}

/* ---- the other settings ---- */

static void put_optimizer_of(Writer *w, int i, const char *indent)
{
    const Stretch *s = &w->plan.stretch[i];
    const OptimizerCode *code = optimizer_code(s->seg->optimizer);
    char lr[NUMBER_TEXT];
    if (i > 0 && !s->seg->new_optimizer) {
        bool same = memcmp(s->seg->param, s[-1].seg->param, sizeof s->seg->param) == 0;
        if (same || !code->group)
            return;
        fprintf(w->out, "%sopt.param_groups[0].update(", indent);
        put_optimizer(w->out, code->group, s->seg->optimizer, s->seg->param, "", "");
        if (s->by_hand)
            put_optimizer(w->out, ", convention=\"$convention\"", s->seg->optimizer, s->seg->param,
                          "", "");
        fputs(")\n", w->out);
        return;
    }
    number_print(lr, s->seg->rate.eta0);
    fprintf(w->out, "%sopt = ", indent);
    put_optimizer(w->out, s->by_hand ? code->by_hand : code->in[IN_TORCH].text, s->seg->optimizer,
                  s->seg->param, lr, "[w]");
    fputc('\n', w->out);
}

static void put_values(Writer *w, const Segment *seg, const char *indent)
{
    fprintf(w->out, "%svalues = torch.tensor([", indent);
    for (int k = 0; k < seg->loss.param_count; k++) {
        fputs(k ? ", " : "", w->out);
        python_number(w->out, seg->loss.param[k]);
    }
    fputs("], dtype=torch.float64)  # of the formula's parameters\n", w->out);
}

static void put_noise_and_batch(Writer *w, int i, const char *indent)
{
    const Segment *seg = w->plan.stretch[i].seg;
    const Segment *before = i ? w->plan.stretch[i - 1].seg : NULL;
    if (w->plan.any_noise && (!before || before->noise != seg->noise)) {
        fprintf(w->out, "%ssigma = ", indent);
        python_number(w->out, seg->noise);
        fputc('\n', w->out);
    }
    if (w->plan.any_batch &&
        (!before || before->batch != seg->batch || before->epochs.from != seg->epochs.from))
        fprintf(w->out, "%sbatch, epoch_steps, epoch_from, epoch_base = %ld, %ld, %ld, %ld\n",
                indent, seg->batch, seg->epochs.steps, seg->epochs.from, seg->epochs.base);
    if (w->plan.watches && (!before || before->watches_held_out != seg->watches_held_out))
        fprintf(w->out, "%swatched = %s\n", indent, seg->watches_held_out ? "held_out" : "loss");
}

static bool put_stretch(Writer *w, int i, const char *indent)
{
    const Segment *seg = w->plan.stretch[i].seg;
    bool values = seg->loss.param_count > 0;
    if (i > 0)
        values = memcmp(seg->loss.param, w->plan.stretch[i - 1].seg->loss.param,
                        sizeof seg->loss.param) != 0;
    if (values)
        put_values(w, seg, indent);
    put_noise_and_batch(w, i, indent);
    put_optimizer_of(w, i, indent);
    return w->plan.stretch[i].begins ? put_life(w, i, indent) : put_schedule_edit(w, i, indent);
}

/* ---- the loop ---- */

static void put_edit_words(Writer *w, long from)
{
    char words[1024];
    for (int e = 0; e < w->plan.scene->edit_count; e++) {
        if (w->plan.scene->edit[e].step != from)
            continue;
        Text text = text_over(words, sizeof words);
        scene_print_edit(w->plan.scene, e, &text);
        fprintf(w->out, "        # at %s\n", words);
    }
}

static bool put_edits(Writer *w)
{
    for (int i = 1; i < w->plan.count; i++) {
        fprintf(w->out, "    if t == %ld:\n", w->plan.stretch[i].seg->from);
        put_edit_words(w, w->plan.stretch[i].seg->from);
        long before = ftell(w->out);
        if (!put_stretch(w, i, "        "))
            return false;
        if (ftell(w->out) == before)
            fputs("        pass\n", w->out);
    }
    return true;
}

static void put_gradient(Writer *w)
{
    fputs("    opt.zero_grad()\n"
          "    value = loss(*w)\n",
          w->out);
    if (w->plan.any_batch)
        fputs("    rows = batch_rows(t) if batch else slice(None)\n"
              "    loss(*w, rows=rows).backward()\n",
              w->out);
    else
        fputs("    value.backward()\n", w->out);
    fputs("    print(\"%d,%.17g,%.17g,%.17g,%.17g\" %\n"
          "          (t, *w.tolist(), value.item(), opt.param_groups[0][\"lr\"]))\n",
          w->out);
    fprintf(w->out,
            "    if t == %ld or not (abs(value.item()) <= 1e100 and w.isfinite().all()%s):\n"
            "        break\n",
            timeline_steps(w->plan.t),
            w->plan.any_batch ? "" : "\n            and w.grad.isfinite().all()");
    if (w->plan.any_noise && w->plan.any_batch)
        fputs("    if sigma:\n"
              "        w.grad += noise(t, batch)\n",
              w->out);
    else if (w->plan.any_noise)
        fputs("    if sigma:\n"
              "        w.grad += noise(t, False)\n",
              w->out);
}

static void put_step(Writer *w)
{
    bool fed = w->plan.any_plateau || w->plan.any_plateau_class;
    if (fed)
        fputs(w->plan.watches ? "    metric = watched(*w).item()\n" : "    metric = value.item()\n",
              w->out);
    fputs("    opt.step()\n", w->out);
    if (w->plan.any_sched) {
        bool guard = w->plan.any_epochs || w->plan.count > 1 || w->plan.any_rate;
        if (w->plan.any_epochs)
            fputs("    if sched is not None and (t + 1 - since) % every == 0:\n        ", w->out);
        else
            fputs(guard ? "    if sched is not None:\n        " : "    ", w->out);
        if (w->plan.any_plateau_class && w->plan.any_other_class)
            fputs("sched.step(metric) if isinstance(sched, ReduceLROnPlateau) else sched.step()\n",
                  w->out);
        else
            fputs(w->plan.any_plateau_class ? "sched.step(metric)\n" : "sched.step()\n", w->out);
    }
    if (w->plan.any_plateau)
        fputs("    if isinstance(rate, Plateau):\n"
              "        rate.feed(t, metric)\n",
              w->out);
}

static bool put_loop(Writer *w)
{
    const Row *first = timeline_rows(w->plan.t);
    fputs("w = torch.tensor([", w->out);
    python_number(w->out, first->at.x);
    fputs(", ", w->out);
    python_number(w->out, first->at.y);
    fputs("], dtype=torch.float64, requires_grad=True)\n", w->out);
    if (!put_stretch(w, 0, ""))
        return false;
    fprintf(w->out,
            "\nprint(\"t,x,y,loss,eta\")\n"
            "for t in range(%ld):\n",
            timeline_steps(w->plan.t) + 1);
    if (!put_edits(w))
        return false;
    if (w->plan.any_rate)
        fputs("    if rate is not None:\n"
              "        opt.param_groups[0][\"lr\"] = rate(t)\n",
              w->out);
    put_gradient(w);
    put_step(w);
    return true;
}

/* ---- what stands above it ---- */

static const char momentum_class[] =
    "class Momentum(torch.optim.Optimizer):\n"
    "    \"\"\"Momentum in three conventions, equal only while the rate stays the same:\n"
    "    torch    m = mu m + g          w -= eta m\n"
    "    inside   m = mu m + eta g      w -= m\n"
    "    average  m = mu m + (1-mu) g   w -= eta m\"\"\"\n\n"
    "    def __init__(self, params, lr, momentum, convention, nesterov):\n"
    "        super().__init__(params, dict(lr=lr, momentum=momentum, convention=convention,\n"
    "                                      nesterov=nesterov))\n\n"
    "    @torch.no_grad()\n"
    "    def step(self):\n"
    "        for group in self.param_groups:\n"
    "            eta, mu, convention = group[\"lr\"], group[\"momentum\"], group[\"convention\"]\n"
    "            weight = {\"torch\": 1.0, \"inside\": eta, \"average\": 1 - mu}[convention]\n"
    "            for p in group[\"params\"]:\n"
    "                m = mu * self.state[p].get(\"m\", torch.zeros_like(p)) + weight * p.grad\n"
    "                self.state[p][\"m\"] = m\n"
    "                d = weight * p.grad + mu * m if group[\"nesterov\"] else m\n"
    "                p -= d if convention == \"inside\" else eta * d\n\n\n";

static const char plateau_class[] =
    "class Plateau:\n"
    "    \"\"\"ReduceLROnPlateau with the cuts as a multiplier of eta0: another eta0 keeps "
    "them.\"\"\"\n\n"
    "    def __init__(self, **settings):\n"
    "        self.best, self.multiplier, self.bad, self.cool = math.inf, 1.0, 0, 0\n"
    "        self.set(**settings)\n\n"
    "    def set(self, **settings):\n"
    "        self.__dict__.update(settings)\n\n"
    "    def present(self):\n"
    "        rate = self.eta0 * self.multiplier\n"
    "        return max(rate, min(self.min_lr, self.eta0)) if self.multiplier < 1 else rate\n\n"
    "    def __call__(self, t):\n"
    "        if t < self.warmup:\n"
    "            f = self.warmup_factor\n"
    "            return self.eta0 * (f + (1 - f) * t / self.warmup)\n"
    "        return self.present()\n\n"
    "    def better(self, loss):\n"
    "        if self.best == math.inf:\n"
    "            return loss < self.best\n"
    "        if self.threshold_mode == \"abs\":\n"
    "            return loss < self.best - self.threshold\n"
    "        return loss < self.best * (1 - self.threshold)\n\n"
    "    def feed(self, t, loss):\n"
    "        if t < self.warmup or (t + 1 - self.since) % self.every:\n"
    "            return\n"
    "        if self.better(loss):\n"
    "            self.best, self.bad = loss, 0\n"
    "        else:\n"
    "            self.bad += 1\n"
    "        if self.cool > 0:\n"
    "            self.cool, self.bad = self.cool - 1, 0\n"
    "        if self.bad > self.patience:\n"
    "            self.bad, self.cool = 0, self.cooldown\n"
    "            self.cut()\n\n"
    "    def cut(self):\n"
    "        cut = max(self.present() * self.factor, self.min_lr)\n"
    "        if self.present() - cut > 1e-8:\n"
    "            floor = self.present() * self.factor < self.min_lr\n"
    "            self.multiplier = cut / self.eta0 if floor else self.multiplier * "
    "self.factor\n\n\n";

static const char splitmix_functions[] =
    "def splitmix64(seed, k):  # its k-th number, from the seed alone\n"
    "    mask = 2**64 - 1\n"
    "    z = (seed + (k + 1) * 0x9E3779B97F4A7C15) & mask\n"
    "    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & mask\n"
    "    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & mask\n"
    "    return z ^ (z >> 31)\n\n\n";

static const char noise_functions[] =
    "def uniform(seed, k):\n"
    "    return ((splitmix64(seed, k) >> 11) + 0.5) / 2**53\n\n\n"
    "def noise(t, apart):  # of step t, by Box and Muller; apart from the numbers of the batches\n"
    "    s = seed ^ 0x9E3779B97F4A7C15 if apart else seed\n"
    "    r = sigma * math.sqrt(-2 * math.log(uniform(s, 2 * t)))\n"
    "    angle = 2 * math.pi * uniform(s, 2 * t + 1)\n"
    "    return torch.tensor([r * math.cos(angle), r * math.sin(angle)], "
    "dtype=torch.float64)\n\n\n";

static const char batch_functions[] =
    "def shuffled(epoch):  # Fisher and Yates\n"
    "    order, k = list(range(row_count)), epoch * (row_count - 1)\n"
    "    for i in range(row_count - 1, 0, -1):\n"
    "        j = splitmix64(seed, k) %% (i + 1)\n"
    "        order[i], order[j], k = order[j], order[i], k + 1\n"
    "    return order\n\n\n"
    "def batch_rows(t):\n"
    "    since = t - epoch_from\n"
    "    first = since %% epoch_steps * batch\n"
    "    return shuffled(epoch_base + since // epoch_steps)[first:first + batch]\n\n\n"
    "row_count = %ld\n";

static void put_imports(const Writer *w, FILE *out, bool reads)
{
    if (reads)
        fputs("import csv\n", out);
    if ((w->uses & USES_MATH) || w->plan.any_noise || w->plan.any_plateau)
        fputs("import math\n", out);
    fputs(reads || (w->uses & USES_MATH) || w->plan.any_noise || w->plan.any_plateau ? "\n" : "",
          out);
    fputs("import torch\n", out);
    for (int i = 0; i < w->imports; i++)
        fprintf(out, "%s%s", i ? ", " : "from torch.optim.lr_scheduler import ", w->import[i]);
    fputs(w->imports ? "\n\n" : "\n", out);
    fputs("torch.set_default_dtype(torch.float64)\n\n\n", out);
}

static void put_random(const Writer *w, FILE *out)
{
    if (!w->plan.any_noise && !w->plan.any_batch)
        return;
    fputs(splitmix_functions, out);
    if (w->plan.any_noise)
        fputs(noise_functions, out);
    if (w->plan.any_batch)
        fprintf(out, batch_functions, loss_rows(timeline_loss(w->plan.t)));
    fprintf(out, "seed = %llu\n\n", (unsigned long long)w->plan.scene->seed);
}

static bool assemble(Writer *w, FILE *out)
{
    LossCode loss;
    bool ok = put_loop(w) && loss_code_open(&loss, w->plan.t, w->plan.watches, w->err);
    if (!ok)
        return false;
    w->uses |= loss.uses;
    put_scene_line(out, w->plan.t);
    fputs("# The run as a program for PyTorch (checked with 1.13), on the CPU in float64. It "
          "prints the rows\n"
          "# of `etascope run` to nine digits and more, unless the run is chaotic: then rounding "
          "grows.\n",
          out);
    put_imports(w, out, loss.reads);
    formula_helpers(out, w->uses);
    loss_code_close(&loss, out);
    if (w->plan.any_momentum)
        fputs(momentum_class, out);
    if (w->plan.any_plateau)
        fputs(plateau_class, out);
    sheet_close(&w->functions, out);
    put_random(w, out);
    sheet_close(&w->loop, out);
    return true;
}

bool write_pytorch(FILE *out, const Timeline *t, Error *err)
{
    Writer w = {.err = err};
    bool ok = sheet_open(&w.functions) && sheet_open(&w.loop);
    w.out = w.loop.out;
    if (!ok)
        error_set(err, 0, 0, "out of memory");
    ok = ok && plan_make(&w.plan, t, err) && assemble(&w, out);
    sheet_close(&w.functions, NULL);
    sheet_close(&w.loop, NULL);
    plan_free(&w.plan);
    return ok;
}
