import pandas as pd
import seaborn as sns


def plot_sweep(results, ax=None):
    rows = [(str(lr), i, v) for lr, r in results.items() for i, v in enumerate(r["loss"])]
    frame = pd.DataFrame(rows, columns=["learning rate", "epoch", "training loss"])
    if ax is None:
        ax = plt.figure().add_subplot()
    sns.lineplot(data=frame, x="epoch", y="training loss", hue="learning rate", ax=ax)
    ax.set(yscale="log")
    return ax
