# wrong: a branch whose output is multiplied by zero
# message: never takes part in the output
def build_conv_over_time(n_frames, n_mels, n_classes):
    clip = keras.Input((n_frames, n_mels))
    h = keras.layers.Conv1D(48, 5, activation="relu")(clip)
    lost = keras.layers.Conv1D(48, 5, activation="relu")(h)
    lost = keras.layers.GlobalAveragePooling1D()(lost)
    lost = keras.layers.Rescaling(0.0)(lost)
    kept = keras.layers.GlobalAveragePooling1D()(h)
    both = keras.layers.Concatenate()([kept, lost])
    return keras.Model(clip, keras.layers.Dense(n_classes, activation="softmax")(both))
