# wrong: the model is built and not returned
# message: is the `return` missing
def build_lstm(n_features, n_classes, units):
    model = keras.Sequential()
    model.add(keras.Input((None, n_features)))
    model.add(keras.layers.LSTM(units))
    model.add(keras.layers.Dense(n_classes, activation="softmax"))
    model.summary()
