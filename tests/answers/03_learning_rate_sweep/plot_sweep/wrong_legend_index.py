# wrong: the legend counts the lines and does not name the rates
# message: named by exactly one
def plot_sweep(results, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    for place, result in enumerate(results.values()):
        ax.plot(result["loss"], label=f"run {place}")
    ax.set(yscale="log", xlabel="epoch", ylabel="training loss")
    ax.legend()
    return ax
