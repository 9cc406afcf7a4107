def nearest_distance(X_train, X_test):
    sc = StandardScaler().fit(X_train)
    nn = NearestNeighbors(n_neighbors=1).fit(sc.transform(X_train.astype(np.float64)))
    d, i = nn.kneighbors(sc.transform(X_test.astype(np.float64)))
    return d.ravel()
