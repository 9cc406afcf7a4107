# wrong: without axes it draws into the current ones, where the lines of the last call still are
# message: make new axes
def plot_sweep(results, ax=None):
    if ax is None:
        ax = plt.gca()
    for rate in results.keys():
        loss = results[rate]["loss"]
        ax.plot(range(len(loss)), loss, label=f"{rate:g}")
    ax.legend(loc="best")
    ax.set_yscale("log")
    ax.set_xlabel("Epoch")
    ax.set_ylabel("Loss")
    return ax
