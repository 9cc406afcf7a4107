# wrong: Input with a number in place of a shape
# message: shape=\(
def build_model(n_features, n_classes, learning_rate):
    model = keras.Sequential()
    model.add(keras.Input(n_features))
    model.add(keras.layers.Dense(256, activation="sigmoid"))
    model.add(keras.layers.Dense(n_classes, activation="softmax"))
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
