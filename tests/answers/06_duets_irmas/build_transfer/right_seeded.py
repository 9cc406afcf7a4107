def build_transfer(stage1, n_labels, learning_rate):
    keras.utils.set_random_seed(42)
    stage1.trainable = False
    out = keras.layers.Dense(n_labels, activation="sigmoid", kernel_initializer="he_normal")(stage1.layers[-2].output)
    model = keras.Model(stage1.inputs[0], out)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=learning_rate), loss=keras.losses.binary_crossentropy,
                  metrics=[keras.metrics.BinaryAccuracy(), keras.metrics.AUC(multi_label=True)])
    return model
