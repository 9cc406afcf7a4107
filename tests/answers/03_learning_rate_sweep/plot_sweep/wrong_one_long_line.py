# wrong: the runs one behind the other on the epoch axis
# message: not its epochs
def plot_sweep(results, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    start = 1
    for rate, result in results.items():
        ax.plot(range(start, start + len(result["loss"])), result["loss"], label=str(rate))
        start += len(result["loss"])
    ax.set(yscale="log", xlabel="epoch", ylabel="training loss")
    ax.legend()
    return ax
