# wrong: not standardised
# message: not standardised
def nearest_distance(X_train, X_test):
    return NearestNeighbors(n_neighbors=1).fit(X_train).kneighbors(X_test)[0][:, 0]
