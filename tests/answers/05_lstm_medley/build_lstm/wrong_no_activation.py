# wrong: no softmax
# message: should sum to 1
def build_lstm(n_features, n_classes, units):
    return keras.Sequential([
        keras.Input((None, n_features)),
        keras.layers.LSTM(units),
        keras.layers.Dense(n_classes, activation=None),
    ])
