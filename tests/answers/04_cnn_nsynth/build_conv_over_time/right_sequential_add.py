def build_conv_over_time(n_frames, n_mels, n_classes):
    model = keras.models.Sequential()
    model.add(keras.layers.Input(shape=(n_frames, n_mels)))
    model.add(keras.layers.Conv1D(filters=48, kernel_size=3, activation="relu"))
    model.add(keras.layers.MaxPooling1D(pool_size=2))
    model.add(keras.layers.Conv1D(filters=64, kernel_size=3, activation="relu"))
    model.add(keras.layers.GlobalMaxPooling1D())
    model.add(keras.layers.Dropout(0.3))
    model.add(keras.layers.Dense(n_classes, activation="softmax"))
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
