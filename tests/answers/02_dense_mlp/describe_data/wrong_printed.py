# wrong: the numbers are printed and nothing is returned
# message: is the `return` missing
def describe_data(X, y, groups):
    print("items", len(X), "features", len(X[0]), "classes", len(set(np.ravel(y))))
