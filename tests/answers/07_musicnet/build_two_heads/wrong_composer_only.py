# wrong: one head only, for the composer
# message: one head only
def build_two_heads(input_shape, n_composers, n_instruments, learning_rate):
    model = keras.Sequential([
        keras.Input(input_shape),
        keras.layers.Conv1D(32, 5, activation="relu"),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_composers, activation="softmax", name="composer"),
    ])
    model.compile(keras.optimizers.Adam(learning_rate), loss="sparse_categorical_crossentropy")
    return model
