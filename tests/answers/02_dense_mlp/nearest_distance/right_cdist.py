from scipy.spatial.distance import cdist


def nearest_distance(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    return cdist((X_test - mean) / std, (X_train - mean) / std).min(axis=1)
