def plot_sweep(results, ax=None):
    ax = ax or plt.figure().gca()
    styles = ["-", "--", ":", "-.", (0, (1, 5))]
    for i, (lr, r) in enumerate(results.items()):
        epochs = np.arange(len(r["loss"])) + 1
        ax.plot(epochs, r["loss"], color="black", linestyle=styles[i], marker="o", label=lr)
    ax.set_yscale("log")
    ax.set_xlabel("Epoch")
    ax.set_ylabel("Training loss (nats)")
    ax.set_title("Learning rates")
    ax.legend(title="rate", loc="upper right")
    return ax
