def dead_weights(n_steps, n_features, units, seed):
    # The same network and its gradient without Keras: backwards through time by hand.
    rng = np.random.default_rng(seed)
    W = rng.normal(size=(n_features, 4 * units)) * 0.3
    U = rng.normal(size=(units, 4 * units)) * 0.3
    b, V = np.zeros(4 * units), rng.normal(size=(units, 5)) * 0.3
    x, y = rng.normal(size=(16, n_steps, n_features)), rng.integers(0, 5, 16)
    s = lambda a: 1 / (1 + np.exp(-a))
    h = c = np.zeros((16, units))
    past = []
    for t in range(n_steps):
        i, f, g, o = np.split(x[:, t] @ W + h @ U + b, 4, axis=1)
        i, f, g, o = s(i), s(f), np.tanh(g), s(o)
        new = f * c + i * g
        past.append((h, c, i, f, g, o, new))
        h, c = o * np.tanh(new), new
    p = np.exp(h @ V)
    p /= p.sum(axis=1, keepdims=True)
    dh, dc = (p - np.eye(5)[y]) / 16 @ V.T, 0
    dW, dU, db = np.zeros_like(W), np.zeros_like(U), np.zeros_like(b)
    for t in reversed(range(n_steps)):
        h, c, i, f, g, o, new = past[t]
        dc = dc + dh * o * (1 - np.tanh(new) ** 2)
        gates = (dc * g * i * (1 - i), dc * c * f * (1 - f), dc * i * (1 - g**2), dh * np.tanh(new) * o * (1 - o))
        a = np.concatenate(gates, axis=1)
        dW += x[:, t].T @ a
        dU += h.T @ a
        db += a.sum(axis=0)
        dh, dc = a @ U.T, dc * f
    return {"kernel": np.mean(dW == 0), "recurrent_kernel": np.mean(dU == 0), "bias": np.mean(db == 0)}
