from scipy.spatial import cKDTree


def nearest_distance(X_train, X_test):
    mu = X_train.mean(0)
    sd = X_train.std(0, ddof=1)
    return cKDTree((X_train - mu) / sd).query((X_test - mu) / sd, k=1)[0] * 1.0
