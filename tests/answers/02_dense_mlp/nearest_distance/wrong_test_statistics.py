# wrong: each set is standardised with its own mean and deviation
# message: its own statistics|distance 0
def nearest_distance(X_train, X_test):
    A, B = StandardScaler().fit_transform(X_train), StandardScaler().fit_transform(X_test)
    return NearestNeighbors(n_neighbors=1).fit(A).kneighbors(B)[0][:, 0]
