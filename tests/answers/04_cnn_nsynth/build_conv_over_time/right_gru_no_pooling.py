def build_conv_over_time(n_frames, n_mels, n_classes):
    clip = keras.Input((n_frames, n_mels))
    x = keras.layers.Conv1D(32, 3, padding="same", activation="relu")(clip)
    x = keras.layers.GRU(32)(x)
    return keras.Model(clip, keras.layers.Dense(n_classes, activation="softmax")(x))
