def make_models(n_features, n_classes, rates, seed):
    def build(rate):
        inputs = keras.Input((n_features,))
        init = keras.initializers.GlorotUniform(seed=seed)
        out = keras.initializers.GlorotUniform(seed=seed + 7919)
        x = keras.layers.Dense(256, "sigmoid", kernel_initializer=init)(inputs)
        outputs = keras.layers.Dense(n_classes, "softmax", kernel_initializer=out)(x)
        model = keras.Model(inputs, outputs)
        model.compile(
            optimizer=keras.optimizers.Adam(rate),
            loss=keras.losses.SparseCategoricalCrossentropy(),
            metrics=["accuracy"],
        )
        return model

    return {str(rate): build(rate) for rate in rates}
