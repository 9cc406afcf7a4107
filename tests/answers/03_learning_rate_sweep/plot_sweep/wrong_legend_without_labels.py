# wrong: legend() is called, but no line has a label
# message: no line has a label
def plot_sweep(results, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    for rate, result in results.items():
        ax.plot(range(1, len(result["loss"]) + 1), result["loss"])
    ax.set(yscale="log", xlabel="epoch", ylabel="training loss")
    ax.legend()
    return ax
