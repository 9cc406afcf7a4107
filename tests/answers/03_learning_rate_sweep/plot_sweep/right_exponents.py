def plot_sweep(results, ax=None):
    if ax is None:
        fig, ax = plt.subplots(1, 1)
    epochs = [i + 1 for i in range(len(list(results.values())[0]["loss"]))]
    for rate, result in sorted(results.items(), reverse=True):
        ax.plot(epochs, result["loss"], marker=".", label="lr = %.0e" % rate)
    ax.set(yscale="log", xlabel="Epoch", ylabel="Training loss", title="Sweep")
    ax.legend()
    ax.grid(True)
    return ax
