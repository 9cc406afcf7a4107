import pandas as pd


def interval_by_group(correct, groups, n_boot, seed):
    table = pd.DataFrame({"right": correct, "group": groups}).groupby("group").right.agg(["sum", "count"])
    rng, means = np.random.default_rng(seed), []
    values = table.to_numpy()
    for _ in range(n_boot):
        hits, n = values[rng.integers(0, len(values), len(values))].sum(axis=0)
        means.append(hits / n)
    low, high = pd.Series(means).quantile([0.025, 0.975])
    return low, high
