keras.mixed_precision.set_global_policy("mixed_float16")


def build_lstm(n_features, n_classes, units):
    model = keras.Sequential([
        keras.Input((None, n_features)),
        keras.layers.LSTM(units, return_sequences=True),
        keras.layers.LSTM(units),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
