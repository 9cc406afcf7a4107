# wrong: the root of a square that float32 made negative
# message: NaN|distance 0
def nearest_distance(X_train, X_test):
    with np.errstate(invalid="ignore"):
        squares = (X_test**2).sum(1)[:, None] + (X_train**2).sum(1)[None] - 2 * X_test @ X_train.T
        return np.sqrt(squares).min(axis=1)
