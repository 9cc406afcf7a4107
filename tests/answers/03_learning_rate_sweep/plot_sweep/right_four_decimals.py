def plot_sweep(results, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    for rate in results.keys():
        loss = results[rate]["loss"]
        ax.plot(range(len(loss)), loss, label=f"{rate:.4f}")
    ax.legend(loc="best")
    ax.set_yscale("log")
    ax.set_xlabel("Epoch")
    ax.set_ylabel("Loss")
    return ax
