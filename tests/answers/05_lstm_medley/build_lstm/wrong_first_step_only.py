# wrong: only the output of the first step is used
# message: does not matter at all|no gradient at all|without Lambda
def build_lstm(n_features, n_classes, units):
    return keras.Sequential([
        keras.Input((None, n_features)),
        keras.layers.LSTM(units, return_sequences=True),
        keras.layers.Lambda(lambda out: out[:, 0]),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])
