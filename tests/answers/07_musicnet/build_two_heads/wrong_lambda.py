# wrong: a Lambda layer for the pooling, which no grader can be sent
# message: Lambda
def build_two_heads(input_shape, n_composers, n_instruments, learning_rate):
    inputs = keras.Input(input_shape)
    x = keras.layers.Conv1D(32, 5, activation="relu")(inputs)
    x = keras.layers.Lambda(lambda h: keras.ops.mean(h, axis=1), output_shape=(32,))(x)
    composer = keras.layers.Dense(n_composers, activation="softmax", name="composer")(x)
    instruments = keras.layers.Dense(n_instruments, activation="sigmoid", name="instruments")(x)
    model = keras.Model(inputs, [composer, instruments])
    losses = {"composer": "sparse_categorical_crossentropy", "instruments": "binary_crossentropy"}
    model.compile(keras.optimizers.Adam(learning_rate), loss=losses)
    return model
