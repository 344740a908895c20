# SPDX-License-Identifier: MIT
"""The schedule lines for Keras, optax, timm and transformers at t = 0..T+5, for every schedule.

    python3 tests/golden/code_dialects.py ETASCOPE [COUNT] [SEED]

The lines are executed. PyTorch is PyTorch; the other frameworks are stood in for by their formulas, written
here from their sources and not from etascope's. What a rate should be is computed by a third piece of code,
`expected`, and for t <= T also by `etascope run`. The lines must give it to 1e-12 of the largest rate, past
T as well unless they say that they are not the same there; the three rates to check by must be right.
"""
import io
import math
import os
import random
import re
import subprocess
import sys
import types
import warnings

import torch
from torch.optim.lr_scheduler import LambdaLR

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import code_torch  # noqa: E402


class Math:
    """Functions of numbers under the names that keras.ops and jax.numpy have."""
    sin, cos, tan, exp, log, tanh, sqrt = (math.sin, math.cos, math.tan, math.exp, math.log, math.tanh,
                                           math.sqrt)
    floor, abs = math.floor, abs
    minimum, maximum = min, max

    @staticmethod
    def where(condition, a, b):
        return a if condition else b

    @staticmethod
    def cast(value, dtype):
        return float(value)

    @staticmethod
    def sigmoid(a):
        return 1 / (1 + math.exp(-a))

    @staticmethod
    def softplus(a):
        return math.log1p(math.exp(a))

    @staticmethod
    def logaddexp(a, b):
        return max(a, b) + math.log1p(math.exp(-abs(a - b)))


class Recorder:
    """Stands for a class whose arguments alone matter here."""
    def __init__(self, *args, **named):
        self.args, self.named = args, named


# ---- Keras: keras/src/optimizers/schedules/learning_rate_schedule.py ----

class LearningRateSchedule:
    pass


class ExponentialDecay(LearningRateSchedule):
    def __init__(self, initial_learning_rate, decay_steps, decay_rate, staircase=False):
        self.__dict__.update(rate=initial_learning_rate, steps=decay_steps, by=decay_rate, stairs=staircase)

    def __call__(self, step):
        p = step / self.steps
        return self.rate * self.by ** (math.floor(p) if self.stairs else p)


class InverseTimeDecay(ExponentialDecay):
    def __call__(self, step):
        p = step / self.steps
        return self.rate / (1 + self.by * (math.floor(p) if self.stairs else p))


class PolynomialDecay(LearningRateSchedule):
    def __init__(self, initial_learning_rate, decay_steps, end_learning_rate=1e-4, power=1.0, cycle=False):
        assert not cycle
        self.__dict__.update(rate=initial_learning_rate, steps=decay_steps, end=end_learning_rate, power=power)

    def __call__(self, step):
        p = min(step, self.steps) / self.steps
        return (self.rate - self.end) * (1 - p) ** self.power + self.end


class PiecewiseConstantDecay(LearningRateSchedule):
    def __init__(self, boundaries, values):
        assert len(values) == len(boundaries) + 1
        self.boundaries, self.values = boundaries, values

    def __call__(self, step):
        for boundary, value in zip(self.boundaries, self.values):
            if step <= boundary:
                return value
        return self.values[-1]


class CosineDecay(LearningRateSchedule):
    def __init__(self, initial_learning_rate, decay_steps, alpha=0.0, warmup_target=None, warmup_steps=0):
        self.__dict__.update(first=initial_learning_rate, steps=decay_steps, alpha=alpha,
                             target=warmup_target, warm=warmup_steps)

    def decay(self, step, top):
        cosine = 0.5 * (1 + math.cos(math.pi * min(step, self.steps) / self.steps))
        return top * ((1 - self.alpha) * cosine + self.alpha)

    def __call__(self, step):
        if self.target is None:
            return self.decay(step, self.first)
        if step < self.warm:
            return self.first + (self.target - self.first) * step / self.warm
        return self.decay(step - self.warm, self.target)


