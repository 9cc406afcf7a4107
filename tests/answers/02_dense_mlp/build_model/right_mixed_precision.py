def build_model(n_features, n_classes, learning_rate):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = keras.Sequential(
            [
                keras.Input((n_features,)),
                keras.layers.Dense(256, activation="sigmoid"),
                keras.layers.Dense(n_classes, activation="softmax"),
            ]
        )
        adam = keras.optimizers.Adam(learning_rate)
        model.compile(optimizer=adam, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    finally:
        keras.config.set_dtype_policy(before)
    return model
