# wrong: the plot call stands after the loop: only the last rate is drawn
# message: should give two lines
def plot_sweep(results, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    for rate, result in results.items():
        loss = result["loss"]
    ax.plot(loss, label=str(rate))
    ax.set(yscale="log", xlabel="epoch", ylabel="training loss")
    ax.legend()
    return ax
