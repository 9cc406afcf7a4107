# wrong: the report's fault: the network stays inside a function that returns nothing
# message: (compile|None|missing)
def make_models(n_features, n_classes, rates, seed):
    def set_up_model(rate):
        keras.utils.set_random_seed(seed)
        model = keras.Sequential(
            [
                keras.Input(shape=(n_features,)),
                keras.layers.Dense(256, activation="sigmoid"),
                keras.layers.Dense(n_classes, activation="softmax"),
            ]
        )
        optimizer = keras.optimizers.Adam(learning_rate=rate)
        model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])

    models = {}
    for rate in rates:
        models[rate] = set_up_model(rate)
    return models
