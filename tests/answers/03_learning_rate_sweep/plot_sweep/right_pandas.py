import pandas as pd


def plot_sweep(results, ax=None):
    frame = pd.DataFrame({f"rate {rate}": result["loss"] for rate, result in results.items()})
    frame.index += 1
    return frame.plot(ax=ax, logy=True, xlabel="epoch", ylabel="training loss")
