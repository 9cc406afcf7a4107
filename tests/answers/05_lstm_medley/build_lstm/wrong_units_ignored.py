# wrong: always 50 units
# message: `units` not used
def build_lstm(n_features, n_classes, units):
    return keras.Sequential([
        keras.Input((None, n_features)),
        keras.layers.LSTM(50),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])
