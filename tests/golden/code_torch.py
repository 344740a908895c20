# SPDX-License-Identifier: MIT
"""Random scenes whose PyTorch program must give the rows of `etascope run`.

    python3 tests/golden/code_torch.py ETASCOPE [COUNT] [SEED]

A row agrees when t is equal and x, y, loss and eta differ by at most 1e-9 of the largest finite value
of their column. A chaotic scene is left out: one where any of these changes a value by more than 1e-10
of its column's largest, or the number of rows: the start moved by 1e-13 of itself (of 1, where it is
smaller); eta0 by 1e-13 of itself; gradient noise of 1e-15 of the first gradient at every step (a new
adaptive optimizer at a minimum makes steps of such noise). The scenes come from the seed alone; no more
may be chaotic than agree.
"""
import contextlib
import io
import math
import os
import random
import subprocess
import sys
import tempfile
import warnings

SCHEDULES = {
    "constant": {},
    "step": {"step_size": "length", "gamma": "share"},
    "multistep": {"milestones": "list", "gamma": "share"},
    "exponential": {"gamma": "near1"},
    "exp_k": {"k": "small"},
    "inverse_time": {"decay_steps": "length", "decay_rate": "small", "staircase": "flag"},
    "polynomial": {"total": "total", "power": "power", "lr_end": "low"},
    "linear": {"total": "total", "lr_end": "low"},
    "inverse_sqrt": {"shift": "length"},
    "cosine": {"T_max": "total", "eta_min": "low", "hold": "flag"},
    "cosine_restarts": {"T_0": "length", "T_mult": "mult", "eta_min": "low"},
    "triangular": {"max_lr": "high", "step_up": "length", "step_down": "length"},
    "triangular2": {"max_lr": "high", "step_up": "length", "step_down": "length"},
    "exp_range": {"max_lr": "high", "step_up": "length", "step_down": "length", "gamma": "near1"},
    "cosine_wave": {"max_lr": "high", "period": "length"},
    "one_cycle": {"total": "total", "pct_start": "pct", "div_factor": "div", "final_div_factor": "div"},
    "wsd": {"warm": "length0", "decay": "length0", "min_ratio": "ratio"},
    "plateau": {"factor": "share", "patience": "patience", "threshold": "threshold",
                "threshold_mode": "mode", "cooldown": "patience", "min_lr": "low"},
}
TYPED = ["eta0/(1+k*t):k=0.1", "eta0*(1+cos(pi*t/T))/2", "eta0*max(0.1,1-t/T)",
         "eta0*sqrt(lambda/(t+lambda)):lambda=9", "eta0*0.97^t", "eta0*(1-t/(T+1))^1.5",
         "eta0*(1+mod(t,7))/7", "eta0*sigmoid(3-t/10)", "eta0*softplus(2-t/20)"]
OPTIMIZERS = {
    "sgd": {}, "momentum": {"momentum": "mu", "convention": "convention"},
    "nesterov": {"momentum": "mu", "convention": "convention"}, "adagrad": {"eps": "eps"},
    "rmsprop": {"alpha": "mu", "eps": "eps"}, "adadelta": {"rho": "mu", "eps": "small"},
    "adam": {"beta1": "mu", "beta2": "near1", "eps": "eps"},
    "amsgrad": {"beta1": "mu", "beta2": "near1", "eps": "eps"},
    "adamw": {"beta1": "mu", "beta2": "near1", "eps": "eps", "weight_decay": "share"},
    "nadam": {"beta1": "mu", "beta2": "near1", "momentum_decay": "small"},
    "radam": {"beta1": "mu", "beta2": "near1"},
}
FORMULAS = ["x^2+a*y^2:a=3", "abs(x)+abs(y)", "sqrt(x^2+y^2)", "max(x^2,y^2)+min(x,y)/4",
            "(x^2)^0.75+y^2", "abs(x)^1.5+abs(y)^1.3", "softplus(x-2*y)+x^2/9+y^2/5", "x^2",
            "log(1+x^2+y^2)+sin(3*x)*tanh(y)", "x^6/6-well(2,1,0,0.5)+y^2+lambda*x:lambda=0.1",
            "sigmoid(x*y)+0.1*(x^2+y^2)", "mod(x,2)+y^2", "2^x+2^-x+exp(y)+exp(-y)",
            "sign(x)+floor(y)+x*x*x*x+y^4", "-x^-2+x^2+y^2", "tan(x/4)^2+y^2/2", "log(x)+y^2-x"]
