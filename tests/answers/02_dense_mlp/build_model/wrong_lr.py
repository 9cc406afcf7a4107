# wrong: the old name of the learning rate
# message: learning_rate=
def build_model(n_features, n_classes, learning_rate):
    model = keras.Sequential(
        [
            keras.layers.Input(shape=(n_features,)),
            keras.layers.Dense(256, activation="sigmoid"),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(lr=learning_rate), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
