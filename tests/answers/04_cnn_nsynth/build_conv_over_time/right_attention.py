def build_conv_over_time(n_frames, n_mels, n_classes):
    clip = keras.Input((n_frames, n_mels))
    x = keras.layers.Conv1D(48, 5, padding="same", activation="gelu")(clip)
    x = keras.layers.MaxPooling1D(4)(x)
    x = keras.layers.Add()([x, keras.layers.MultiHeadAttention(2, 16)(x, x)])
    x = keras.layers.AdditiveAttention()([x, x])
    x = keras.layers.GlobalAveragePooling1D()(x)
    return keras.Model(clip, keras.layers.Dense(n_classes, activation="softmax")(x))
