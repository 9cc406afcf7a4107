def build_model(n_features, n_classes, learning_rate):
    net = keras.Sequential([
        keras.Input((n_features,)),
        keras.layers.Dense(256, "sigmoid"),
        keras.layers.Dense(n_classes),
        keras.layers.Activation("softmax"),
    ])
    net.compile(keras.optimizers.Adam(learning_rate), keras.losses.SparseCategoricalCrossentropy(), metrics=["acc"])
    return net