class CosineDecayRestarts(LearningRateSchedule):
    def __init__(self, initial_learning_rate, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0):
        self.__dict__.update(rate=initial_learning_rate, first=first_decay_steps, mul=t_mul, alpha=alpha)
        assert m_mul == 1.0

    def __call__(self, step):  # cycles counted, where Keras takes a logarithm
        length = float(self.first)
        while step >= length:
            step, length = step - length, length * self.mul
        return self.rate * ((1 - self.alpha) * 0.5 * (1 + math.cos(math.pi * step / length)) + self.alpha)


def keras_modules():
    schedules = types.ModuleType("keras.optimizers.schedules")
    for each in (LearningRateSchedule, ExponentialDecay, InverseTimeDecay, PolynomialDecay,
                 PiecewiseConstantDecay, CosineDecay, CosineDecayRestarts):
        setattr(schedules, each.__name__, each)
    optimizers = types.ModuleType("keras.optimizers")
    optimizers.schedules = schedules
    for name in ("SGD", "Adam", "AdamW", "Nadam", "RMSprop", "Adagrad", "Adadelta"):
        setattr(optimizers, name, Recorder)
    keras = types.ModuleType("keras")
    keras.ops, keras.optimizers = Math, optimizers
    keras.callbacks = types.SimpleNamespace(ReduceLROnPlateau=Recorder)
    return {"keras": keras, "keras.optimizers": optimizers, "keras.optimizers.schedules": schedules}


# ---- optax: optax/schedules/_schedule.py, _join.py ----

def linear_schedule(init_value, end_value, transition_steps, transition_begin=0):
    return polynomial_schedule(init_value, end_value, 1, transition_steps, transition_begin)


def polynomial_schedule(init_value, end_value, power, transition_steps, transition_begin=0):
    def schedule(count):
        c = min(max(count - transition_begin, 0), transition_steps)
        return (init_value - end_value) * (1 - c / transition_steps) ** power + end_value
    return schedule


def exponential_decay(init_value, transition_steps, decay_rate, transition_begin=0, staircase=False,
                      end_value=None):
    assert end_value is None

    def schedule(count):
        p = max(count - transition_begin, 0) / transition_steps
        return init_value * decay_rate ** (math.floor(p) if staircase else p)
    return schedule


def piecewise_constant_schedule(init_value, boundaries_and_scales):
    def schedule(count):
        value = init_value
        for boundary, scale in boundaries_and_scales.items():
            value *= scale if count >= boundary else 1
        return value
    return schedule


def cosine_decay_schedule(init_value, decay_steps, alpha=0.0, exponent=1.0):
    assert decay_steps > 0

    def schedule(count):
        cosine = 0.5 * (1 + math.cos(math.pi * min(count, decay_steps) / decay_steps))
        return init_value * ((1 - alpha) * cosine ** exponent + alpha)
    return schedule


def join_schedules(schedules, boundaries):
    def schedule(count):
        value = schedules[0](count)
        for boundary, each in zip(boundaries, schedules[1:]):
            value = value if count < boundary else each(count - boundary)
        return value
    assert len(schedules) == len(boundaries) + 1
    return schedule


def warmup_cosine_decay_schedule(init_value, peak_value, warmup_steps, decay_steps, end_value=0.0,
                                 exponent=1.0):
    return join_schedules([linear_schedule(init_value, peak_value, warmup_steps),
                           cosine_decay_schedule(peak_value, decay_steps - warmup_steps,
                                                 end_value / peak_value, exponent)], [warmup_steps])


def cosine_onecycle_schedule(transition_steps, peak_value, pct_start=0.3, div_factor=25.0,
                             final_div_factor=1e4):
    peak_at = int(pct_start * transition_steps)
    points = [(0, peak_value / div_factor), (peak_at, peak_value),
              (transition_steps, peak_value / (div_factor * final_div_factor))]

    def schedule(count):
        for (start, a), (end, b) in zip(points, points[1:]):
            if count < end:
                return a + (b - a) * (1 - math.cos(math.pi * (count - start) / (end - start))) / 2
        return points[-1][1]
    return schedule


