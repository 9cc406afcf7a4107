def plot_sweep(results, ax=None):
    if ax is not None:
        plt.sca(ax)
    else:
        plt.figure()
    plt.yscale("log")
    for rate in results:
        loss = results[rate]["loss"]
        plt.plot(np.arange(len(loss)), loss, "o-", label="learning rate = " + str(rate))
    plt.legend(bbox_to_anchor=(1.05, 1))
    plt.xlabel("Epoche")
    plt.ylabel("Verlust")
    return plt.gca()
