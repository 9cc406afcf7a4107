# wrong: plt.show() ends the figure, and plt.gca() makes a new one
# message: plt.show|other axes came back
def plot_sweep(results, ax=None):
    plt.figure()
    for rate, result in results.items():
        plt.semilogy(range(1, len(result["loss"]) + 1), result["loss"], label=str(rate))
    plt.xlabel("epoch")
    plt.ylabel("training loss")
    plt.legend()
    plt.show()
    return plt.gca()
