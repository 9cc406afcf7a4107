# wrong: a dense layer before the LSTM, so that it does not read the frames
# message: does it not read the frames|does not read the frames
def build_lstm(n_features, n_classes, units):
    return keras.Sequential([
        keras.Input((None, n_features)),
        keras.layers.Dense(64),
        keras.layers.LSTM(units),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])
