def build_lstm(n_features, n_classes, units):
    return keras.Sequential([
        keras.Input((None, n_features)),
        keras.layers.BatchNormalization(),
        keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True), merge_mode="sum"),
        keras.layers.Conv1D(16, 3, padding="same", activation="relu"),
        keras.layers.GRU(16),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])
