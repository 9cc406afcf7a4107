# wrong: the farthest in place of the nearest
# message: should have distance 0
def nearest_distance(X_train, X_test):
    scaler = StandardScaler().fit(X_train)
    A, B = scaler.transform(X_train), scaler.transform(X_test)
    D = np.sqrt(((B[:, None] - A[None]) ** 2).sum(axis=2))
    return D.max(axis=1)
