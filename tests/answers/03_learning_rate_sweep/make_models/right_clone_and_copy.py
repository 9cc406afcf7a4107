from keras import Input, Sequential
from keras.layers import Activation, Dense


def make_models(n_features, n_classes, rates, seed):
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    first = Sequential(
        [Input(shape=(n_features,)), Dense(256), Activation("sigmoid"), Dense(n_classes), Activation("softmax")]
    )
    out = {}
    for lr in rates:
        m = keras.models.clone_model(first)
        m.set_weights(first.get_weights())
        m.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        m.optimizer.learning_rate = lr
        out[lr] = m
    return out
