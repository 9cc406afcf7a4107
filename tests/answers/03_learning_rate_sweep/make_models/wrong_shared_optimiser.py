# wrong: one optimiser for all networks, its rate set anew
# message: learning rate of the optimiser in the model for
def make_models(n_features, n_classes, rates, seed):
    optimizer = keras.optimizers.Adam()
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
        optimizer.learning_rate = rate
        model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
        models[rate] = model
    return models
