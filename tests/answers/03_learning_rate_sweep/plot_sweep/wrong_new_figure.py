# wrong: a new figure although axes are given
# message: other axes came back
def plot_sweep(results, ax=None):
    _, ax = plt.subplots()
    for rate, result in results.items():
        ax.plot(range(1, len(result["loss"]) + 1), result["loss"], label=str(rate))
    ax.set(yscale="log", xlabel="epoch", ylabel="training loss")
    ax.legend()
    return ax
