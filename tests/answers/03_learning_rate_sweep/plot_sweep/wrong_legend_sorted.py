# wrong: the legend is in another order than the lines: a false legend, as in the report
# message: names one rate beside the line of another
def plot_sweep(results, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    for rate, result in results.items():
        ax.plot(range(1, len(result["loss"]) + 1), result["loss"])
    ax.set(yscale="log", xlabel="epoch", ylabel="training loss")
    ax.legend([str(rate) for rate in sorted(results)])
    return ax
