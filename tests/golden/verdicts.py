#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The words of random runs, classified a second time.

verdict.h has the rules (SPEC 6). This program knows them and the rows of a run, and nothing of the
program's code: losses are Python expressions with derivatives of its own (dual numbers), critical
points are found by its own search, rates ahead by its own schedules. It draws scenes, lets the tool
`verdicts` run and judge them, judges the same rows, and compares word by word.

    python3 tests/golden/verdicts.py build/release/tests/golden/verdicts [RUNS [SEED]]
"""
import math
import random
import struct
import subprocess
import sys

WORDS = ['moving', 'oscillating', 'global minimum', 'local minimum', 'saddle', 'valley', 'plateau',
         'rattling', 'frozen', 'slow', 'diverging', 'diverged', 'undefined']
COLUMNS = 12


# ---- second derivatives in two variables: value, gradient, Hessian ------------------------------

class Dual:
    __slots__ = ('f', 'x', 'y', 'xx', 'xy', 'yy')

    def __init__(self, f, x=0.0, y=0.0, xx=0.0, xy=0.0, yy=0.0):
        self.f, self.x, self.y, self.xx, self.xy, self.yy = f, x, y, xx, xy, yy

    def chain(self, f, d, dd):
        return Dual(f, d * self.x, d * self.y, d * self.xx + dd * self.x * self.x,
                    d * self.xy + dd * self.x * self.y, d * self.yy + dd * self.y * self.y)

    def __add__(self, o):
        o = lift(o)
        return Dual(self.f + o.f, self.x + o.x, self.y + o.y, self.xx + o.xx, self.xy + o.xy,
                    self.yy + o.yy)

    def __neg__(self):
        return Dual(-self.f, -self.x, -self.y, -self.xx, -self.xy, -self.yy)

    def __sub__(self, o):
        return self + (-lift(o))

    def __rsub__(self, o):
        return lift(o) - self

    def __mul__(self, o):
        o = lift(o)
        return Dual(self.f * o.f, self.x * o.f + self.f * o.x, self.y * o.f + self.f * o.y,
                    self.xx * o.f + 2 * self.x * o.x + self.f * o.xx,
                    self.xy * o.f + self.x * o.y + self.y * o.x + self.f * o.xy,
                    self.yy * o.f + 2 * self.y * o.y + self.f * o.yy)

    def __truediv__(self, o):
        return self * lift(o).chain(1 / lift(o).f, -1 / lift(o).f ** 2, 2 / lift(o).f ** 3)

    def __pow__(self, n):
        return self.chain(self.f ** n, n * self.f ** (n - 1), n * (n - 1) * self.f ** (n - 2) if n > 1 else 0.0)

    __radd__ = __add__
    __rmul__ = __mul__


def lift(v):
    return v if isinstance(v, Dual) else Dual(float(v))


def exp(u):
    u = lift(u)
    e = math.exp(u.f)
    return u.chain(e, e, e)


def cos(u):
    u = lift(u)
    return u.chain(math.cos(u.f), -math.sin(u.f), -math.cos(u.f))


def well(depth, cx, cy, width, x, y):
    return depth * exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * width * width))


class Surface:
    """A formula with numbers in it: `text` in the program's language, `value` as Python."""

    def __init__(self, text, value, window):
        self.text, self.value, self.window = text, value, window
        x0, x1, y0, y1 = window
        self.diagonal = math.hypot(x1 - x0, y1 - y0)
        self.near = 0.01 * self.diagonal
        grid = sorted(self.at(x0 + (x1 - x0) * i / 100, y0 + (y1 - y0) * k / 100).f
                      for k in range(101) for i in range(101))
        n = len(grid) - 1
        self.range = grid[int(0.98 * n)] - grid[int(0.02 * n)]
        self.lowest = grid[0]
        self.places = []  # (x, y, f, kind)
        self.search()

    def at(self, x, y):
        try:
            return lift(self.value(Dual(x, 1.0), Dual(y, 0.0, 1.0)))
        except OverflowError:
            return Dual(math.inf)

    def inside(self, x, y):
        x0, x1, y0, y1 = self.window
        return x0 <= x <= x1 and y0 <= y <= y1

    def newton(self, x, y):
        """To a point without slope; None where it does not get there."""
        for _ in range(100):
            d = self.at(x, y)
            small, large, u, v = eigen(d)
            top = max(abs(small), abs(large))
            if not math.isfinite(d.f) or not math.isfinite(top):
                return None
            sx = sy = 0.0
            for value, (ax, ay) in ((large, u), (small, v)):
                if abs(value) > 1e-7 * top:
                    step = (ax * d.x + ay * d.y) / value
                    sx, sy = sx - step * ax, sy - step * ay
            reach = max(1.0, math.hypot(x, y))
            step = math.hypot(sx, sy)
            if math.hypot(d.x, d.y) <= 1e-10 * top * reach and step <= 1e-8 * reach:
                return x, y
            if step > 0.5 * reach:
                sx, sy = sx * 0.5 * reach / step, sy * 0.5 * reach / step
            x, y = x + sx, y + sy
        return None

    def kind(self, x, y):
        d = self.at(x, y)
        small, large, u, v = eigen(d)
        top = max(abs(small), abs(large))
        if min(abs(small), abs(large)) > 1e-6 * top:
            return 'minimum' if small > 0 else 'saddle'
        steep = small if abs(small) > abs(large) else large
        if steep < 0:
            return 'saddle'
        ways = [v, (-v[0], -v[1])]
        if top == 0:
            ways = [(math.cos(a * math.pi / 8), math.sin(a * math.pi / 8)) for a in range(16)]
        rises = [self.floor(x, y, w, u if top else None) - d.f for w in ways]
        if min(rises) < -1e-9 * self.range:
            return 'saddle'
        return 'minimum' if min(rises) > 1e-9 * self.range else 'valley'

    def floor(self, x, y, way, across):
        """The loss 1 % of the diagonal away, on the floor across the way."""
        px, py = x + self.near * way[0], y + self.near * way[1]
        for _ in range(20 if across else 0):
            d = self.at(px, py)
            ux, uy = across
            bend = ux * ux * d.xx + 2 * ux * uy * d.xy + uy * uy * d.yy
            if bend <= 0:
                break
            step = max(-self.near, min(self.near, (ux * d.x + uy * d.y) / bend))
            px, py = px - step * ux, py - step * uy
        return self.at(px, py).f

    def keep(self, x, y):
        if not any(math.hypot(p[0] - x, p[1] - y) < 1e-5 * self.diagonal for p in self.places):
            self.places.append((x, y, self.at(x, y).f, self.kind(x, y)))

    def search(self):
        """Newton from a grid, and downhill walks from it: minima hide in narrow wells."""
        x0, x1, y0, y1 = self.window
        for k in range(20):
            for i in range(20):
                x, y = x0 + (x1 - x0) * (i + 0.37) / 20, y0 + (y1 - y0) * (k + 0.59) / 20
                for start in ((x, y), self.walk(x, y)):
                    found = self.newton(*start)
                    if found and self.inside(*found):
                        self.keep(*found)
        minima = [p[2] for p in self.places if p[3] == 'minimum']
        self.lowest = min([self.lowest] + minima)

    def walk(self, x, y):
        longest = 0.03 * self.diagonal
        for _ in range(60):
            d = self.at(x, y)
            slope = math.hypot(d.x, d.y)
            if not slope > 0 or not math.isfinite(slope):
                break
            step = longest
            while step > 1e-6 * self.diagonal:
                px, py = x - step * d.x / slope, y - step * d.y / slope
                if self.inside(px, py) and self.at(px, py).f < d.f:
                    break
                step /= 2
            else:
                break
            x, y = px, py
        return x, y


