# wrong: 21 and 8 typed in
# message: any-number-of-steps|sizes
def build_lstm(n_features, n_classes, units):
    return keras.Sequential([
        keras.Input((None, 21)), keras.layers.LSTM(units), keras.layers.Dense(8, activation="softmax"),
    ])
