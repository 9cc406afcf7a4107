# wrong: the mean over the five nearest
# message: right shape|distance 0
def nearest_distance(X_train, X_test):
    scaler = StandardScaler().fit(X_train)
    neighbours = NearestNeighbors(n_neighbors=min(5, len(X_train))).fit(scaler.transform(X_train))
    return neighbours.kneighbors(scaler.transform(X_test))[0].mean(axis=1)
