import pandas as pd


def average_by_recording(proba, recording):
    table = pd.DataFrame(proba).groupby(recording).mean()
    return table.index.to_numpy(), table.to_numpy()
