import pandas as pd


def subset_table(subset, instrument_id, song_id, n_classes):
    df = pd.DataFrame({"subset": subset, "c": instrument_id, "song": song_id})
    result = {}
    for name in ("training", "validation", "test"):
        g = df[df["subset"] == name].groupby("c")["song"]
        result[name] = {
            "clips": g.size().reindex(range(n_classes), fill_value=0).to_numpy(),
            "songs": g.nunique().reindex(range(n_classes), fill_value=0).to_numpy(),
        }
    return result
