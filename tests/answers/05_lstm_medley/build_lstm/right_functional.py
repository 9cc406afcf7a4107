def build_lstm(n_features, n_classes, units):
    frames = keras.Input(shape=(None, n_features), name="frames")
    x = keras.layers.LSTM(units, name="memory")(frames)
    x = keras.layers.Dropout(0.3)(x)
    x = keras.layers.Dense(32, activation="relu")(x)
    return keras.Model(frames, keras.layers.Dense(n_classes, activation="softmax")(x))
