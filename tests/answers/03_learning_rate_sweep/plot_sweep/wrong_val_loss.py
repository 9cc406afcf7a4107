# wrong: the validation loss is drawn
# message: shows `val_loss`
def plot_sweep(results, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    for rate, result in results.items():
        ax.plot(range(1, len(result["val_loss"]) + 1), result["val_loss"], label=str(rate))
    ax.set(yscale="log", xlabel="epoch", ylabel="training loss")
    ax.legend()
    return ax
