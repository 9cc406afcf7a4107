# wrong: a Lambda layer around the old network, which no grader can be sent
# message: Lambda
def build_transfer(stage1, n_labels, learning_rate):
    hidden = keras.Model(stage1.input, stage1.layers[-2].output)
    hidden.trainable = False
    model = keras.Sequential([
        keras.Input(stage1.input_shape[1:]),
        keras.layers.Lambda(lambda x: hidden(x, training=False)),
        keras.layers.Dense(n_labels, activation="sigmoid"),
    ])
    model.compile(keras.optimizers.Adam(learning_rate), "binary_crossentropy")
    return model