def eigen(d):
    """Smaller and larger eigenvalue, unit vectors of the larger in size order (large, small)."""
    mean, half = (d.xx + d.yy) / 2, (d.xx - d.yy) / 2
    root = math.hypot(half, d.xy)
    small, large = mean - root, mean + root
    a, b = (d.xy, large - d.xx), (large - d.yy, d.xy)
    v = a if math.hypot(*a) > math.hypot(*b) else b
    n = math.hypot(*v)
    u = (v[0] / n, v[1] / n) if n > 0 else (1.0, 0.0)
    return small, large, u, (-u[1], u[0])


# ---- scenes ---------------------------------------------------------------------------------------

def draw_surface(r):
    kind = r.randrange(9)
    a, b, c = (round(r.uniform(-1, 1), 2) for _ in range(3))
    k = round(10 ** r.uniform(0, 1.5), 2)
    w = (-5.0, 5.0, -5.0, 5.0)
    if kind == 0:
        return Surface(f'x^2/2+{k}*y^2/2+{a}', lambda x, y: x ** 2 / 2 + k * y ** 2 / 2 + a, w)
    if kind == 1:
        return Surface(f'(x^2-1)^2+{a}*x+{k}*y^2/4', lambda x, y: (x ** 2 - 1) ** 2 + a * x + k * y ** 2 / 4,
                       (-2.5, 2.5, -2.0, 2.0))
    if kind == 2:
        d, e = round(r.uniform(0.5, 4), 2), round(r.uniform(0.4, 1.5), 2)
        return Surface(f'0.1*(x^2+y^2)-well({d},{a},{b},{e})-well(2,2,{c},1)',
                       lambda x, y: 0.1 * (x ** 2 + y ** 2) - well(d, a, b, e, x, y) - well(2.0, 2.0, c, 1.0, x, y), w)
    if kind == 3:
        return Surface(f'x^2/2-y^2/2+y^4/4+{a}', lambda x, y: x ** 2 / 2 - y ** 2 / 2 + y ** 4 / 4 + a,
                       (-2.0, 2.0, -2.0, 2.0))
    if kind == 4:
        return Surface(f'(1-x)^2+{k}*(y-x^2)^2', lambda x, y: (1 - x) ** 2 + k * (y - x ** 2) ** 2,
                       (-2.0, 2.0, -1.0, 3.0))
    if kind == 5:
        return Surface('(1-x*y)^2/2', lambda x, y: (1 - x * y) ** 2 / 2, (-3.0, 3.0, -3.0, 3.0))
    if kind == 6:
        return Surface(f'0.2*(x^2+y^2)/2+0.5*(2-cos(3*x)-cos(3*y))+{a}*x/10',
                       lambda x, y: 0.2 * (x ** 2 + y ** 2) / 2 + 0.5 * (2 - cos(3 * x) - cos(3 * y)) + a * x / 10, w)
    if kind == 7:
        return Surface(f'{a}+{b}*x+y/2', lambda x, y: a + b * x + y / 2, w)
    return Surface(f'x^3-3*x+{k}*y^2/4', lambda x, y: x ** 3 - 3 * x + k * y ** 2 / 4, (-4.0, 4.0, -3.0, 3.0))


