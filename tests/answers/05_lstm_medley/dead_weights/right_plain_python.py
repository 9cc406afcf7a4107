import math
import random


def dead_weights(n_steps, n_features, units, seed):
    # No library at all: the network, and its gradient backwards through time, in lists.
    rng = random.Random(seed)
    normal = lambda *shape: [normal(*shape[1:]) for _ in range(shape[0])] if shape else 0.4 * rng.gauss(0, 1)
    sigmoid = lambda v: 1 / (1 + math.exp(-v))
    W, U, V, b = normal(n_features, 4 * units), normal(units, 4 * units), normal(units, 5), [0.0] * (4 * units)
    dW, dU = [[0.0] * (4 * units) for _ in W], [[0.0] * (4 * units) for _ in U]
    db = [0.0] * (4 * units)
    one_to = range(units)
    for _ in range(16):
        x = [[2.5 * v for v in step] for step in normal(n_steps, n_features)]
        truth, h, c, past = rng.randrange(5), [0.0] * units, [0.0] * units, []
        for step in x:
            a = [b[k] + sum(v * W[j][k] for j, v in enumerate(step)) + sum(h[j] * U[j][k] for j in one_to) for k in range(4 * units)]
            i, f, o = ([sigmoid(v) for v in a[n * units : (n + 1) * units]] for n in (0, 1, 3))
            g = [math.tanh(v) for v in a[2 * units : 3 * units]]
            new = [f[k] * c[k] + i[k] * g[k] for k in one_to]
            past.append((step, h, c, i, f, g, o, new))
            c, h = new, [o[k] * math.tanh(new[k]) for k in one_to]
        p = [math.exp(sum(h[j] * V[j][k] for j in one_to)) for k in range(5)]
        error = [v / sum(p) - (k == truth) for k, v in enumerate(p)]
        dh, dc = [sum(error[k] * V[j][k] for k in range(5)) / 16 for j in one_to], [0.0] * units
        for step, h, c, i, f, g, o, new in reversed(past):
            dc = [dc[k] + dh[k] * o[k] * (1 - math.tanh(new[k]) ** 2) for k in one_to]
            da = [dc[k] * g[k] * i[k] * (1 - i[k]) for k in one_to]
            da += [dc[k] * c[k] * f[k] * (1 - f[k]) for k in one_to]
            da += [dc[k] * i[k] * (1 - g[k] ** 2) for k in one_to]
            da += [dh[k] * math.tanh(new[k]) * o[k] * (1 - o[k]) for k in one_to]
            for k, slope in enumerate(da):
                db[k] += slope
                for j, v in enumerate(step):
                    dW[j][k] += v * slope
                for j in one_to:
                    dU[j][k] += h[j] * slope
            dh = [sum(da[k] * U[j][k] for k in range(4 * units)) for j in one_to]
            dc = [dc[k] * f[k] for k in one_to]
    share = lambda values: sum(v == 0 for v in values) / len(values)
    flat = lambda rows: [v for row in rows for v in row]
    return {"kernel": share(flat(dW)), "recurrent_kernel": share(flat(dU)), "bias": share(db)}
