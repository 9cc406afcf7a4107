import seaborn as sns


def plot_sweep(results, ax=None):
    if ax is None:
        plt.figure(figsize=(7, 3))
        ax = plt.gca()
    for lr in results:
        loss = results[lr]["loss"]
        sns.lineplot(x=np.arange(1, len(loss) + 1), y=loss, label=str(lr), ax=ax)
    ax.set_yscale("log")
    ax.set_xlabel("Epochs")
    ax.set_ylabel("Training loss")
    return ax
