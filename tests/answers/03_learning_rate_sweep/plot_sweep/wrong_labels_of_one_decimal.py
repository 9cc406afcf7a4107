# wrong: labels of one decimal: the small rates are all 0.00
# message: named by exactly one
def plot_sweep(results, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    for rate, result in results.items():
        ax.plot(range(1, len(result["loss"]) + 1), result["loss"], label=f"{rate:.1f}")
    ax.set(yscale="log", xlabel="epoch", ylabel="training loss")
    ax.legend()
    return ax
