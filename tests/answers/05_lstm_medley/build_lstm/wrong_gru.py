# wrong: a GRU in place of an LSTM
# message: no keras.layers.LSTM
def build_lstm(n_features, n_classes, units):
    return keras.Sequential([
        keras.Input((None, n_features)),
        keras.layers.GRU(units),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])
