# wrong: time and features exchanged
# message: any-number-of-steps
def build_lstm(n_features, n_classes, units):
    return keras.Sequential([
        keras.Input((10, n_features)),
        keras.layers.Permute((2, 1)),
        keras.layers.LSTM(units),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])
