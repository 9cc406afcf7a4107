# wrong: the metrics stand in the place of loss_weights
# message: third (positional )?argument
def build_model(n_features, n_classes, learning_rate):
    model = keras.Sequential(
        [
            keras.layers.Input(shape=(n_features,)),
            keras.layers.Dense(256, activation="sigmoid"),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy", ["accuracy"])
    return model
