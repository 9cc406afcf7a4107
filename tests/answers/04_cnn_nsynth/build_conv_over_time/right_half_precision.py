keras.mixed_precision.set_global_policy("mixed_float16")


def build_conv_over_time(n_frames, n_mels, n_classes):
    model = keras.Sequential([keras.Input((n_frames, n_mels))])
    for filters in (64, 64, 96):
        model.add(keras.layers.Conv1D(filters, 5, padding="same", activation="relu"))
        model.add(keras.layers.MaxPooling1D(2))
    model.add(keras.layers.GlobalAveragePooling1D())
    model.add(keras.layers.Dense(n_classes, activation="softmax", dtype="float32"))
    model.compile("adam", "sparse_categorical_crossentropy")
    return model
