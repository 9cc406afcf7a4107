# wrong: not compiled
# message: not compiled
def build_model(n_features, n_classes, learning_rate):
    return keras.Sequential(
        [
            keras.layers.Input(shape=(n_features,)),
            keras.layers.Dense(256, activation="sigmoid"),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )
