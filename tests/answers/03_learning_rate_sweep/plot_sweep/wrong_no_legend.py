# wrong: no legend
# message: no legend
def plot_sweep(results, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    for rate, result in results.items():
        ax.plot(range(1, len(result["loss"]) + 1), result["loss"], label=str(rate))
    ax.set(yscale="log", xlabel="epoch", ylabel="training loss")
    return ax
