# wrong: the same line once per rate
# message: is one line drawn several times
def plot_sweep(results, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    first = list(results.values())[0]
    for rate in results:
        ax.plot(range(1, len(first["loss"]) + 1), first["loss"], label=str(rate))
    ax.set(yscale="log", xlabel="epoch", ylabel="training loss")
    ax.legend()
    return ax
