# wrong: a Lambda layer, which no grader can be sent
# message: Lambda
def build_conv_over_time(n_frames, n_mels, n_classes):
    model = keras.Sequential([keras.Input((n_frames, n_mels))])
    for filters in (64, 64, 96):
        model.add(keras.layers.Conv1D(filters, 5, padding="same", activation="relu"))
    model.add(keras.layers.Lambda(lambda x: keras.ops.mean(x, axis=1)))
    model.add(keras.layers.Dense(n_classes, activation="softmax"))
    return model
