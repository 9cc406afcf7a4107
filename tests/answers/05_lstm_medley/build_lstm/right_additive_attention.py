def build_lstm(n_features, n_classes, units):
    keras.utils.set_random_seed(7)
    frames = keras.Input((None, n_features))
    states = keras.layers.LSTM(units, return_sequences=True)(frames)
    heard = keras.layers.AdditiveAttention()([states, states])
    x = keras.layers.Concatenate()([keras.layers.GlobalAveragePooling1D()(heard), keras.layers.GlobalMaxPooling1D()(states)])
    x = keras.layers.LayerNormalization()(x)
    return keras.Model(frames, keras.layers.Dense(n_classes, activation="softmax")(x))
