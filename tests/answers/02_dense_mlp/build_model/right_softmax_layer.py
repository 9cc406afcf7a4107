def build_model(n_features, n_classes, learning_rate):
    model = keras.Sequential()
    model.add(keras.Input(shape=(n_features,)))
    model.add(keras.layers.Dense(256, activation="sigmoid"))
    model.add(keras.layers.Dense(n_classes, activation="linear"))
    model.add(keras.layers.Softmax())
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.optimizer.learning_rate = learning_rate
    return model
