# wrong: the accuracy is drawn
# message: shows `accuracy`
def plot_sweep(results, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    for rate, result in results.items():
        ax.plot(range(1, len(result["accuracy"]) + 1), result["accuracy"], label=str(rate))
    ax.set(yscale="log", xlabel="epoch", ylabel="training loss")
    ax.legend()
    return ax
