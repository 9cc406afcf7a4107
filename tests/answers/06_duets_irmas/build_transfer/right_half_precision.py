keras.mixed_precision.set_global_policy("mixed_float16")


def build_transfer(stage1, n_labels, learning_rate):
    trunk = keras.Model(stage1.input, stage1.layers[-2].output)
    trunk.trainable = False
    clip = keras.Input(stage1.input_shape[1:])
    out = keras.layers.Dense(n_labels, activation="sigmoid", dtype="float32")(trunk(clip, training=False))
    model = keras.Model(clip, out)
    model.compile(keras.optimizers.Adam(learning_rate), "binary_crossentropy", metrics=["accuracy"])
    return model
