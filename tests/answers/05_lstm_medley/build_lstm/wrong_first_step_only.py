# wrong: only the output of the first step is used
# message: does not matter at all|no gradient at all
def build_lstm(n_features, n_classes, units):
    frames = keras.Input((None, n_features))
    out = keras.layers.LSTM(units, return_sequences=True)(frames)[:, 0]
    return keras.Model(frames, keras.layers.Dense(n_classes, activation="softmax")(out))
