# wrong: only the first half of the clip is heard
# message: part of the clip is not heard
def build_conv_over_time(n_frames, n_mels, n_classes):
    model = keras.Sequential([keras.Input((n_frames, n_mels)), keras.layers.Cropping1D((0, n_frames - n_frames // 2))])
    for filters in (64, 64, 96):
        model.add(keras.layers.Conv1D(filters, 5, padding="same", activation="relu"))
        model.add(keras.layers.MaxPooling1D(2))
    model.add(keras.layers.GlobalAveragePooling1D())
    model.add(keras.layers.Dense(n_classes, activation="softmax"))
    return model
