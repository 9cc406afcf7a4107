import math


def plot_sweep(results, ax=None):
    """Labels as in a paper: 2 x 10^-3."""
    ax = plt.subplots()[1] if ax is None else ax
    for rate, result in results.items():
        power = math.floor(math.log10(rate))
        label = r"$\eta = %g \times 10^{%d}$" % (round(rate / 10**power, 6), power)
        ax.semilogy(range(1, len(result["loss"]) + 1), result["loss"], label=label)
    ax.set_xlabel("epoch")
    ax.set_ylabel("loss")
    ax.legend(title="learning rate")
    return ax
