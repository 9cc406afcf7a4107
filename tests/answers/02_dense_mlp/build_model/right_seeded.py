def build_model(n_features, n_classes, learning_rate):
    keras.utils.set_random_seed(0)
    model = keras.Sequential()
    model.add(keras.Input(shape=(n_features,)))
    model.add(keras.layers.Dense(256, activation="sigmoid"))
    model.add(keras.layers.Dense(n_classes, activation="softmax"))
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
