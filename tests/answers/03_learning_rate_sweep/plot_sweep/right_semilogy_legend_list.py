def plot_sweep(results, ax=None):
    if ax is None:
        fig, ax = plt.subplots(figsize=(6, 4))
    names = []
    for rate in sorted(results):
        ax.semilogy(results[rate]["loss"])
        names.append("lr = %g" % rate)
    ax.legend(names)
    ax.set_xlabel("epoch")
    ax.set_ylabel("loss")
    return ax
