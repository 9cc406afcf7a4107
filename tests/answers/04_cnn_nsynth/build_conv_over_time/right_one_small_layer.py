def build_conv_over_time(n_frames, n_mels, n_classes):
    # The smallest network that does all that is asked.
    model = keras.Sequential()
    model.add(keras.layers.Conv1D(8, 2, activation="relu", input_shape=(n_frames, n_mels)))
    model.add(keras.layers.GlobalMaxPooling1D())
    model.add(keras.layers.Dense(n_classes, activation="softmax"))
    return model
