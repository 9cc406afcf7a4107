# wrong: all frames reshaped into one step, as in the report
# message: takes clips of exactly 10 frames
def build_lstm(n_features, n_classes, units):
    return keras.Sequential([
        keras.Input((10, n_features)),
        keras.layers.Reshape((1, 10 * n_features)),
        keras.layers.LSTM(units),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])
