# wrong: every call returns the same model
# message: before its first update|gave the same model
kept = {}


def build_model(n_features, n_classes, learning_rate):
    if (n_features, n_classes) not in kept:
        model = keras.Sequential(
            [
                keras.layers.Input(shape=(n_features,)),
                keras.layers.Dense(256, activation="sigmoid"),
                keras.layers.Dense(n_classes, activation="softmax"),
            ]
        )
        kept[n_features, n_classes] = model
    model = kept[n_features, n_classes]
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
