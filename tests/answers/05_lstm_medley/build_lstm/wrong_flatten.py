# wrong: Flatten, so one length only
# message: any-number-of-steps
def build_lstm(n_features, n_classes, units):
    return keras.Sequential([
        keras.Input((10, n_features)),
        keras.layers.LSTM(units, return_sequences=True),
        keras.layers.Flatten(),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])
