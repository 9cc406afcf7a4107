# wrong: the logarithm of the loss is drawn on a logarithmic axis
# message: not among the lines
def plot_sweep(results, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    for rate, result in results.items():
        ax.plot(range(1, len(result["loss"]) + 1), np.log10(result["loss"]), label=str(rate))
    ax.set(yscale="log", xlabel="epoch", ylabel="training loss")
    ax.legend()
    return ax
