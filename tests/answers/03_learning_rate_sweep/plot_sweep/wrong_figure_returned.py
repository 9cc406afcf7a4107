# wrong: the figure comes back in place of the axes
# message: you returned the figure: return the axes
def plot_sweep(results, ax=None):
    fig, ax = plt.subplots() if ax is None else (ax.figure, ax)
    for rate, result in results.items():
        ax.plot(range(1, len(result["loss"]) + 1), result["loss"], label=str(rate))
    ax.set(yscale="log", xlabel="epoch", ylabel="training loss")
    ax.legend()
    return fig