def optax_modules():
    optax = types.ModuleType("optax")
    for each in (linear_schedule, polynomial_schedule, exponential_decay, piecewise_constant_schedule,
                 cosine_decay_schedule, join_schedules, warmup_cosine_decay_schedule,
                 cosine_onecycle_schedule):
        setattr(optax, each.__name__, each)
    optax.constant_schedule = lambda value: lambda count: value
    for name in ("sgd", "adam", "amsgrad", "adamw", "nadam", "radam", "rmsprop", "adagrad", "adadelta",
                 "chain"):
        setattr(optax, name, Recorder)
    optax.contrib = types.ModuleType("optax.contrib")
    optax.contrib.reduce_on_plateau = Recorder
    jax = types.ModuleType("jax")
    jax.numpy = types.ModuleType("jax.numpy")
    jax.numpy.__dict__.update({k: getattr(Math, k) for k in dir(Math) if not k.startswith("_")})
    return {"optax": optax, "optax.contrib": optax.contrib, "jax": jax, "jax.numpy": jax.numpy}


# ---- timm: timm/scheduler/*.py ----

class TimmScheduler:
    def __init__(self, opt, warmup_t=0, warmup_lr_init=0.0, warmup_prefix=False, t_in_epochs=True, **named):
        assert warmup_prefix and not t_in_epochs
        self.opt, self.warmup_t, self.warmup_lr_init = opt, warmup_t, warmup_lr_init
        self.base = opt.param_groups[0]["lr"]
        self.__dict__.update(named)
        if warmup_t:
            opt.param_groups[0]["lr"] = warmup_lr_init

    def step_update(self, num_updates):
        t = num_updates
        if t < self.warmup_t:
            rate = self.warmup_lr_init + t * (self.base - self.warmup_lr_init) / self.warmup_t
        else:
            rate = self.rate(t - self.warmup_t)
        self.opt.param_groups[0]["lr"] = rate


