# wrong: the axes come back without a line
# message: have no lines in them
def plot_sweep(results, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    ax.set(yscale="log", xlabel="epoch", ylabel="training loss")
    return ax
