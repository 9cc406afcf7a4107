# wrong: the networks are not compiled
# message: compile each model
def make_models(n_features, n_classes, rates, seed):
    models = {}
    for place, rate in enumerate(rates):
        keras.utils.set_random_seed(seed)
        model = keras.Sequential(
            [
                keras.Input(shape=(n_features,)),
                keras.layers.Dense(256, activation="sigmoid"),
                keras.layers.Dense(n_classes, activation="softmax"),
            ]
        )
        models[rate] = model
    return models
