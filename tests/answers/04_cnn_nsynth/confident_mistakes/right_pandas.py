import pandas as pd

def confident_mistakes(proba, y_true, k):
    table = pd.DataFrame({"answer": proba.argmax(axis=1), "sure": proba.max(axis=1), "truth": y_true})
    wrong = table[table["answer"] != table["truth"]]
    return wrong.sort_values("sure", ascending=False).head(k).index.to_numpy()
