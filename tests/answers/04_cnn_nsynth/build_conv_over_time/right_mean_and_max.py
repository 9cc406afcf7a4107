from tensorflow.keras import layers, Model


def build_conv_over_time(n_frames, n_mels, n_classes):
    clip = layers.Input((n_frames, n_mels))
    h = layers.Conv1D(64, 7, strides=2, activation="relu", padding="same")(clip)
    h = layers.Conv1D(64, 5, activation="relu", padding="same")(h)
    both = layers.Concatenate()([layers.GlobalAveragePooling1D()(h), layers.GlobalMaxPooling1D()(h)])
    return Model(clip, layers.Dense(n_classes, activation="softmax")(both))
