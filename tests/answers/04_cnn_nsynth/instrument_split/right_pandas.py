def instrument_split(instruments, families, test_share, seed):
    table = pd.DataFrame({"instrument": instruments, "family": families})
    names = table.drop_duplicates().sort_values("instrument").sample(frac=1, random_state=seed)
    names["place"] = names.groupby("family").cumcount()
    names["n"] = names.groupby("family")["instrument"].transform("size")
    n_test = np.ceil(test_share * names["n"]).clip(1, None)
    n_test = np.minimum(n_test, names["n"] - 1)
    test_names = names.loc[names["place"] < n_test, "instrument"]
    in_test = table["instrument"].isin(test_names).to_numpy()
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)
