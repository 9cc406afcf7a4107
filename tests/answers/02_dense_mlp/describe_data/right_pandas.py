import pandas as pd


def describe_data(X, y, groups):
    labels = pd.Series(np.array(y).flatten())
    answer = {"n_items": X.shape[0], "n_features": X.shape[1]}
    answer["n_classes"] = labels.nunique()
    answer["n_groups"] = pd.Series(groups).nunique()
    answer["counts"] = labels.value_counts().to_dict()
    answer["majority_share"] = labels.value_counts(normalize=True).iloc[0]
    return answer