class Schedule:
    """Text, and the rate of step t."""

    def __init__(self, r, steps, eta0):
        kind = r.randrange(6)
        self.text, self.rate = 'constant', lambda t: eta0
        if kind == 1:
            self.text = 'cosine'
            self.rate = lambda t: eta0 * (1 + math.cos(math.pi * min(t, steps) / steps)) / 2
        elif kind == 2:
            size, gamma = max(1, steps // 6), 0.3
            self.text = f'step:step_size={size},gamma={gamma}'
            self.rate = lambda t: eta0 * gamma ** (t // size)
        elif kind == 3:
            k = 5 / steps
            self.text = f'exp_k:k={k!r}'
            self.rate = lambda t: eta0 * math.exp(-k * t)
        elif kind == 4:
            half, top = max(1, steps // 6), round(eta0 * 4, 6)
            self.text = f'triangular:max_lr={top!r},step_up={half},step_down={half}'
            self.rate = lambda t: eta0 + (top - eta0) * (1 - abs(t % (2 * half) - half) / half)
        elif kind == 5:
            self.text = 'plateau:patience=8,factor=0.3'
            self.rate = None  # only cuts


OPTIMIZERS = ['sgd', 'sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam', 'amsgrad', 'nadam']


def draw_scene(r, surface):
    steps = r.choice([40, 80, 120, 200, 300])
    optimizer = r.choice(OPTIMIZERS)
    x0, x1, y0, y1 = surface.window
    normalised = optimizer in ('adagrad', 'rmsprop', 'adam', 'amsgrad', 'nadam')
    eta0 = float(f'{10 ** (r.uniform(-3, 0) if normalised else r.uniform(-3.5, 0)):.3g}')
    noise = r.choice([0, 0, 0, 0.02, 0.3, 1.0])
    schedule = Schedule(r, steps, eta0)
    x, y = round(r.uniform(x0, x1), 3), round(r.uniform(y0, y1), 3)
    text = (f"surface='{surface.text}' window={x0},{x1},{y0},{y1} start={x},{y} optimizer={optimizer} "
            f"schedule={schedule.text} eta0={eta0!r} steps={steps} seed={r.randrange(1000)}")
    return text + (f' noise={noise}' if noise else ''), schedule, steps, noise > 0


# ---- the rules --------------------------------------------------------------------------------------

class Run:
    def __init__(self, surface, schedule, steps, noisy, rows):
        self.s, self.schedule, self.steps, self.noisy, self.rows = surface, schedule, steps, noisy, rows
        self.raw = {}
        self.full = {}

    def slope(self, i):
        if i not in self.full:
            self.full[i] = self.s.at(self.rows[i][0], self.rows[i][1])
        return self.full[i]

    def height(self, i, value, row):
        return value - min(self.s.lowest, self.rows[row][8])

    def mean(self, first, last):
        n = last - first
        return (sum(r[0] for r in self.rows[first:last]) / n, sum(r[1] for r in self.rows[first:last]) / n)

    def within(self, i, n, near):
        if i + 1 < n:
            return None
        mx, my = self.mean(i + 1 - n, i + 1)
        ok = all(math.hypot(r[0] - mx, r[1] - my) <= near for r in self.rows[i + 1 - n:i + 1])
        return (mx, my) if ok else None

    def place(self, x, y, near):
        """The nearest known critical point within `near`, else Newton's: (x, y, f, kind)."""
        known = [(math.hypot(p[0] - x, p[1] - y), p) for p in self.s.places]
        known = [k for k in known if k[0] <= near and k[1][3] != 'valley']  # a valley is no place
        if known:
            return min(known)[1]
        found = self.s.newton(x, y)
        if not found or not math.hypot(found[0] - x, found[1] - y) <= near:
            return None
        return found + (self.s.at(*found).f, self.s.kind(*found))

    def planned(self, i, t):
        return self.schedule.rate(t) if self.schedule.rate else self.rows[i][5]

    def rises_again(self, i):
        return any(self.planned(i, t) > self.rows[i][5] * (1 + 1e-12) for t in range(i + 1, self.steps + 1))

    def planned_sum(self, i):
        rest = self.steps - i
        extra = max(0, self.steps // 2 - rest)
        return sum(self.planned(i, t) for t in range(i, self.steps)) + extra * self.planned(i, self.steps)

    def way(self, i):
        """How far the rest of the schedule moves the point."""
        x, y, _, _, _, eta, ex, ey = self.rows[i][:8]
        d = self.slope(i)
        sx, sy = (ex / eta, ey / eta) if eta > 0 else (1.0, 1.0)
        pull = math.hypot(sx * d.x, sy * d.y)
        if i > 0 and self.rows[i - 1][5] > 0:
            px, py = self.rows[i - 1][:2]
            pull = max(pull, math.hypot(x - px, y - py) / self.rows[i - 1][5])
        pull += max(sx, sy) * max(0.0, -eigen(d)[0]) * self.s.near
        return pull * self.planned_sum(i)

    def fell(self, i):
        n = max(10, self.steps // 10)
        if i < n:
            return None, True
        then, now = self.rows[i - n][2], self.rows[i][2]
        return then - now, not then - now < 0.05 * self.height(i, then, i)

    def settles(self, i):
        if not self.noisy:
            return True
        return bool(self.within(i, max(20, self.steps // 10), 0.5 * self.s.near)) and not self.rises_again(i)

    def resting(self, i):
        mean = self.within(i, max(10, self.steps // 20), self.s.near)
        if not mean:
            return None
        p = self.place(mean[0], mean[1], self.s.near)
        if p and p[3] in ('minimum', 'valley'):
            if not self.settles(i):
                return 'rattling', p
            if p[3] == 'valley':
                return 'valley', p
            lowest = min(self.s.lowest, self.rows[i][8])
            return ('global minimum' if p[2] <= lowest + 1e-6 * self.s.range else 'local minimum'), p
        if p:
            if not self.settles(i):
                return None
            return ('frozen', None) if self.way(i) < self.s.near else ('saddle', p)
        d = self.slope(i)
        slope = math.hypot(d.x, d.y) * self.s.diagonal
        if not slope < 0.01 * self.s.range or self.fell(i)[1] or not self.settles(i):
            return None
        dead = slope > 1e-3 * self.s.range and self.planned_sum(i) * self.s.range / self.s.diagonal < self.s.near
        return ('frozen' if dead else 'plateau'), None

    def rattling(self, i):
        n = max(20, self.steps // 10)
        if i + 1 < n:
            return None
        first = i + 1 - n
        mx, my = self.mean(first, i + 1)
        spread = math.sqrt(sum((r[0] - mx) ** 2 + (r[1] - my) ** 2 for r in self.rows[first:i + 1]) / n)
        ax, ay = self.mean(first, first + n // 2)
        bx, by = self.mean(first + n // 2, i + 1)
        if not math.hypot(ax - bx, ay - by) <= spread:
            return None
        p = self.place(mx, my, max(self.s.near, 2 * spread))
        if not p or p[3] not in ('minimum', 'valley'):
            return None
        noise = slope = 0.0
        for k in range(max(0, i - 4), i + 1):
            d = self.slope(k)
            noise += (self.rows[k][3] - d.x) ** 2 + (self.rows[k][4] - d.y) ** 2
            slope += d.x ** 2 + d.y ** 2
        return p if noise > 1e-4 * slope else None

    def frozen(self, i):
        n = max(10, self.steps // 20)
        if i + 1 < n or (self.noisy and not self.within(i, n, self.s.near)):
            return False
        way = self.way(i)
        if not way < self.s.near:
            return False
        p = self.place(self.rows[i][0], self.rows[i][1], self.s.near + way)
        return not (p and p[3] in ('minimum', 'valley'))

    def oscillating(self, i):
        if i < 12:
            return False
        least = 1e-6 * self.s.diagonal
        step = lambda k: (self.rows[k + 1][0] - self.rows[k][0], self.rows[k + 1][1] - self.rows[k][1])
        if not any(math.hypot(*step(k)) > least for k in range(max(0, i - 10), i)):
            return False
        q = i - i // 4
        then, now = self.height(i, self.rows[q][8], i), self.height(i, self.rows[i][8], i)
        if then - now > 0.01 * then:
            return False
        for k in range(q, i):
            if self.rows[k + 1][2] > self.rows[k][2]:
                return True
            if k + 1 < i:
                for a, b in zip(step(k), step(k + 1)):
                    if a * b < 0 and abs(b) > least:
                        return True
        return False

    def word(self, i):
        """The row's own word and its place."""
        if i not in self.raw:
            self.raw[i] = self.judge(i)
        return self.raw[i]

    def judge(self, i):
        x, y, loss = self.rows[i][:3]
        x0, x1, y0, y1 = self.s.window
        if (abs(x - (x0 + x1) / 2) > 1000 * (x1 - x0) / 2 or abs(y - (y0 + y1) / 2) > 1000 * (y1 - y0) / 2
                or loss > 1e6 * max(1.0, self.rows[0][2])):
            return 'diverging', None
        rest = self.resting(i)
        if rest:
            return rest
        p = self.rattling(i) if self.noisy else None
        if p:
            return 'rattling', p
        if self.frozen(i):
            return 'frozen', None
        if self.oscillating(i):
            return 'oscillating', None
        fell, progress = self.fell(i)
        return ('slow' if not progress and fell >= 0 else 'moving'), None

    def held(self, i):
        rows = max(20, self.steps // 10) if self.noisy else max(4, self.steps // 100)
        stride = rows // 8 | 1
        looks = (rows - 1) // stride + 1
        at = i // stride * stride
        word, count = self.word(at), 1
        while count < looks and at > 0:
            at -= stride
            before = self.word(at)
            count = count + 1 if before[0] == word[0] and same_place(before[1], word[1]) else 1
            if count == 1:
                word = before
        if word[1] and word[0] != 'rattling' and not math.hypot(
                self.rows[i][0] - word[1][0], self.rows[i][1] - word[1][1]) <= 2 * self.s.near:
            return self.word(i)[0]
        return word[0]


def same_place(a, b):
    """Valleys have no single place."""
    if a is None or b is None:
        return a is b
    return a[3] == b[3] == 'valley' or math.hypot(a[0] - b[0], a[1] - b[1]) < 1e-6


# ---- comparing ----------------------------------------------------------------------------------------

def read_run(pipe):
    head = struct.unpack('6d', pipe.read(48))
    rows = [struct.unpack('12d', pipe.read(8 * COLUMNS)) for _ in range(int(head[0]))]
    return rows


def main():
    tool = sys.argv[1]
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 600
    r = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    scenes = []
    surface = None
    for i in range(runs):
        if i % 25 == 0:
            surface = draw_surface(r)
        scenes.append((surface,) + draw_scene(r, surface))
    p = subprocess.Popen([tool], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    import threading
    feed = threading.Thread(target=lambda: (p.stdin.write(''.join(s[1] + '\n' for s in scenes).encode()),
                                            p.stdin.close()))
    feed.start()
    asked = wrong = 0
    seen = {}
    for surface, text, schedule, steps, noisy in scenes:
        rows = read_run(p.stdout)
        run = Run(surface, schedule, steps, noisy, rows)
        last = len(rows) - 1
        for i in sorted({last, last // 2, last // 3, 3 * last // 4}):
            theirs = WORDS[int(rows[i][11])]
            if theirs in ('diverged', 'undefined'):
                continue
            ours = run.held(i)
            asked += 1
            seen[theirs] = seen.get(theirs, 0) + 1
            if ours != theirs:
                wrong += 1
                if wrong <= 20:
                    print(f'row {i}: {theirs}, here {ours}: {text}')
    feed.join()
    print(f'verdicts: {runs} runs, {asked} words, {asked - wrong} equal '
          f'({100 * (asked - wrong) / max(1, asked):.2f} %)')
    print('  ' + ', '.join(f'{n} {w}' for w, n in sorted(seen.items(), key=lambda e: -e[1])))
    return 0 if wrong <= 0.001 * asked else 1


if __name__ == '__main__':
    sys.exit(main())
