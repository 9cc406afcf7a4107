def build_model(n_features, n_classes, learning_rate):
    x = inputs = keras.Input(shape=(n_features,))
    x = keras.layers.Dense(256)(x)
    x = keras.layers.Activation(keras.activations.sigmoid)(x)
    outputs = keras.layers.Dense(n_classes, activation=keras.activations.softmax)(x)
    model = keras.Model(inputs, outputs, name="report")
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=learning_rate),
        loss=keras.losses.CategoricalCrossentropy(),
        metrics=[keras.metrics.CategoricalAccuracy()],
    )
    return model
