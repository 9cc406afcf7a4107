import pandas as pd


def label_set_dummy(Y_train, Y_test):
    frame = pd.DataFrame(np.asarray(Y_train).astype(int))
    sizes = frame.groupby(list(frame.columns)).size()
    best = np.array(sizes.idxmax())
    return float((np.asarray(Y_test).astype(int) == best).all(axis=1).mean())
