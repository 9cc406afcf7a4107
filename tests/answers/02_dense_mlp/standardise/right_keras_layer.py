def standardise(X_train, X_test):
    layer = keras.layers.Normalization()
    layer.adapt(X_train)
    return np.array(layer(X_train)), np.array(layer(X_test))
