# wrong: one answer a frame
# message: one answer a clip, not one a frame
def build_lstm(n_features, n_classes, units):
    return keras.Sequential([
        keras.Input((None, n_features)),
        keras.layers.LSTM(units, return_sequences=True),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])
