# wrong: drawn with plt into the current figure, whatever axes are given
# message: not drawn into them
def plot_sweep(results, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    for rate, result in results.items():
        plt.plot(range(1, len(result["loss"]) + 1), result["loss"], label=str(rate))
    plt.yscale("log")
    plt.xlabel("epoch")
    plt.ylabel("training loss")
    plt.legend()
    return ax
