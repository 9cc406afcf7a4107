# wrong: rectified units in place of the sigmoid units of the report
# message: should be sigmoid units
def make_models(n_features, n_classes, rates, seed):
    models = {}
    for rate in rates:
        keras.utils.set_random_seed(seed)
        models[rate] = keras.Sequential([
            keras.Input((n_features,)),
            keras.layers.Dense(256, activation="relu"),
            keras.layers.Dense(n_classes, activation="softmax"),
        ])
        models[rate].compile(keras.optimizers.Adam(rate), "categorical_crossentropy", metrics=["accuracy"])
    return models
