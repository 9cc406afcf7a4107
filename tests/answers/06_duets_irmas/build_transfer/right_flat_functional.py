def build_transfer(stage1, n_labels, learning_rate):
    for layer in stage1.layers:
        layer.trainable = False
    features = stage1.layers[-2].output
    outputs = keras.layers.Dense(n_labels, activation="sigmoid", name="instruments")(features)
    model = keras.Model(inputs=stage1.inputs, outputs=outputs)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=learning_rate),
                  loss=keras.losses.BinaryCrossentropy(), metrics=["binary_accuracy"])
    return model