DATA = ["(x*u+y-v)^2/2", "(x*sin(y*u)-v)^2/2", "softplus(x*u+y)-label*(x*u+y)", "abs(x*u+y-v)",
        "(x*u+b*y-v)^2/2:b=0.5", "max(0,1-(2*label-1)*(x*u+y))+0.01*x^2"]


class Scenes:
    def __init__(self, seed, folder, surfaces):
        self.random, self.folder, self.surfaces = random.Random(seed), folder, surfaces

    def number(self, low, high):
        return "%.4g" % math.exp(self.random.uniform(math.log(low), math.log(high)))

    def value(self, kind, eta0, steps):
        r = self.random
        return {
            "length": lambda: str(r.randint(1, max(2, steps // 2))),
            "length0": lambda: str(r.choice([0, r.randint(1, max(2, steps // 3)), r.randint(1, steps + 5)])),
            "ratio": lambda: r.choice(["0", "%.3g" % r.uniform(0.05, 0.95)]),
            "total": lambda: str(r.randint(max(8, steps // 2), steps + 20)),
            "list": lambda: "/".join(map(str, sorted(r.sample(range(1, steps + 5), r.randint(1, 4))))),
            "share": lambda: "%.3g" % r.uniform(0.05, 0.95),
            "near1": lambda: r.choice(["0.9", "0.97", "0.99", "0.999"]),
            "small": lambda: self.number(1e-3, 0.3),
            "power": lambda: r.choice(["0.5", "1", "2", "1.7", "3"]),
            "low": lambda: r.choice(["0", "%.4g" % (eta0 * r.uniform(0.01, 0.9))]),
            "high": lambda: "%.4g" % (eta0 * r.uniform(1.1, 4)),
            "flag": lambda: r.choice("01"),
            "mult": lambda: r.choice("1123"),
            "pct": lambda: r.choice(["0.3", "0.25", "0.45"]),
            "div": lambda: r.choice(["1", "10", "25", "1e4"]),
            "patience": lambda: str(r.randint(0, 6)),
            "threshold": lambda: r.choice(["0", "1e-4", "0.01", "0.1"]),
            "mode": lambda: r.choice(["rel", "abs"]),
            "mu": lambda: r.choice(["0", "0.5", "0.9", "0.95"]),
            "eps": lambda: r.choice(["1e-8", "1e-6", "1e-3", "0"]),
            "convention": lambda: r.choice(["torch", "inside", "average"]),
        }[kind]()

    def named(self, table, name, eta0, steps, share=0.5):
        given = ["%s=%s" % (key, self.value(kind, eta0, steps))
                 for key, kind in table[name].items() if self.random.random() < share]
        return given

    def schedule(self, eta0, steps, data, held_out):
        r = self.random
        if r.random() < 0.1:
            return r.choice(TYPED)
        name = r.choice(list(SCHEDULES) + ["plateau"] * (9 if held_out else 1))
        given = self.named(SCHEDULES, name, eta0, steps)
        if name == "plateau" and held_out and r.random() < 0.7:
            given.append("metric=held_out")
        if data and r.random() < 0.35:
            given.append("unit=epoch")
        if r.random() < 0.1:
            given.append("start=%d" % r.randint(0, steps // 2))
        return name + (":" + ",".join(given) if given else "")

    def optimizer(self, eta0, steps, names=tuple(OPTIMIZERS)):
        name = self.random.choice(names)
        given = self.named(OPTIMIZERS, name, eta0, steps, 0.4)
        return name + (":" + ",".join(given) if given else "")

    def edit(self, eta0, steps, data, held_out, params, optimizer):
        r = self.random
        step = r.randint(0, steps - 1)
        words = []
        keys = ["eta0", "schedule", "optimizer", "noise", "steps", "batch", "surface"]
        for key in r.sample(keys, r.choice([1, 1, 2])):
            if key == "eta0":
                words.append("eta0=%.4g" % (eta0 * r.choice([0.1, 0.3, 0.5, 1.5])))
            elif key == "schedule":
                words.append("schedule='%s'" % self.schedule(eta0, steps, data, held_out))
            elif key == "optimizer":
                names = [optimizer] if r.random() < 0.5 else list(OPTIMIZERS)  # half: parameters alone
                words.append("optimizer=" + self.optimizer(eta0, steps, names))
            elif key == "noise":
                words.append("noise=" + self.number(1e-3, 0.1))
            elif key == "steps":
                words.append("steps=%d" % r.randint(max(step, steps - 10), steps + 20))
            elif key == "batch" and data:
                words.append("batch=%d" % r.randint(0, 12))
            elif key == "surface" and params:
                words.append("surface='%s:%s=%.3g'" % (params[0], params[1], r.uniform(0.2, 2)))
        return "%d %s" % (step, " ".join(words)) if words else None

    def scene(self):
        """Options of a scene, its start and its eta0."""
        r = self.random
        steps, data, held_out, params = r.randint(20, 120), False, None, None
        options = []
        kind = r.random()
        if kind < 0.45:
            surface, window = r.choice(self.surfaces)
            start = [r.uniform(*window[:2]), r.uniform(*window[2:])]
            data = surface in ("line24", "over8", "sine24", "neuron20", "rare40", "iris", "sunspots")
            held_out = surface in ("over8", "sine24")
        elif kind < 0.5:
            surface, held_out = os.path.join(self.folder, r.choice(["grid.csv", "small.csv"])), "layer"
            start = [r.uniform(-2, 2), r.uniform(-1, 1)]
        elif kind < 0.75:
            surface = r.choice(FORMULAS)
            start = [r.uniform(-3, 3), r.choice([0.0, r.uniform(-3, 3)])]
        else:
            surface = r.choice(DATA)
            start, data = [r.uniform(-2, 2), r.uniform(-2, 2)], True
            options += ["--data", os.path.join(self.folder, r.choice(["few.csv", "many.csv"]))]
            held_out = r.choice([None, os.path.join(self.folder, "held.csv"), "x^2+y^2/2"])
            if held_out:
                options += ["--held_out", held_out]
        if ":" in surface:
            params = (surface.split(":")[0], surface.split(":")[1].split("=")[0])
        eta0 = float(self.number(1e-3, 0.2))
        optimizer = self.optimizer(eta0, steps)
        options += ["--surface", surface, "--steps", str(steps), "--optimizer", optimizer,
                    "--schedule", self.schedule(eta0, steps, data, held_out)]
        if r.random() < 0.3:
            options += ["--warmup", str(r.randint(1, 20))]
            if r.random() < 0.6:
                options += ["--warmup_factor", "%.2g" % r.uniform(0.05, 1)]
        if r.random() < 0.25:
            options += ["--noise", self.number(1e-3, 0.3)]
        if data and r.random() < 0.5:
            options += ["--batch", str(r.randint(1, 12))]
        if r.random() < 0.5:
            options += ["--seed", str(r.randint(0, 2**64 - 1))]
        for _ in range(r.choice([0, 0, 1, 2, 3])):
            words = self.edit(eta0, steps, data, held_out, params, optimizer.split(":")[0])
            if words:
                options += ["--at", words]
        return options, start, eta0


def data_files(folder):
    r = random.Random(7)
    for name, count in (("few.csv", 24), ("many.csv", 230), ("held.csv", 15)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
            out.write("# made for the test\nu, v,\"label\"\n")
            for _ in range(count):
                u = r.uniform(-2, 2)
                out.write("%.17g,%.17g,%d\n" % (u, 0.7 * u - 0.2 + r.gauss(0, 0.3), u + r.gauss(0, 1) > 0))
    for name, nx, ny in (("grid.csv", 21, 11), ("small.csv", 9, 7)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
            out.write("x,y,train,held_out\n")
            points = [(-2 + 4 * i / (nx - 1), -1 + 2 * j / (ny - 1)) for i in range(nx) for j in range(ny)]
            r.shuffle(points)
            for x, y in points:
                out.write("%.17g,%.17g,%.9g,%.9g\n" % (x, y, math.cos(2 * x) + x * x * y + y * y, x * x + y))


def etascope(program, verb, options, start, eta0):
    words = [program, verb] + options + ["--start", "%.17g,%.17g" % tuple(start), "--eta0", "%.17g" % eta0]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def rows_of(text, columns):
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    at = [lines[0].split(",").index(name) for name in columns]
    return [[float(line.split(",")[i]) for i in at] for line in lines[1:]]


COLUMNS = ["t", "x", "y", "loss", "eta"]


def difference(a, b):
    """Largest difference of the values, relative to the largest of their column; inf: other rows."""
    if len(a) != len(b):
        return math.inf
    worst = 0.0
    for k in range(len(COLUMNS)):
        finite = [abs(row[k]) for row in a if math.isfinite(row[k])]
        largest = max(finite, default=0.0) or 1.0
        for p, q in zip(a, b):
            same = p[k] == q[k] or (math.isnan(p[k]) and math.isnan(q[k]))
            gap = 0.0 if same else abs(p[k] - q[k]) / largest
            worst = max(worst, gap if not math.isnan(gap) else math.inf)
    return worst


def noisier(options, text):
    """The options with a gradient noise of 1e-15 of the first gradient, or added to theirs."""
    first = rows_of(text, ["gx", "gy"])[0]
    more, k = 1e-15 * max(map(abs, first)), "--noise" in options and options.index("--noise")
    if k is False:
        return options + ["--noise", "%.17g" % more]
    return options[:k + 1] + ["%.17g" % (float(options[k + 1]) + more)] + options[k + 2:]


def chaotic(program, options, start, eta0, text):
    rows = rows_of(text, COLUMNS)
    near = [s + 1e-13 * max(1, abs(s)) for s in start]
    for o, s, e in ((options, near, eta0), (options, start, eta0 * (1 + 1e-13)),
                    (noisier(options, text), start, eta0)):
        status, text, _ = etascope(program, "run", o, s, e)
        if status != 0 or difference(rows, rows_of(text, COLUMNS)) > 1e-10:
            return True
    return False


def run_program(source):
    out = io.StringIO()
    with contextlib.redirect_stdout(out), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(source, "program", "exec"), {"__name__": "__main__"})
    return out.getvalue()


def surfaces_of(root):
    found, name = [], None
    with open(os.path.join(root, "assets", "surfaces.txt"), encoding="utf-8") as file:
        for line in file:
            words = line.split()
            if words[:1] == ["surface"]:
                name = words[1]
            elif words[:1] == ["window"]:
                found.append((name, [float(v) for v in words[1].split(",")]))
    return found


def main():
    program = sys.argv[1]
    wanted = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    agreed, left_out, refused, failed, worst = 0, 0, 0, 0, 0.0
    with tempfile.TemporaryDirectory() as folder:
        data_files(folder)
        scenes = Scenes(seed, folder, surfaces_of(root))
        while agreed + failed < wanted:
            options, start, eta0 = scenes.scene()
            status, text, why = etascope(program, "run", options, start, eta0)
            if status != 0:  # not a scene: a negative typed rate, a start in a hole
                refused += 1
                if os.environ.get("TELL"):
                    print("refused", why.strip())
                continue
            rows = rows_of(text, COLUMNS)
            if chaotic(program, options, start, eta0, text):
                left_out += 1
                continue
            status, source, why = etascope(program, "code", options, start, eta0)
            try:
                gap = difference(rows, rows_of(run_program(source), COLUMNS)) if status == 0 else math.inf
            except Exception as error:  # whatever the program does wrong is a finding
                gap, why = math.inf, repr(error)
            worst = max(worst, gap)
            if gap <= 1e-9:
                agreed += 1
                continue
            failed += 1
            print("FAILED %.3g %s\n  %s %s" % (gap, why, options, (start, eta0)))
    print("code_torch: %d scenes agree to %.1e, %d differ (%d chaotic ones left out, %d refused)" %
          (agreed, worst, failed, left_out, refused))
    if left_out > agreed:
        print("code_torch: too many scenes were left out")
    return 1 if failed or left_out > agreed else 0


if __name__ == "__main__":
    sys.exit(main())
