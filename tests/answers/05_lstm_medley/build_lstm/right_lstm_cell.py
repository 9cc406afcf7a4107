def build_lstm(n_features, n_classes, units):
    model = keras.Sequential()
    model.add(keras.layers.Input(shape=(None, n_features)))
    model.add(keras.layers.RNN(keras.layers.LSTMCell(units)))
    model.add(keras.layers.Dense(n_classes, activation="softmax"))
    return model
