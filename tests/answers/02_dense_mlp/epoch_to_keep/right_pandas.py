import pandas as pd


def epoch_to_keep(hist):
    return int(pd.Series(hist["val_loss"]).idxmin()) + 1
