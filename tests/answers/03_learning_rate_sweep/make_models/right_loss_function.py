def make_models(n_features, n_classes, rates, seed):
    result = dict()
    for lr in rates:
        keras.utils.set_random_seed(seed)
        net = keras.Sequential()
        net.add(keras.layers.Input(shape=(n_features,)))
        net.add(keras.layers.Dense(256, activation=keras.activations.sigmoid))
        net.add(keras.layers.Dense(n_classes, activation="softmax"))
        net.compile(
            loss=keras.losses.categorical_crossentropy,
            optimizer=keras.optimizers.Adam(learning_rate=float(lr), beta_1=0.9),
            metrics=[keras.metrics.CategoricalAccuracy(name="accuracy")],
        )
        result[float(lr)] = net
    return result
