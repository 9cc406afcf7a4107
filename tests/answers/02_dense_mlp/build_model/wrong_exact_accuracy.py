# wrong: the metric Accuracy compares probabilities with labels, and is always 0
# message: largest output is right
def build_model(n_features, n_classes, learning_rate):
    model = keras.Sequential(
        [
            keras.layers.Input(shape=(n_features,)),
            keras.layers.Dense(256, activation="sigmoid"),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=learning_rate), loss="categorical_crossentropy", metrics=[keras.metrics.Accuracy()])
    return model