class StepLRScheduler(TimmScheduler):
    def rate(self, t):
        return self.base * self.decay_rate ** (t // self.decay_t)


class MultiStepLRScheduler(TimmScheduler):
    def rate(self, t):  # bisect_right(decay_t, t + 1)
        return self.base * self.decay_rate ** sum(m <= t + 1 for m in self.decay_t)


class CosineLRScheduler(TimmScheduler):
    def cycle(self, t):
        i, length = 0, self.t_initial
        while t >= length:
            t, length, i = t - length, length * self.cycle_mul, i + 1
        return i, t, length

    def rate(self, t):
        i, t, length = self.cycle(t)
        assert self.cycle_decay == 1.0 and self.k_decay == 1.0
        if i >= self.cycle_limit:
            return self.lr_min
        return self.lr_min + 0.5 * (self.base - self.lr_min) * (1 + math.cos(math.pi * t / length))


class PolyLRScheduler(CosineLRScheduler):
    def rate(self, t):
        i, t, length = self.cycle(t)
        if i >= self.cycle_limit:
            return self.lr_min
        return self.lr_min + (self.base - self.lr_min) * (1 - t / length) ** self.power


def timm_modules():
    scheduler = types.ModuleType("timm.scheduler")
    for each in (StepLRScheduler, MultiStepLRScheduler, CosineLRScheduler, PolyLRScheduler):
        setattr(scheduler, each.__name__, each)
    scheduler.PlateauLRScheduler = Recorder
    return {"timm": types.ModuleType("timm"), "timm.scheduler": scheduler}


# ---- transformers: src/transformers/optimization.py ----

def warm_then(num_warmup_steps, after):
    return lambda step: step / max(1, num_warmup_steps) if step < num_warmup_steps else after(step)


def get_constant_schedule(opt):
    return LambdaLR(opt, lambda step: 1.0)


def get_constant_schedule_with_warmup(opt, num_warmup_steps):
    return LambdaLR(opt, warm_then(num_warmup_steps, lambda step: 1.0))


def get_linear_schedule_with_warmup(opt, num_warmup_steps, num_training_steps):
    def after(step):
        return max(0.0, (num_training_steps - step) / max(1, num_training_steps - num_warmup_steps))
    return LambdaLR(opt, warm_then(num_warmup_steps, after))


def get_polynomial_decay_schedule_with_warmup(opt, num_warmup_steps, num_training_steps, lr_end=1e-7,
                                              power=1.0):
    base = opt.defaults["lr"]
    assert base > lr_end

    def after(step):
        if step > num_training_steps:
            return lr_end / base
        left = 1 - (step - num_warmup_steps) / (num_training_steps - num_warmup_steps)
        return ((base - lr_end) * left ** power + lr_end) / base
    return LambdaLR(opt, warm_then(num_warmup_steps, after))


def get_cosine_with_min_lr_schedule_with_warmup(opt, num_warmup_steps, num_training_steps, num_cycles=0.5,
                                                min_lr=None):
    low = min_lr / opt.defaults["lr"]

    def after(step):
        p = (step - num_warmup_steps) / max(1, num_training_steps - num_warmup_steps)
        factor = 0.5 * (1 + math.cos(math.pi * num_cycles * 2 * p))
        return max(0, factor * (1 - low) + low)
    return LambdaLR(opt, warm_then(num_warmup_steps, after))


def get_inverse_sqrt_schedule(opt, num_warmup_steps, timescale=None):
    shift = timescale - num_warmup_steps
    return LambdaLR(opt, warm_then(num_warmup_steps, lambda step: 1 / math.sqrt((step + shift) / timescale)))


def get_wsd_schedule(opt, num_warmup_steps, num_decay_steps, num_training_steps, warmup_type, decay_type,
                     min_lr_ratio, num_cycles):
    stable = num_training_steps - num_warmup_steps - num_decay_steps
    assert warmup_type == decay_type == "linear" and stable >= 0

    def rate(step):
        if step < num_warmup_steps:
            return step / max(1, num_warmup_steps) * (1 - min_lr_ratio) + min_lr_ratio
        if step < num_warmup_steps + stable:
            return 1.0
        if step < num_warmup_steps + stable + num_decay_steps:
            left = 1 - (step - num_warmup_steps - stable) / max(1, num_decay_steps)
            return left * (1 - min_lr_ratio) + min_lr_ratio
        return min_lr_ratio
    return LambdaLR(opt, rate)


def transformers_modules():
    optimization = types.ModuleType("transformers.optimization")
    for each in (get_constant_schedule, get_constant_schedule_with_warmup, get_linear_schedule_with_warmup,
                 get_polynomial_decay_schedule_with_warmup, get_cosine_with_min_lr_schedule_with_warmup,
                 get_inverse_sqrt_schedule, get_wsd_schedule):
        setattr(optimization, each.__name__, each)
    return {"transformers": types.ModuleType("transformers"), "transformers.optimization": optimization}


# ---- what it should be ----

def cosine(low, high, p):
    return low + (high - low) * (1 + math.cos(math.pi * p)) / 2


def triangle(u, p):
    n, rest = divmod(u, p["step_up"] + p["step_down"])
    up = rest <= p["step_up"]
    return n, rest / p["step_up"] if up else (p["step_up"] + p["step_down"] - rest) / p["step_down"]


def restarts(u, length, mult):
    while u >= length:
        u, length = u - length, length * mult
    return u / length


def one_cycle(u, e, p):
    a, z, low = p["pct_start"] * p["total"] - 1, p["total"] - 1, e / p["div_factor"]
    if u <= a:
        return cosine(e, low, u / a)
    return cosine(low / p["final_div_factor"], e, min(1, (u - a) / (z - a)))


def wsd(u, e, p, horizon):
    left = horizon - u
    if left <= 0:
        return e * p["min_ratio"]
    rise = u / p["warm"] if u < p["warm"] else 1
    fall = 1 if left >= p["decay"] else p["min_ratio"] + (1 - p["min_ratio"]) * left / p["decay"]
    return e * min(rise, fall)


EXPECTED = {  # u, eta0, parameters, horizon
    "constant": lambda u, e, p, T: e,
    "step": lambda u, e, p, T: e * p["gamma"] ** (u // p["step_size"]),
    "multistep": lambda u, e, p, T: e * p["gamma"] ** sum(m <= u for m in p["milestones"]),
    "exponential": lambda u, e, p, T: e * p["gamma"] ** u,
    "exp_k": lambda u, e, p, T: e * math.exp(-p["k"] * u),
    "inverse_time": lambda u, e, p, T: e / (1 + p["decay_rate"] * (
        u // p["decay_steps"] if p["staircase"] else u / p["decay_steps"])),
    "polynomial": lambda u, e, p, T: p["lr_end"] + (e - p["lr_end"]) * (1 - min(1, u / p["total"])) ** p["power"],
    "linear": lambda u, e, p, T: p["lr_end"] + (e - p["lr_end"]) * (1 - min(1, u / p["total"])),
    "inverse_sqrt": lambda u, e, p, T: e * math.sqrt(p["shift"] / (u + p["shift"])),
    "cosine": lambda u, e, p, T: cosine(p["eta_min"], e, (min(u, p["T_max"]) if p["hold"] else u) / p["T_max"]),
    "cosine_restarts": lambda u, e, p, T: cosine(p["eta_min"], e, restarts(u, p["T_0"], p["T_mult"])),
    "triangular": lambda u, e, p, T: e + (p["max_lr"] - e) * triangle(u, p)[1],
    "triangular2": lambda u, e, p, T: e + (p["max_lr"] - e) * triangle(u, p)[1] / 2 ** triangle(u, p)[0],
    "exp_range": lambda u, e, p, T: e + (p["max_lr"] - e) * triangle(u, p)[1] * p["gamma"] ** u,
    "cosine_wave": lambda u, e, p, T: cosine(p["max_lr"], e, 2 * u / p["period"]),
    "one_cycle": lambda u, e, p, T: one_cycle(u, e, p),
    "wsd": lambda u, e, p, T: wsd(u, e, p, T),
    "plateau": lambda u, e, p, T: e,
}
TYPED = {
    "eta0/(1+k*t):k=0.1": lambda u, e, T: e / (1 + 0.1 * u),
    "eta0*(1+cos(pi*t/T))/2": lambda u, e, T: e * (1 + math.cos(math.pi * u / T)) / 2,
    "eta0*max(0.1,1-t/T)": lambda u, e, T: e * max(0.1, 1 - u / T),
    "eta0*sqrt(lambda/(t+lambda)):lambda=9": lambda u, e, T: e * math.sqrt(9 / (u + 9)),
    "eta0*0.97^t": lambda u, e, T: e * 0.97 ** u,
    "eta0*(1+mod(t,7))/7": lambda u, e, T: e * (1 + u % 7) / 7,
    "eta0*sigmoid(3-t/10)": lambda u, e, T: e / (1 + math.exp(u / 10 - 3)),
    "eta0*softplus(2-t/20)": lambda u, e, T: e * math.log1p(math.exp(2 - u / 20)),
}


def number(text):
    return [int(m) for m in text.split("/")] if "/" in text else float(text)


# ---- running the lines ----

MODULES = {"keras": keras_modules, "optax": optax_modules, "timm": timm_modules,
           "transformers": transformers_modules}
TORCH_FAMILY = ("timm", "transformers")


def loop_of(source):
    line = [each for each in source.splitlines() if each.startswith("# in the loop: ")]
    return line[0][len("# in the loop: "):] if line else "opt.step()"


def rates(dialect, source, count):
    """The rates of t = 0..count-1; shorter where the scheduler refuses to go on."""
    weights = torch.zeros(2, requires_grad=True)
    space = {"model": types.SimpleNamespace(parameters=lambda: [weights]), "loss": 1.0}
    exec(compile(source, dialect, "exec"), space)
    if dialect not in TORCH_FAMILY:
        schedule = space["schedule"]
        return [float(schedule(t)) if callable(schedule) else schedule for t in range(count)]
    found, loop = [], loop_of(source)
    every = re.search(r"; then, once an epoch \(every (\d+) steps\), ", loop)
    weights.grad = torch.zeros(2)
    for t in range(count):
        found.append(space["opt"].param_groups[0]["lr"])
        space["t"] = t
        try:
            if every:
                space["opt"].step()
                if (t + 1) % int(every.group(1)) == 0:
                    exec(loop[every.end():], space)
            else:
                exec(loop, space)
        except ValueError:  # one-cycle beyond its total
            break
    return found


def etascope(program, *words):
    done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


class Case:
    """Options of one scene, and its rate as a function of t. Kinds: plain; warm-up from 0; warm-up from
    a tenth; any clock."""
    def __init__(self, scenes, name, kind):
        r = scenes.random
        simple = kind != 3
        self.steps, self.eta0 = r.randint(20, 90), float(scenes.number(1e-3, 0.5))
        self.warmup = [0, 7, 12, r.choice([0, 0, 9])][kind]
        self.factor = [0.0, 0.0, 0.1, r.choice([0.0, 0.5])][kind] if self.warmup else 0.0
        self.unit = 1 if simple else r.choice([1, 1, 1, 4])
        self.start = self.warmup if simple else r.choice([self.warmup] * 4 + [self.warmup + 5])
        self.name = name
        self.horizon = max(1, (self.steps - self.start) // self.unit)
        self.options = ["--surface", "line24", "--steps=%d" % self.steps, "--eta0=%.17g" % self.eta0]
        if self.unit > 1:
            self.options += ["--batch=6"]
        if self.warmup:
            self.options += ["--warmup=%d" % self.warmup, "--warmup_factor=%g" % self.factor]
        if name in code_torch.SCHEDULES:
            self.named(scenes)
        else:
            self.start, self.unit = self.warmup, 1
            self.horizon = max(1, self.steps - self.start)
            self.options += ["--schedule", name]

    def named(self, scenes):
        table = code_torch.SCHEDULES[self.name]
        given = {k: scenes.value(kind, self.eta0, self.horizon) for k, kind in table.items()}
        self.given = {k: v if k == "threshold_mode" else number(v) for k, v in given.items()}
        if "milestones" in given and not isinstance(self.given["milestones"], list):
            self.given["milestones"] = [int(given["milestones"])]
        words = ["%s=%s" % pair for pair in given.items()]
        words += ["unit=epoch"] if self.unit > 1 else []
        words += ["start=%d" % self.start] if self.start != self.warmup else []
        self.options += ["--schedule", self.name + (":" + ",".join(words) if words else "")]

    def after(self, u):
        if self.name in TYPED:
            return TYPED[self.name](u, self.eta0, self.horizon)
        return EXPECTED[self.name](u, self.eta0, self.given, self.horizon)

    def rate(self, t):
        if t < self.warmup:
            return self.after(0) * (self.factor + (1 - self.factor) * t / self.warmup)
        return self.after(max(0, t - self.start) // self.unit)


def near(a, b, largest):
    return abs(a - b) <= 1e-12 * largest


def check(program, dialect, case):
    """Problems of one scene in one dialect."""
    wanted = [case.rate(t) for t in range(case.steps + 6)]
    largest = max(wanted)
    status, csv, why = etascope(program, "run", *case.options)
    if status != 0:
        return None if "pct_start" in why else ["run: " + why]
    run = [row[0] for row in code_torch.rows_of(csv, ["eta"])]
    problems = []
    if case.name != "plateau":
        problems += ["run differs at %d" % t for t, v in enumerate(run) if not near(v, wanted[t], largest)]
    status, source, why = etascope(program, "code", "--dialect", dialect, *case.options)
    if status != 0:
        return ["code: " + why]
    head = source.splitlines()
    if not head[0].startswith("# etascope ") or " scene: surface=line24 " not in head[0]:
        problems.append("first line")
    for t, v in re.findall(r"(\d+): ([-+.e0-9]+)", head[2]):
        if not near(float(v), wanted[int(t)], largest):
            problems.append("check value at " + t)
    if case.name == "plateau" and dialect in ("keras", "optax"):
        return problems + ([] if "Not the same rule" in source else ["plateau without its sentence"])
    if case.name == "plateau" and "PlateauLRScheduler" in source:
        return problems
    found = rates(dialect, source, case.steps + 6)
    whole = "Not the same past its end" not in source and case.name != "plateau"
    if case.name == "plateau" and (case.warmup or case.start):
        return problems + ([] if case.start or "Not the same rule" in source else ["no sentence"])
    last = len(wanted) if whole else case.steps + 1 if case.name != "plateau" else 1
    if len(found) < last:
        problems.append("ends at %d" % len(found))
    problems += ["t=%d: %.17g, not %.17g" % (t, found[t], wanted[t])
                 for t in range(min(last, len(found))) if not near(found[t], wanted[t], largest)]
    if max((len(line) for line in head if not line.startswith("#")), default=0) > 112:
        problems.append("a long line")
    return problems


# What the sources say of the optimizers: where the line is another rule, it must say so.
DIFFERS = {
    "keras": {"momentum", "nesterov", "momentum:convention=average", "adagrad", "rmsprop", "adam", "amsgrad",
              "adamw", "nadam", "radam"},
    "optax": {"momentum:convention=inside", "nesterov:convention=inside", "momentum:convention=average",
              "adagrad", "amsgrad", "nadam", "radam"},
    "timm": {"momentum:convention=inside", "nesterov:convention=inside", "momentum:convention=average"},
}
DIFFERS["transformers"] = DIFFERS["timm"]
OPTIMIZERS = ["sgd", "momentum", "momentum:convention=inside", "momentum:convention=average", "nesterov",
              "nesterov:convention=inside", "adagrad", "rmsprop", "adadelta", "adam", "amsgrad", "adamw",
              "nadam", "radam"]


def check_optimizers(program):
    problems = []
    for dialect, differing in DIFFERS.items():
        for name in OPTIMIZERS:
            source = etascope(program, "code", "--dialect", dialect, "--optimizer", name,
                              "--schedule=constant")[1]
            says = "not the same rule" in source.lower() or "another rule" in source
            if says != (name in differing):
                problems.append("%s %s: %s" % (dialect, name, "says" if says else "does not say"))
            rates(dialect, source, 3)
    return problems


def main():
    program = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 16
    scenes = code_torch.Scenes(int(sys.argv[3]) if len(sys.argv) > 3 else 1, "", [])
    warnings.simplefilter("ignore")
    for make in MODULES.values():
        sys.modules.update(make())
    failed, tables = 0, 0
    for name in list(code_torch.SCHEDULES) + list(TYPED):
        for k in range(rounds):
            case = Case(scenes, name, k % 4)
            for dialect in MODULES:
                problems = check(program, dialect, case)
                tables += problems is not None
                if problems:
                    failed += 1
                    print("FAILED %s %s\n  %s" % (dialect, " ".join(case.options), "; ".join(problems[:3])))
    for problem in check_optimizers(program):
        failed += 1
        print("FAILED " + problem)
    print("code_dialects: %d tables, %d wrong" % (tables, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
