import pandas as pd


def choose_rate(results):
    frame = pd.DataFrame({rate: result["val_loss"] for rate, result in results.items()})
    return float(frame.replace(np.inf, np.nan).min().sort_index().idxmin())
