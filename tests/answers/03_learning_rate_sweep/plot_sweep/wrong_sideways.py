# wrong: the losses on the x axis, the epochs on the y axis
# message: losses are on the x axis
def plot_sweep(results, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    for rate, result in results.items():
        ax.plot(result["loss"], range(1, len(result["loss"]) + 1), label=str(rate))
    ax.set(yscale="log", xlabel="training loss", ylabel="epoch")
    ax.legend()
    return ax
