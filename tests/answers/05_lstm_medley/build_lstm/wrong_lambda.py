# wrong: a Lambda layer, which no grader can be sent
# message: Lambda
def build_lstm(n_features, n_classes, units):
    return keras.Sequential([
        keras.Input((None, n_features)),
        keras.layers.LSTM(units, return_sequences=True),
        keras.layers.Lambda(lambda out: out[:, -1]),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])
