# SPDX-License-Identifier: MIT
# peers: the maps of the bench as one writes them by hand: all starts as arrays, the gradient by hand,
# one thread. NumPy in place; PyTorch with autograd and torch.optim. One line per map:
#     NAME numpy MS torch_hand MS torch_autograd MS
# A peer that is not installed has "-". Usage: peers.py COLS ROWS STEPS
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"
try:
    import numpy as np
except ImportError:
    np = None
try:
    import torch
    torch.set_num_threads(1)
except ImportError:
    torch = None

COLS, ROWS, STEPS = (int(word) for word in sys.argv[1:4])
TAU = 6.283185307179586

SURFACES = {
    "himmelblau": (-5, 5, lambda lib, x, y: (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2),
    "rastrigin": (-5.12, 5.12, lambda lib, x, y: 20 + x * x - 10 * lib.cos(TAU * x) + y * y
                  - 10 * lib.cos(TAU * y)),
    "ackley": (-5, 5, lambda lib, x, y: -20 * lib.exp(-0.2 * lib.sqrt(0.5 * (x * x + y * y)))
               - lib.exp(0.5 * (lib.cos(TAU * x) + lib.cos(TAU * y))) + 22.718281828459045),
    "beale": (-4.5, 4.5, lambda lib, x, y: (1.5 - x + x * y) ** 2 + (2.25 - x + x * y * y) ** 2
              + (2.625 - x + x * y * y * y) ** 2),
}


def gradient(lib, surface, x, y):
    if surface == "himmelblau":
        a, b = x * x + y - 11, x + y * y - 7
        return 4 * x * a + 2 * b, 2 * a + 4 * y * b
    if surface == "rastrigin":
        return 2 * x + 10 * TAU * lib.sin(TAU * x), 2 * y + 10 * TAU * lib.sin(TAU * y)
    if surface == "ackley":
        r = lib.sqrt(0.5 * (x * x + y * y)) + 1e-300
        e = lib.exp(-0.2 * r) * (2 / r)
        c = lib.exp(0.5 * (lib.cos(TAU * x) + lib.cos(TAU * y))) * (0.5 * TAU)
        return e * x + c * lib.sin(TAU * x), e * y + c * lib.sin(TAU * y)
    u, v = y * y, y * y * y
    a, b, c = 1.5 - x + x * y, 2.25 - x + x * u, 2.625 - x + x * v
    return (2 * (a * (y - 1) + b * (u - 1) + c * (v - 1)),
            2 * x * (a + 2 * b * y + 3 * c * u))


def rate(eta0, t):
    return eta0 * (1 + np.cos(3.141592653589793 * t / STEPS)) / 2


def update(lib, rule, eta, t, g, m, v):
    """What is subtracted; m and v change in place."""
    if rule == "sgd":
        return eta * g
    if rule == "momentum":
        m *= 0.9
        m += g
        return eta * m
    if rule == "adagrad":
        v += g * g
        return eta * g / (lib.sqrt(v) + 1e-10)
    if rule == "rmsprop":
        v *= 0.99
        v += 0.01 * g * g
        return eta * g / (lib.sqrt(v) + 1e-8)
    m *= 0.9
    m += 0.1 * g
    v *= 0.999
    v += 0.001 * g * g
    return (eta / (1 - 0.9 ** t)) * m / (lib.sqrt(v) / (1 - 0.999 ** t) ** 0.5 + 1e-8)


def starts(surface):
    lo, hi, _ = SURFACES[surface]
    x, y = np.meshgrid(np.linspace(lo, hi, COLS), np.linspace(hi, lo, ROWS))
    return x.ravel(), y.ravel()


def by_hand(lib, surface, rule, eta0):
    x, y = starts(surface)
    if lib is torch:
        x, y = torch.from_numpy(x), torch.from_numpy(y)
    memory = [lib.zeros_like(x) for _ in range(4)]
    begin = time.perf_counter()
    for t in range(STEPS):
        eta = float(rate(eta0, t))
        gx, gy = gradient(lib, surface, x, y)
        x -= update(lib, rule, eta, t + 1, gx, memory[0], memory[1])
        y -= update(lib, rule, eta, t + 1, gy, memory[2], memory[3])
    return 1000 * (time.perf_counter() - begin)


def autograd(surface, rule, eta0):
    loss = SURFACES[surface][2]
    x, y = (torch.from_numpy(v).requires_grad_() for v in starts(surface))
    make = {"sgd": lambda p: torch.optim.SGD(p, lr=eta0),
            "momentum": lambda p: torch.optim.SGD(p, lr=eta0, momentum=0.9),
            "adagrad": lambda p: torch.optim.Adagrad(p, lr=eta0),
            "rmsprop": lambda p: torch.optim.RMSprop(p, lr=eta0),
            "adam": lambda p: torch.optim.Adam(p, lr=eta0)}
    optimizer = make[rule]([x, y])
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
    begin = time.perf_counter()
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss(torch, x, y).sum().backward()
        optimizer.step()
        schedule.step()
    return 1000 * (time.perf_counter() - begin)


def best(work, *args):
    return "%.2f" % min(work(*args) for _ in range(3))


for line in sys.stdin:
    surface, rule, eta0 = line.split()
    eta0 = float(eta0)
    np_ms = best(by_hand, np, surface, rule, eta0) if np else "-"
    hand = best(by_hand, torch, surface, rule, eta0) if torch and np else "-"
    auto = "%.2f" % autograd(surface, rule, eta0) if torch and np else "-"
    print(surface, rule, "numpy", np_ms, "torch_hand", hand, "torch_autograd", auto, flush=True)
